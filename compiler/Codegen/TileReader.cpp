// What one register tile reads.
#include "compiler/Codegen/TileReader.h"

#include "dialect/IR/Layout.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mobileone;

TileReader TileReader::enter(Loop loop, Value start) const {
  TileReader inside(b, dims, base, tile);
  inside.base[dims.getDim(loop)] = start;
  return inside;
}

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

/// Offsets at all steps of `tile` along `loops`, the first of them outside.
static SmallVector<PerLoop> getOffsets(const PerLoop &tile,
                                       ArrayRef<Loop> loops) {
  PerLoop start = tile;
  for (Loop loop : tile.getResultLoops())
    start[loop] = 0;
  start.depth.assign(start.depth.size(), 0);
  SmallVector<PerLoop> offsets{start};
  for (Loop loop : loops) {
    SmallVector<PerLoop> next;
    for (const PerLoop &offset : offsets)
      for (int64_t i = 0; i != tile[loop]; ++i) {
        next.push_back(offset);
        next.back()[loop] = i;
      }
    offsets = std::move(next);
  }
  return offsets;
}

SmallVector<PerLoop> TileReader::getPoints() const {
  return getOffsets(tile, tile.getVectorLoops());
}

SmallVector<PerLoop> TileReader::getSteps() const {
  SmallVector<Loop> loops;
  for (unsigned i = 0; i != tile.depth.size(); ++i)
    loops.push_back({Loop::Depth, i});
  return getOffsets(tile, loops);
}

AffineExpr TileReader::getExpr(Loop loop) const {
  return b.getAffineDimExpr(dims.getDim(loop));
}

SmallVector<AffineExpr> TileReader::getExprs(AffineMap map,
                                             const PerLoop &offset) const {
  SmallVector<AffineExpr> places;
  for (auto [d, distance] : llvm::enumerate(dims.toDims(offset)))
    places.push_back(b.getAffineDimExpr(d) + distance);
  return llvm::map_to_vector(map.getResults(), [&](AffineExpr result) {
    return simplifyAffineExpr(result.replaceDims(places), places.size(), 0);
  });
}

Value TileReader::getIndex(AffineExpr expr) {
  return getValueOrCreateConstantIndexOp(
      b, b.getLoc(),
      affine::makeComposedFoldedAffineApply(
          b, b.getLoc(), AffineMap::get(base.size(), 0, expr), base));
}

SmallVector<Value> TileReader::getIndices(AffineMap map,
                                          const PerLoop &offset) {
  return llvm::map_to_vector(getExprs(map, offset),
                             [&](AffineExpr expr) { return getIndex(expr); });
}

//===----------------------------------------------------------------------===//
// Reads
//===----------------------------------------------------------------------===//

TileReader::Key TileReader::getKey(Value source, ArrayRef<AffineExpr> exprs) {
  Key key{source.getAsOpaquePointer(), {}};
  for (AffineExpr expr : exprs)
    key.second.push_back(expr.getAsOpaquePointer());
  return key;
}

Value TileReader::readVector(Value source, ArrayRef<AffineExpr> exprs,
                             int64_t size) {
  Type element = getElementTypeOrSelf(source);
  SmallVector<Value> indices = llvm::map_to_vector(
      exprs, [&](AffineExpr expr) { return getIndex(expr); });
  return vector::TransferReadOp::create(
      b, VectorType::get(size, element), source, indices,
      arith::getZeroConstant(b, b.getLoc(), element), ArrayRef<bool>{true});
}

Value TileReader::read(Value source, AffineMap map, const PerLoop &offset) {
  auto type = VectorType::get(tile.lanes, getElementTypeOrSelf(source));
  if (!isa<RankedTensorType>(source.getType()))
    return vector::BroadcastOp::create(b, type, source);
  SmallVector<AffineExpr> exprs = getExprs(map, offset);
  Value &value = reads[getKey(source, exprs)];
  if (value)
    return value;
  if (map.isFunctionOfDim(dims.getDim({Loop::Lanes})))
    return value = readVector(source, exprs, tile.lanes);
  SmallVector<Value> indices = llvm::map_to_vector(
      exprs, [&](AffineExpr expr) { return getIndex(expr); });
  Value scalar = tensor::ExtractOp::create(b, source, indices);
  return value = vector::BroadcastOp::create(b, type, scalar);
}

Value TileReader::readElement(Value source, AffineMap map,
                              const PerLoop &offset) {
  if (map.isFunctionOfDim(dims.getDim({Loop::Lanes})))
    return read(source, map, offset);
  Value &value = reads[getKey(source, getExprs(map, offset))];
  if (value)
    return value;
  PerLoop first = offset;
  first.depth.back() = 0;
  SmallVector<AffineExpr> exprs = getExprs(map, first);
  Value &row = rows[getKey(source, exprs)];
  if (!row)
    row = readVector(source, exprs, tile.depth.back());
  Value scalar = vector::ExtractOp::create(b, row, offset.depth.back());
  auto type = VectorType::get(tile.lanes, scalar.getType());
  return value = vector::BroadcastOp::create(b, type, scalar);
}

Value TileReader::readGroups(Value source, AffineMap map,
                             const PerLoop &offset) {
  SmallVector<AffineExpr> exprs = getExprs(map, offset);
  Value &words = reads[getKey(source, exprs)];
  if (words)
    return words;
  Type i32 = b.getI32Type();
  int64_t groups = 1;
  if (map.isFunctionOfDim(dims.getDim({Loop::Lanes}))) {
    // The groups of all lanes lie side by side.
    groups = tile.lanes;
    AffineExpr group = exprs.pop_back_val();
    exprs.back() = exprs.back() * kGroup + group;
    auto all =
        llvm::map_to_vector(llvm::seq<int64_t>(0, exprs.size()),
                            [](int64_t d) { return ReassociationIndices{d}; });
    all.back().push_back(static_cast<int64_t>(exprs.size()));
    source = tensor::CollapseShapeOp::create(b, source, all);
  }
  Value bytes = readVector(source, exprs, groups * kGroup);
  words = vector::BitCastOp::create(b, VectorType::get(groups, i32), bytes);
  if (groups == 1)
    words = vector::BroadcastOp::create(
        b, VectorType::get(tile.lanes, i32),
        vector::ExtractOp::create(b, words, int64_t(0)).getResult());
  return words;
}
