// Whether a schedule fits an op.
#ifndef MOBILEONE_COMPILER_SCHEDULE_VERIFYSCHEDULE_H
#define MOBILEONE_COMPILER_SCHEDULE_VERIFYSCHEDULE_H

#include "compiler/Machine/IsaLevel.h"
#include "dialect/IR/MobileOneAttrs.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mobileone {

/// The level called `name`; an error at `loc` that names all if there is none.
mlir::FailureOr<const IsaLevel *> getIsaLevel(mlir::Location loc,
                                              llvm::StringRef name);

/// The schedule at `op`, which ends a chain of verified ops. Fails, with an
/// error at `op`, where there is none or one that does not fit the op.
mlir::FailureOr<Schedule> getSchedule(mlir::linalg::LinalgOp op);

/// Checks that a schedule, in itself well-formed, fits the chain that `op`
/// ends.
mlir::LogicalResult
verifySchedule(mlir::linalg::LinalgOp op, const Schedule &schedule,
               llvm::function_ref<mlir::InFlightDiagnostic()> emitError);

/// Checks that the sums of a tile are no more than the level's registers.
mlir::LogicalResult
verifyRegisters(mlir::linalg::LinalgOp op, const Schedule &schedule,
                const IsaLevel &level,
                llvm::function_ref<mlir::InFlightDiagnostic()> emitError);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_SCHEDULE_VERIFYSCHEDULE_H
