// Finds the schedules that are fastest on the machine that this runs on.
#ifndef MOBILEONE_COMPILER_TUNING_TUNESCHEDULES_H
#define MOBILEONE_COMPILER_TUNING_TUNESCHEDULES_H

#include "compiler/Machine/IsaLevel.h"
#include "compiler/Schedule/Algorithm.h"
#include "mlir/IR/BuiltinOps.h"

namespace mobileone {

/// A kernel and what was found.
struct TunedKernel {
  mlir::StringAttr name;
  /// The schedules as a file names them.
  mlir::ArrayAttr schedules;
  unsigned calls;        // in the network
  double modelSeconds;   // per call, as the model of a core chooses
  double fastestSeconds; // per call, as `schedules` say
};

/// Times schedules of every kernel that the network in `module`, as linalg on
/// tensors, calls. A kernel's schedule is the model's unless another one is
/// faster by more than the noise. Says before each kernel how many are done, of
/// how many.
mlir::FailureOr<llvm::SmallVector<TunedKernel>>
tuneSchedules(mlir::ModuleOp module, const IsaLevel &level, Algorithm algorithm,
              llvm::function_ref<void(size_t done, size_t count)> progress);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_TUNING_TUNESCHEDULES_H
