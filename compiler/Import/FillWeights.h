// Weights of IR that stand in a file of their own.
#ifndef MOBILEONE_COMPILER_IMPORT_FILLWEIGHTS_H
#define MOBILEONE_COMPILER_IMPORT_FILLWEIGHTS_H

#include "mlir/IR/BuiltinOps.h"

namespace mobileone {

/// Gives every resource in `module` that has a name and no data the tensor of
/// this name in the checkpoint `path`, whose shape it has, apart from
/// dimensions of 1 at the end. The module need not be verified yet. On any
/// fault emits one error.
mlir::LogicalResult fillWeights(mlir::ModuleOp module, llvm::StringRef path);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_FILLWEIGHTS_H
