// What a compile begins with.
#ifndef MOBILEONE_COMPILER_DRIVER_LOAD_H
#define MOBILEONE_COMPILER_DRIVER_LOAD_H

#include "compiler/Import/Importer.h"
#include "llvm/Support/SourceMgr.h"

namespace mobileone {

/// Reads `input`, whose identifier is its name in errors: a checkpoint, as
/// `options` say, or IR as text or bytecode, of which `options` say nothing.
/// IR is given to `sources`, by which a handler can show the lines that errors
/// point to; resources that it names and does not hold come from the checkpoint
/// `tensors`, if that is not empty. Null after an error.
mlir::OwningOpRef<mlir::ModuleOp>
load(std::unique_ptr<llvm::MemoryBuffer> input, const ImportOptions &options,
     llvm::StringRef tensors, const std::shared_ptr<llvm::SourceMgr> &sources,
     mlir::MLIRContext *context);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_DRIVER_LOAD_H
