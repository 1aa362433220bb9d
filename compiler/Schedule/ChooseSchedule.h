// Chooses tiles and loop orders.
#ifndef MOBILEONE_COMPILER_SCHEDULE_CHOOSESCHEDULE_H
#define MOBILEONE_COMPILER_SCHEDULE_CHOOSESCHEDULE_H

#include "compiler/Machine/IsaLevel.h"
#include "compiler/Schedule/Algorithm.h"
#include "compiler/Schedule/LoopNest.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mobileone {

/// Units that a kernel should have for workers to share.
inline constexpr int64_t kUnits = 8;

/// Schedules of a kernel, which workers may share or not: by the model of a
/// core the best one first, then others with the same loops, at most a quarter
/// slower.
llvm::SmallVector<Schedule> rankSchedules(const LoopNest &nest, bool isShared,
                                          const IsaLevel &level);

/// The same for the chain that `op`, verified, ends.
llvm::SmallVector<Schedule> rankSchedules(mlir::linalg::LinalgOp op,
                                          const IsaLevel &level);

/// Schedules by Strassen's algorithm for the chain that `op`, verified, ends,
/// likewise; none where it is no matrix product alone in its kernel, has no
/// halves or, with two levels, no quarters, or weights that are no constants.
/// Workers share it like `classical`.
llvm::SmallVector<Schedule> rankStrassen(mlir::linalg::LinalgOp op,
                                         int64_t levels,
                                         const Schedule &classical,
                                         const IsaLevel &level);

/// The schedule of the chain that `op`, verified, ends.
Schedule chooseSchedule(mlir::linalg::LinalgOp op, const IsaLevel &level,
                        Algorithm algorithm);

/// Schedules with the tile of `schedule` and other loops.
llvm::SmallVector<Schedule> getLoopVariants(const LoopNest &nest,
                                            const Schedule &schedule);

/// The loop of which workers would share the tiles: over rows of pixels or,
/// where these are few, over panels of channels.
Loop getSplitLoop(const LoopNest &nest);

/// That loop, if the kernel takes so long that sharing it pays.
std::optional<Loop> chooseSplit(const LoopNest &nest, const Schedule &schedule,
                                const IsaLevel &level);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_SCHEDULE_CHOOSESCHEDULE_H
