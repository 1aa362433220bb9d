// Which dimension of a linalg op is which loop: the one place that knows.
#ifndef MOBILEONE_COMPILER_SCHEDULE_LOOPDIMS_H
#define MOBILEONE_COMPILER_SCHEDULE_LOOPDIMS_H

#include "compiler/Schedule/LoopNest.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mobileone {

/// The dimensions of an op that `verifyKernelOp` accepts. The last one of its
/// result is the lanes, the one before the panels, those before are the pixels,
/// and what the result does not have is the depth. All ops of a chain have the
/// same dimensions but for the depth.
class LoopDims {
public:
  explicit LoopDims(mlir::linalg::LinalgOp op);

  unsigned getNumDims() const { return loops.size(); }
  unsigned getDim(Loop loop) const;
  /// `values`, one for each dimension, by loop; and back.
  PerLoop toLoops(llvm::ArrayRef<int64_t> values) const;
  llvm::SmallVector<int64_t> toDims(const PerLoop &values) const;

private:
  llvm::SmallVector<Loop> loops; // of each dimension
};

/// The dimension of `op` that is a group: four steps of the depth that one
/// product of bytes takes, an input's last and behind the lanes of the weights,
/// the second of two inputs. None where `op` is not such a product.
std::optional<unsigned> findGroup(mlir::linalg::LinalgOp op);

/// How far the loops of `op`, verified, run.
PerLoop getExtents(mlir::linalg::LinalgOp op);

/// What `op`, verified, reads and computes.
LoopNest getLoopNest(mlir::linalg::LinalgOp op);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_SCHEDULE_LOOPDIMS_H
