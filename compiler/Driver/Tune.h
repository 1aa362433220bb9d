// Tunes a network's schedules for this machine.
#ifndef MOBILEONE_COMPILER_DRIVER_TUNE_H
#define MOBILEONE_COMPILER_DRIVER_TUNE_H

#include "compiler/Driver/CompileHooks.h"

namespace mobileone {

/// Times the kernels of `module`, linalg on tensors, gives each its fastest
/// schedule, and returns these as the text of a file for --schedule.
mlir::FailureOr<std::string> tune(mlir::ModuleOp module, const IsaLevel &level,
                                  Algorithm algorithm, CompileHooks &hooks);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_DRIVER_TUNE_H
