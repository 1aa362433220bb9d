// Tile sizes and loop orders of chains of linalg ops. This folder knows cores
// and loops, but no layers: what it is told of an op are its maps and shapes.
#ifndef MOBILEONE_COMPILER_SCHEDULE_SCHEDULE_H
#define MOBILEONE_COMPILER_SCHEDULE_SCHEDULE_H

#include "compiler/Conversion/MobileOneToLinalg/KernelFunction.h"
#include "compiler/Machine/IsaLevel.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mobileone {

/// Units that a kernel should have for workers to share.
inline constexpr int64_t kUnits = 8;

/// Shares of a kernel for each worker: so many that one that comes late or is
/// interrupted leaves some to the others, and so few that each is worth taking.
inline constexpr int64_t kSharesPerWorker = 3;

/// The attribute of the op that ends a chain.
inline constexpr llvm::StringLiteral kScheduleAttr = "mobileone.schedule";

/// How the loops of one chain of linalg ops run. Dimensions are those of the
/// kernel's linalg op: first the parallel ones, the last of which is the vector
/// lanes.
struct Schedule {
  /// Size of the register tile in each parallel dimension.
  llvm::SmallVector<int64_t> tile;
  /// Parallel dimensions from the outermost loop to the innermost.
  llvm::SmallVector<int64_t> order;
  /// Steps of each reduction dimension that one iteration unrolls; where it is
  /// less than the extent there is a loop.
  llvm::SmallVector<int64_t> reductionTile;
  /// Keep what an inner loop does not change in registers across it.
  bool hoistInvariants = false;
  /// Of a matrix: fetch the next panels' weights while these are multiplied.
  bool prefetch = false;
  /// Of a matrix: read what a pixel has for all unrolled steps as one vector,
  /// whose elements are multiplied by those of the weights.
  bool byElement = false;
  /// The parallel dimension whose tiles several workers share; none where one
  /// worker does it all. Where the loop over panels is outside of that over
  /// rows, a row tile is shared panel by panel, too.
  std::optional<int64_t> split;

  /// Tiles along a parallel dimension of `op`.
  int64_t countTiles(mlir::linalg::LinalgOp op, int64_t dim) const;
  /// Units of work in a tile along the dimension to split: one, or one for each
  /// tile along the panels.
  int64_t countUnitsPerTile(mlir::linalg::LinalgOp op) const;

  bool operator==(const Schedule &other) const;
  mlir::DictionaryAttr toAttr(mlir::MLIRContext *context) const;
  /// Fails, with an error at `op`, where the attribute is missing or does not
  /// fit the op.
  static mlir::FailureOr<Schedule> fromAttr(mlir::linalg::LinalgOp op);
  /// The same for a schedule that stands elsewhere.
  static mlir::FailureOr<Schedule>
  read(mlir::linalg::LinalgOp op, mlir::Attribute attr,
       llvm::function_ref<mlir::InFlightDiagnostic()> emitError);
  /// Checks that the sums of a tile are no more than the level's registers.
  mlir::LogicalResult verifyRegisters(
      mlir::linalg::LinalgOp op, const IsaLevel &level,
      llvm::function_ref<mlir::InFlightDiagnostic()> emitError) const;
};

/// The schedules of one kernel in a file.
struct KernelSchedules {
  mlir::StringAttr name;
  mlir::ArrayAttr schedules;
  /// Of a kernel that works in bands. A comment: a file cannot change it.
  int64_t bandRows = 0;
};

/// Stands first in a file of schedules, before the level's name.
inline constexpr llvm::StringLiteral kSchedulesOf = "// Schedules for ";

/// Writes a file of schedules.
void writeSchedules(llvm::raw_ostream &os,
                    llvm::ArrayRef<KernelSchedules> kernels);

/// Whether the value that `operand`'s owner reads is computed by a linalg op at
/// the very same point, so that it can stay in a register.
bool isComputedInPlace(mlir::OpOperand &operand);

/// Whether `op` ends a chain of ops that are computed in place.
bool isChainEnd(mlir::linalg::LinalgOp op);

/// What the chain that `root` ends is written into.
mlir::Value getDestination(mlir::linalg::LinalgOp root);

/// Whether `op` is a contraction of vectors by vectors, lane by lane
/// (depthwise): neighbouring results share what they read.
bool isSlidingWindow(mlir::linalg::LinalgOp op);

/// Whether `op` is a product of pixels by a matrix [panel][step][lane].
bool isMatrixProduct(mlir::linalg::LinalgOp op);

/// Whether the unrolled steps of a pixel of `op`, a matrix product, lie side by
/// side in memory.
bool readsStepsInRow(mlir::linalg::LinalgOp op, const Schedule &schedule);

/// The op with a reduction in the chain that `op` ends, or `op` itself.
mlir::linalg::LinalgOp findContraction(mlir::linalg::LinalgOp op);

/// Checks that `op` is what schedules are for: static tensors of floats or
/// bytes, one output, parallel dimensions first, the last of them lying side by
/// side in memory, and arithmetic that vectors can do. An error otherwise.
mlir::LogicalResult verifyKernelOp(mlir::linalg::LinalgOp op);

/// Schedules of the chain that `op`, verified, ends: by the model of a core the
/// best one first, then others with the same loops, at most a quarter slower.
llvm::SmallVector<Schedule> rankSchedules(mlir::linalg::LinalgOp op,
                                          const IsaLevel &level);

/// Schedules with the tile of `schedule` and other loops.
llvm::SmallVector<Schedule> getLoopVariants(mlir::linalg::LinalgOp op,
                                            const Schedule &schedule);

/// The chain of `kernel` whose tiles workers may share, by its last op; null
/// where there is more to do than this and zeros beside its result.
mlir::linalg::LinalgOp findSplitOp(mlir::func::FuncOp kernel);

/// The dimension of which workers would share the tiles: rows of pixels or,
/// where these are few, panels of channels.
int64_t getSplitDim(mlir::linalg::LinalgOp op);

/// That dimension, if `op` takes so long that sharing it pays.
std::optional<int64_t> chooseSplit(mlir::linalg::LinalgOp op,
                                   const Schedule &schedule,
                                   const IsaLevel &level);

/// The ops of `kernel` whose schedules a file names: the ends of chains with a
/// reduction, or of all chains where none has one.
llvm::SmallVector<mlir::linalg::LinalgOp>
getScheduledOps(mlir::func::FuncOp kernel);

/// One run of equal tiles along a dimension.
struct Segment {
  int64_t start, tile, count;
};

/// Splits `extent` into the fewest tiles of at most `tile`, of sizes that
/// differ by one at most, so that no small remainder is left.
llvm::SmallVector<Segment> splitEvenly(int64_t extent, int64_t tile);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_SCHEDULE_SCHEDULE_H
