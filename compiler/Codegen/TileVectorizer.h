// Vector code for one register tile of a chain of linalg ops.
#ifndef MOBILEONE_COMPILER_CODEGEN_TILEVECTORIZER_H
#define MOBILEONE_COMPILER_CODEGEN_TILEVECTORIZER_H

#include "compiler/Codegen/Products.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace mobileone {

/// Computes one tile of the chain that `root` ends. `base` is its first index
/// in each dimension of the chain's contraction, 0 along the depth.
class TileVectorizer {
public:
  TileVectorizer(mlir::ImplicitLocOpBuilder &builder,
                 mlir::linalg::LinalgOp root,
                 llvm::ArrayRef<mlir::OpFoldResult> base, const PerLoop &tile,
                 const Schedule &schedule, const IsaLevel &level);

  /// Writes the tile into `destination` and returns what it became.
  mlir::Value write(mlir::Value destination);

private:
  /// One vector per point of the tile.
  using Points = llvm::SmallVector<mlir::Value>;

  /// What `op` finds in its output operand comes from `destination` where that
  /// is given.
  Points evaluate(mlir::linalg::LinalgOp op, mlir::Value destination = {});
  Points evaluateOperand(mlir::OpOperand &operand,
                         mlir::Value destination = {});
  /// Accumulates over the depth's loop number `index` and those inside of it;
  /// `place` is where the loops outside of it are.
  Points reduce(mlir::linalg::LinalgOp op, Points sums, Products &products,
                TileReader &place, unsigned index = 0);
  /// Makes `loop`, over the steps of the matrix product `op`, fetch weights of
  /// the next panels, a line in each iteration.
  void prefetch(mlir::linalg::LinalgOp op, mlir::scf::ForOp loop);
  /// The same for `source`, a tensor like the weights that `op` does not use.
  void prefetchNext(mlir::linalg::LinalgOp op, mlir::Value source,
                    mlir::scf::ForOp loop);

  mlir::ImplicitLocOpBuilder &b;
  mlir::linalg::LinalgOp root;
  PerLoop tile;
  const Schedule &schedule;
  const IsaLevel &level;
  TileReader reader;
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CODEGEN_TILEVECTORIZER_H
