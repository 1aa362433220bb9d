// Vector code for one register tile of a chain of linalg ops.
#ifndef MOBILEONE_COMPILER_CODEGEN_TILEVECTORIZER_H
#define MOBILEONE_COMPILER_CODEGEN_TILEVECTORIZER_H

#include "compiler/Schedule/Schedule.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

#include <map>
#include <vector>

namespace mobileone {

/// Computes one tile: `base` is its first index and `tile` its size in each
/// parallel dimension; the last of them is the lanes of one vector.
class TileVectorizer {
public:
  TileVectorizer(mlir::ImplicitLocOpBuilder &builder,
                 llvm::ArrayRef<mlir::OpFoldResult> base,
                 llvm::ArrayRef<int64_t> tile, const Schedule &schedule);

  /// Writes the tile of `root` into `destination` and returns what it became.
  mlir::Value write(mlir::linalg::LinalgOp root, mlir::Value destination);

private:
  using Points = llvm::SmallVector<mlir::Value>;
  /// A value and its index, as affine expressions of the bases.
  using Key = std::pair<void *, std::vector<const void *>>;

  /// One vector per point of the tile, in row-major order. What `op` finds in
  /// its output operand comes from `destination` where that is given.
  Points evaluate(mlir::linalg::LinalgOp op, mlir::Value destination = {});
  Points evaluateOperand(mlir::OpOperand &operand, mlir::Value tensor);
  /// Accumulates over reduction dimension `dim` and those after it.
  Points reduce(mlir::linalg::LinalgOp op, Points sums, unsigned dim);
  Points accumulate(mlir::linalg::LinalgOp op, Points sums);
  /// Makes `loop`, over the steps of the matrix product `op`, fetch weights of
  /// the next panels, a line in each iteration.
  void prefetch(mlir::linalg::LinalgOp op, mlir::scf::ForOp loop);

  /// The operand's vector at the point `offsets` behind the base. A scalar
  /// that all lanes share is broadcast.
  mlir::Value read(mlir::Value source, mlir::AffineMap map,
                   llvm::ArrayRef<int64_t> offsets);
  /// The same of a scalar that stands in one vector with the pixel's scalars of
  /// the other unrolled steps. `offsets` ends with the step.
  mlir::Value readElement(mlir::Value source, mlir::AffineMap map,
                          llvm::ArrayRef<int64_t> offsets);
  mlir::Value cloneBody(mlir::linalg::LinalgOp op, mlir::ValueRange operands);
  Key getKey(mlir::Value source, llvm::ArrayRef<mlir::AffineExpr> exprs);
  /// Indices of `map` at `offsets` behind the bases, dims standing for bases.
  llvm::SmallVector<mlir::AffineExpr>
  getIndexExprs(mlir::AffineMap map, llvm::ArrayRef<int64_t> offsets);
  llvm::SmallVector<mlir::Value>
  getIndices(llvm::ArrayRef<mlir::AffineExpr> exprs);

  mlir::ImplicitLocOpBuilder &b;
  /// First index per dimension; reduction dimensions follow while they run.
  llvm::SmallVector<mlir::OpFoldResult> base;
  llvm::SmallVector<int64_t> tile;
  const Schedule &schedule;
  /// Offsets of every point, the lane dimension always 0.
  llvm::SmallVector<llvm::SmallVector<int64_t>> points;
  /// What was read in this step of the reduction, or in this tile of a window.
  std::map<Key, mlir::Value> reads;
  /// Vectors of steps in all that are unrolled.
  std::map<Key, mlir::Value> rows;
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CODEGEN_TILEVECTORIZER_H
