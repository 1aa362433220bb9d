// Compiles kernels alone and links them into this process.
#ifndef MOBILEONE_COMPILER_TUNING_COMPILEKERNELS_H
#define MOBILEONE_COMPILER_TUNING_COMPILEKERNELS_H

#include "compiler/Execution/LinkedObject.h"
#include "compiler/Machine/IsaLevel.h"
#include "mlir/IR/BuiltinOps.h"

namespace mobileone {

/// The name of the function that calls the kernel `name` with an array of
/// pointers to its buffers.
std::string getPackedName(llvm::StringRef name);

/// Takes `module`, of kernels as linalg on tensors, through the rest of the
/// compiler. Prints what is wrong after an error.
mlir::FailureOr<LinkedObject> compileKernels(mlir::ModuleOp module,
                                             const IsaLevel &level);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_TUNING_COMPILEKERNELS_H
