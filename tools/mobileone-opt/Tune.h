// Tunes a network's schedules for this machine.
#ifndef MOBILEONE_TOOLS_MOBILEONE_OPT_TUNE_H
#define MOBILEONE_TOOLS_MOBILEONE_OPT_TUNE_H

#include "compiler/Codegen/IsaLevel.h"
#include "mlir/IR/BuiltinOps.h"

namespace mobileone {

/// Times the kernels of `module`, linalg on tensors, and writes the fastest
/// schedules into `file`; after an error there is none.
mlir::LogicalResult tune(mlir::ModuleOp module, const IsaLevel &level,
                         llvm::StringRef file);

} // namespace mobileone

#endif // MOBILEONE_TOOLS_MOBILEONE_OPT_TUNE_H
