// Schedules as attributes, and whether they fit an op.
#ifndef MOBILEONE_COMPILER_SCHEDULE_VERIFYSCHEDULE_H
#define MOBILEONE_COMPILER_SCHEDULE_VERIFYSCHEDULE_H

#include "compiler/Machine/IsaLevel.h"
#include "compiler/Schedule/Schedule.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mobileone {

mlir::DictionaryAttr toAttr(const Schedule &schedule,
                            mlir::MLIRContext *context);

/// The schedule at `op`, which ends a chain of verified ops. Fails, with an
/// error at `op`, where there is none or one that does not fit the op.
mlir::FailureOr<Schedule> getSchedule(mlir::linalg::LinalgOp op);

/// The same for a schedule that stands elsewhere.
mlir::FailureOr<Schedule>
readSchedule(mlir::linalg::LinalgOp op, mlir::Attribute attr,
             llvm::function_ref<mlir::InFlightDiagnostic()> emitError);

/// Checks that the sums of a tile are no more than the level's registers.
mlir::LogicalResult
verifyRegisters(mlir::linalg::LinalgOp op, const Schedule &schedule,
                const IsaLevel &level,
                llvm::function_ref<mlir::InFlightDiagnostic()> emitError);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_SCHEDULE_VERIFYSCHEDULE_H
