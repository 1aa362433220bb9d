// Tile sizes and loop orders: the one place that chooses them.
#ifndef MOBILEONE_COMPILER_CODEGEN_SCHEDULE_H
#define MOBILEONE_COMPILER_CODEGEN_SCHEDULE_H

#include "compiler/Codegen/IsaLevel.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mobileone {

/// How the loops of one kernel run. Dimensions are those of the kernel's
/// linalg op: first the parallel ones, the last of which is the vector lanes.
struct Schedule {
  /// Size of the register tile in each parallel dimension.
  llvm::SmallVector<int64_t> tile;
  /// Parallel dimensions from the outermost loop to the innermost.
  llvm::SmallVector<unsigned> order;
  /// Steps of each reduction dimension that one iteration unrolls; where it is
  /// less than the extent there is a loop.
  llvm::SmallVector<int64_t> reductionTile;
  /// Keep what an inner loop does not change in registers across it.
  bool hoistInvariants = false;
};

/// The schedule of `op`, an op of static shape; for an elementwise op that
/// ends a chain, the schedule of the contraction that the chain holds.
Schedule chooseSchedule(mlir::linalg::LinalgOp op, const IsaLevel &level);

/// One run of equal tiles along a dimension.
struct Segment {
  int64_t start, tile, count;
};

/// Splits `extent` into the fewest tiles of at most `tile`, of sizes that
/// differ by one at most, so that no small remainder is left.
llvm::SmallVector<Segment> splitEvenly(int64_t extent, int64_t tile);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CODEGEN_SCHEDULE_H
