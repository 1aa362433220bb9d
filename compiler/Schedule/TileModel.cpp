// What a register tile costs: a small model of one core.
#include "compiler/Schedule/TileModel.h"

#include "compiler/Conversion/MobileOneToLinalg/PackWeights.h"
#include "compiler/Schedule/Schedule.h"
#include "llvm/ADT/bit.h"

using namespace mlir;
using namespace mobileone;

/// Registers of a window's tile besides sums and weights: bias or zero, and the
/// input that the code generator reads ahead, of which multiply-adds may take
/// some from memory or not.
static constexpr int64_t kWindowOperands = 4, kWindowRegisters = 8;

/// Sums of a tile, each a vector of all lanes.
static int64_t getPointCount(ArrayRef<int64_t> tile) {
  return ShapedType::getNumElements(tile.drop_back());
}

int64_t TileModel::getLanes(linalg::LinalgOp op, const IsaLevel &level) {
  int64_t lanes = isSlidingWindow(op)         ? level.vectorBits / 32
                  : op.getNumReductionLoops() ? level.matrixLanes
                                              : kPanel;
  // Short rows, such as those of a small image, are covered by shorter vectors.
  int64_t extent = op.getStaticLoopRanges()[op.getNumParallelLoops() - 1];
  return std::min<int64_t>(lanes, llvm::bit_floor(uint64_t(extent)));
}

TileModel::TileModel(linalg::LinalgOp op, ArrayRef<int64_t> reductionTile,
                     bool byElement, const IsaLevel &level)
    : extents(op.getStaticLoopRanges()), level(level),
      reductionTile(reductionTile), parallel(op.getNumParallelLoops()),
      isWindow(isSlidingWindow(op)), byElement(byElement),
      parts(std::max<int64_t>(getLanes(op, level) * 32 / level.vectorBits, 1)) {
  for (OpOperand *input : op.getDpsInputOperands())
    inputs.push_back(op.getMatchingIndexingMap(input));
}

int64_t TileModel::getReads(AffineMap map, ArrayRef<int64_t> tile,
                            ArrayRef<int64_t> steps) const {
  int64_t reads = 1;
  AffineExpr zero = getAffineConstantExpr(0, map.getContext());
  AffineExpr one = getAffineConstantExpr(1, map.getContext());
  for (AffineExpr result : map.getResults()) {
    // Values of one index: the loop over all dims that it depends on.
    SmallVector<int64_t> values{0};
    for (unsigned d = 0; d != extents.size(); ++d) {
      if (d == parallel - 1 || !result.isFunctionOfDim(d))
        continue;
      int64_t size = d < parallel ? tile[d] : steps[d - parallel];
      SmallVector<AffineExpr> unit(extents.size(), zero);
      unit[d] = one;
      int64_t stride =
          cast<AffineConstantExpr>(
              simplifyAffineExpr(result.replaceDims(unit), extents.size(), 0))
              .getValue();
      SmallVector<int64_t> next;
      for (int64_t value : values)
        for (int64_t i = 0; i != size; ++i)
          next.push_back(value + i * stride);
      values = std::move(next);
    }
    llvm::sort(values);
    reads *= std::distance(values.begin(), llvm::unique(values));
  }
  return reads;
}

/// Whether the tile's sums and the weights of `window`, a part of the
/// reduction, are in registers together.
bool TileModel::fitsWindow(ArrayRef<int64_t> tile,
                           ArrayRef<int64_t> window) const {
  return getPointCount(tile) + getReads(inputs[1], tile, window) +
             (level.foldsLoads ? kWindowOperands : kWindowRegisters) <=
         level.registers;
}

bool TileModel::holdsWindow(ArrayRef<int64_t> tile) const {
  return isWindow && fitsWindow(tile, reductionTile);
}

bool TileModel::fits(ArrayRef<int64_t> tile) const {
  int64_t accumulators = getPointCount(tile);
  // One vector at a time always goes, if through memory.
  if (accumulators == 1)
    return true;
  SmallVector<int64_t> one(reductionTile.size(), 1);
  if (isWindow) {
    // A row of the input needs as many rows of the window as the tile has.
    SmallVector<int64_t> rows(reductionTile);
    rows.front() = std::min(rows.front(), tile.front());
    return tile[parallel - 2] == 1 && fitsWindow(tile, rows);
  }
  // In one step every vector stays for the tile. Scalars come one by one, or
  // stay for some steps as elements of a register for each pixel.
  int64_t vectors = 0, scalars = 0;
  for (AffineMap map : inputs)
    if (isLaneOperand(map))
      vectors += getReads(map, tile, one);
    else
      scalars = byElement ? getReads(map, tile, one) : 1;
  return (accumulators + vectors) * parts + scalars <= level.registers;
}

double TileModel::getTileCycles(ArrayRef<int64_t> tile) const {
  int64_t points = getPointCount(tile), steps = 1, loads = 0, iterations = 1;
  for (auto [size, extent] :
       llvm::zip_equal(reductionTile, ArrayRef(extents).drop_front(parallel))) {
    steps *= size;
    iterations *= extent / size;
  }
  // Only a window shares what it reads between steps.
  SmallVector<int64_t> one(reductionTile.size(), 1);
  for (AffineMap map : inputs)
    if (isWindow)
      loads += getReads(map, tile, reductionTile) * parts;
    else if (isLaneOperand(map))
      loads += getReads(map, tile, one) * steps * parts;
    else // elements of one register for all steps, or scalars
      loads += getReads(map, tile, one) * (byElement ? 1 : steps);
  if (holdsWindow(tile))
    loads -= getReads(inputs[1], tile, reductionTile);
  double compute = double(points * steps * parts) / level.multiplyAdds;
  double memory = double(loads) / level.loads;
  double latency = double(level.latency * steps);
  // Each tile also starts, stores its results and ends.
  double overhead = 6 + double(2 * points * parts) / level.loads;
  return iterations * std::max({compute, memory, latency}) + overhead;
}

double TileModel::getCycles(ArrayRef<int64_t> tile) const {
  // Every combination of the at most two tile sizes of each dimension.
  SmallVector<std::pair<double, SmallVector<int64_t>>> kinds{{1.0, {}}};
  for (unsigned d = 0; d + 1 < parallel; ++d) {
    SmallVector<std::pair<double, SmallVector<int64_t>>> next;
    for (auto &[count, sizes] : kinds)
      for (Segment segment : splitEvenly(extents[d], tile[d])) {
        next.push_back({count * segment.count, sizes});
        next.back().second.push_back(segment.tile);
      }
    kinds = std::move(next);
  }
  double cycles = 0;
  for (auto &[count, sizes] : kinds) {
    sizes.push_back(tile.back());
    cycles += count * getTileCycles(sizes);
  }
  return cycles;
}
