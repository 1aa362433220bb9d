// What one register tile reads.
#ifndef MOBILEONE_COMPILER_CODEGEN_TILEREADER_H
#define MOBILEONE_COMPILER_CODEGEN_TILEREADER_H

#include "compiler/Schedule/LoopDims.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

#include <map>
#include <vector>

namespace mobileone {

/// Reads operands of a chain around one place of its loops. What was read once
/// is not read again until it is forgotten.
class TileReader {
public:
  /// `dims` are those of the chain's contraction, `base` is the first index of
  /// the tile in each of them.
  TileReader(mlir::ImplicitLocOpBuilder &builder, LoopDims dims,
             llvm::ArrayRef<mlir::OpFoldResult> base, const PerLoop &tile)
      : b(builder), dims(std::move(dims)), base(base), tile(tile) {}

  /// Inside of `loop`, which is at `start`. Knows nothing yet of what was read.
  TileReader enter(Loop loop, mlir::Value start) const;

  /// Where each vector of the tile is, in row-major order, behind the base; and
  /// each unrolled step of the depth.
  llvm::SmallVector<PerLoop> getPoints() const;
  llvm::SmallVector<PerLoop> getSteps() const;

  /// The vector at `offset` behind the base. A scalar that all lanes share is
  /// broadcast.
  mlir::Value read(mlir::Value source, mlir::AffineMap map,
                   const PerLoop &offset);
  /// The same, but a scalar is taken from a vector that holds it for all
  /// unrolled steps, which lie side by side.
  mlir::Value readElement(mlir::Value source, mlir::AffineMap map,
                          const PerLoop &offset);
  /// What stands in a group of bytes for each lane, as one i32 whose first byte
  /// is the lowest; a group that all lanes share is broadcast.
  mlir::Value readGroups(mlir::Value source, mlir::AffineMap map,
                         const PerLoop &offset);
  void forget() { reads.clear(); }

  /// The indices that `map` gives at `offset` behind the base.
  llvm::SmallVector<mlir::Value> getIndices(mlir::AffineMap map,
                                            const PerLoop &offset);
  /// The value of `expr`, whose dimensions stand for the bases.
  mlir::Value getIndex(mlir::AffineExpr expr);
  /// The base of `loop` in such an expression.
  mlir::AffineExpr getExpr(Loop loop) const;

  mlir::ImplicitLocOpBuilder &getBuilder() { return b; }

private:
  /// A value and its index, as affine expressions of the bases.
  using Key = std::pair<void *, std::vector<const void *>>;

  llvm::SmallVector<mlir::AffineExpr> getExprs(mlir::AffineMap map,
                                               const PerLoop &offset) const;
  static Key getKey(mlir::Value source, llvm::ArrayRef<mlir::AffineExpr> exprs);
  mlir::Value readVector(mlir::Value source, llvm::ArrayRef<mlir::AffineExpr>,
                         int64_t size);

  mlir::ImplicitLocOpBuilder &b;
  LoopDims dims;
  llvm::SmallVector<mlir::OpFoldResult> base;
  PerLoop tile;
  std::map<Key, mlir::Value> reads;
  std::map<Key, mlir::Value> rows; // of scalars for all unrolled steps
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CODEGEN_TILEREADER_H
