// Vector code for one register tile of a chain of linalg ops.
#ifndef MOBILEONE_COMPILER_CODEGEN_TILEVECTORIZER_H
#define MOBILEONE_COMPILER_CODEGEN_TILEVECTORIZER_H

#include "compiler/Schedule/LoopDims.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

#include <map>
#include <vector>

namespace mobileone {

/// Computes one tile of the chain that `root` ends: `base` is its first index
/// in each dimension of the chain's contraction, 0 along the depth, and `tile`
/// its size.
class TileVectorizer {
public:
  TileVectorizer(mlir::ImplicitLocOpBuilder &builder,
                 mlir::linalg::LinalgOp root,
                 llvm::ArrayRef<mlir::OpFoldResult> base, const PerLoop &tile,
                 const Schedule &schedule);

  /// Writes the tile into `destination` and returns what it became.
  mlir::Value write(mlir::Value destination);

private:
  using Points = llvm::SmallVector<mlir::Value>;
  /// A value and its index, as affine expressions of the bases.
  using Key = std::pair<void *, std::vector<const void *>>;

  /// One vector per point of the tile, in row-major order. What `op` finds in
  /// its output operand comes from `destination` where that is given.
  Points evaluate(mlir::linalg::LinalgOp op, mlir::Value destination = {});
  Points evaluateOperand(mlir::OpOperand &operand, mlir::Value tensor);
  /// Accumulates over the depth's loop number `index` and those inside.
  Points reduce(mlir::linalg::LinalgOp op, Points sums, unsigned index = 0);
  Points accumulate(mlir::linalg::LinalgOp op, Points sums);
  /// Makes `loop`, over the steps of the matrix product `op`, fetch weights of
  /// the next panels, a line in each iteration.
  void prefetch(mlir::linalg::LinalgOp op, mlir::scf::ForOp loop);

  /// The operand's vector at the point `offset` behind the base. A scalar
  /// that all lanes share is broadcast.
  mlir::Value read(mlir::Value source, mlir::AffineMap map,
                   const PerLoop &offset);
  /// The same of a scalar that stands in one vector with the pixel's scalars of
  /// the other unrolled steps.
  mlir::Value readElement(mlir::Value source, mlir::AffineMap map,
                          const PerLoop &offset);
  mlir::Value cloneBody(mlir::linalg::LinalgOp op, mlir::ValueRange operands);
  Key getKey(mlir::Value source, llvm::ArrayRef<mlir::AffineExpr> exprs);
  /// Indices of `map` at `offset` behind the bases, dims standing for bases.
  llvm::SmallVector<mlir::AffineExpr> getIndexExprs(mlir::AffineMap map,
                                                    const PerLoop &offset);
  llvm::SmallVector<mlir::Value>
  getIndices(llvm::ArrayRef<mlir::AffineExpr> exprs);

  mlir::ImplicitLocOpBuilder &b;
  mlir::linalg::LinalgOp root;
  LoopDims dims;
  /// First index in each dimension; along the depth where its loops are.
  llvm::SmallVector<mlir::OpFoldResult> base;
  PerLoop tile;
  const Schedule &schedule;
  /// Offset of every vector of the tile.
  llvm::SmallVector<PerLoop> points;
  /// What was read in this step of the reduction, or in this tile of a window.
  std::map<Key, mlir::Value> reads;
  /// Vectors of steps in all that are unrolled.
  std::map<Key, mlir::Value> rows;
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CODEGEN_TILEVECTORIZER_H
