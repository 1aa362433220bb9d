// Chains of linalg ops that are computed in registers, one after the other.
#ifndef MOBILEONE_COMPILER_SCHEDULE_CHAIN_H
#define MOBILEONE_COMPILER_SCHEDULE_CHAIN_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "llvm/ADT/SetVector.h"

namespace mobileone {

/// Checks that `op` is what schedules are for: static tensors of floats or
/// bytes, one output, parallel dimensions first, the last of them lying side by
/// side in memory, and arithmetic that vectors can do. An error otherwise.
mlir::LogicalResult verifyKernelOp(mlir::linalg::LinalgOp op);

/// Whether the value that `operand`'s owner reads is computed by a linalg op at
/// the very same point, so that it can stay in a register. A chain has one
/// reduction: what follows it takes its sums as `outs` or, where it makes
/// numbers of another type of them, as its first input.
bool isComputedInPlace(mlir::OpOperand &operand);

/// Whether `op` ends a chain of ops that are computed in place.
bool isChainEnd(mlir::linalg::LinalgOp op);

/// What the chain that `root` ends is written into.
mlir::Value getDestination(mlir::linalg::LinalgOp root);

/// The op with a reduction in the chain that `op` ends, or `op` itself.
mlir::linalg::LinalgOp findContraction(mlir::linalg::LinalgOp op);

/// The ops of `kernel` whose schedules a file names: the ends of chains with a
/// reduction, or of all chains where none has one.
llvm::SmallVector<mlir::linalg::LinalgOp>
getScheduledOps(mlir::func::FuncOp kernel);

/// The schedules of these, which all have one, as a file has them.
mlir::ArrayAttr getSchedules(mlir::func::FuncOp kernel);

/// A layer that multiplies an image's pixels by a matrix.
struct MatrixChain {
  mlir::linalg::LinalgOp bias;    // starts the sums: [P][16] -> [H][W][P][16]
  mlir::linalg::LinalgOp product; // [H][W][K] by [P][K][16]
  llvm::SmallVector<mlir::linalg::LinalgOp> after; // element by element
};

/// The chain that `root` ends, if it is such a layer.
std::optional<MatrixChain> matchMatrixChain(mlir::linalg::LinalgOp root);

/// Where the result of a chain lies in a tensor with a border.
struct WholeResult {
  mlir::Value before, after; // the tensor without it and with it
  int64_t row = 0, column = 0;
};

/// That of the chain that `root` ends: the destination itself or, if it is some
/// rows and columns of a tensor, into which they are put back, that tensor.
std::optional<WholeResult> findWholeResult(mlir::linalg::LinalgOp root);

/// The constants that the chain `root` ends multiplies by in the calls of its
/// kernel, of which no other op reads this argument; none where one is none.
llvm::SmallSetVector<mlir::Attribute, 8>
findMatrices(mlir::linalg::LinalgOp root);

/// The chain of `kernel` whose tiles workers may share, by its last op; null
/// where there is more to do than this and zeros beside its result.
mlir::linalg::LinalgOp findSplitOp(mlir::func::FuncOp kernel);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_SCHEDULE_CHAIN_H
