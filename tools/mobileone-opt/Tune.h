// Tunes a network's schedules for this machine.
#ifndef MOBILEONE_TOOLS_MOBILEONE_OPT_TUNE_H
#define MOBILEONE_TOOLS_MOBILEONE_OPT_TUNE_H

#include "compiler/Machine/IsaLevel.h"
#include "mlir/IR/BuiltinOps.h"

namespace mobileone {

/// Times the kernels of `module`, linalg on tensors, gives each its fastest
/// schedule, and returns these as the text of a file for --schedule.
mlir::FailureOr<std::string> tune(mlir::ModuleOp module, const IsaLevel &level);

} // namespace mobileone

#endif // MOBILEONE_TOOLS_MOBILEONE_OPT_TUNE_H
