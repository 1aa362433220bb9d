// Chooses tiles and loop orders.
#include "compiler/Schedule/Schedule.h"
#include "compiler/Schedule/TileModel.h"

#include "compiler/Conversion/MobileOneToLinalg/PackWeights.h"
#include "compiler/Machine/Core.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mobileone;

/// Unrolled steps of a reduction: enough to hide the loop, and few enough that
/// the code generator keeps to the order of the loads, without spills.
static constexpr int64_t kReductionStep = 4;
/// Taps of a window that are unrolled.
static constexpr int64_t kMaxWindow = 128;
/// Vectors that an op without a reduction handles at a time.
static constexpr int64_t kElementwiseTile = 8;
/// Bytes of activations that may stay in the cache while the weights stream
/// past.
static constexpr int64_t kActivationBytes = kCacheBytes / 2;

/// The largest divisor of `extent` that is at most `limit`.
static int64_t getLargestDivisor(int64_t extent, int64_t limit) {
  int64_t divisor = std::min(extent, limit);
  while (extent % divisor)
    --divisor;
  return divisor;
}

/// Calls `use` with every tile of at most `limit` points. Of those that even
/// out to the same tiles, only with the one that has their size.
static void forEachTile(ArrayRef<int64_t> extents, int64_t limit,
                        SmallVectorImpl<int64_t> &tile,
                        function_ref<void(ArrayRef<int64_t>)> use) {
  if (tile.size() == extents.size())
    return use(tile);
  int64_t extent = extents[tile.size()];
  for (int64_t size = 1; size <= std::min(extent, limit); ++size) {
    if (splitEvenly(extent, size).front().tile != size)
      continue;
    tile.push_back(size);
    forEachTile(extents, limit / size, tile, use);
    tile.pop_back();
  }
}

/// Tiles at most a quarter slower than the best by the model, the fastest
/// first. Of those within two percent, which is less than the model knows: the
/// one with the most units, if workers can share the op, then the one that
/// needs the fewest variants of the code, then the fewest rows, then the
/// largest, then the one that reads the fewest weights.
static SmallVector<SmallVector<int64_t>> rankTiles(linalg::LinalgOp op,
                                                   bool isShared,
                                                   const TileModel &model,
                                                   const IsaLevel &level) {
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  extents.truncate(op.getNumParallelLoops() - 1);
  int64_t limit =
      op.getNumReductionLoops() ? level.registers : kElementwiseTile;

  int64_t splitDim = isShared ? getSplitDim(op) : 0;

  struct Candidate {
    SmallVector<int64_t> tile;
    double cycles;
    int64_t units, variants, rows, points, panels;
  };
  SmallVector<Candidate> candidates;
  double best = std::numeric_limits<double>::infinity();
  SmallVector<int64_t> tile;
  forEachTile(extents, limit, tile, [&](ArrayRef<int64_t> sizes) {
    Candidate candidate{SmallVector<int64_t>(sizes), 0, 1, 1, 1, 1, 1};
    candidate.tile.push_back(TileModel::getLanes(op, level));
    if (!model.fits(candidate.tile))
      return;
    candidate.cycles = model.getCycles(candidate.tile);
    best = std::min(best, candidate.cycles);
    for (auto [extent, size] : llvm::zip_equal(extents, sizes)) {
      candidate.variants *= splitEvenly(extent, size).size();
      candidate.points *= size;
    }
    if (isShared)
      candidate.units = std::min(
          kUnits,
          int64_t(llvm::divideCeil(extents[splitDim], sizes[splitDim])));
    // With fewer than three dimensions there are no rows of an image.
    candidate.rows = sizes.size() < 3 ? 1 : sizes.front();
    if (!sizes.empty())
      candidate.panels = sizes.back();
    candidates.push_back(std::move(candidate));
  });
  llvm::erase_if(candidates, [&](const Candidate &candidate) {
    return candidate.cycles > 1.25 * best;
  });
  auto rank = [&](const Candidate &c) {
    return std::tuple(c.cycles > 1.02 * best ? c.cycles : best, -c.units,
                      c.variants, c.rows, -c.points, c.panels, c.tile);
  };
  llvm::sort(candidates, [&](const Candidate &a, const Candidate &b) {
    return rank(a) < rank(b);
  });
  return llvm::map_to_vector(candidates,
                             [](const Candidate &c) { return c.tile; });
}

/// The loop order of a contraction with a long reduction, parallel dimensions
/// h, w, p: weights stream once past activations that stay in the cache.
static SmallVector<int64_t> chooseMatrixOrder(linalg::LinalgOp op) {
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  int64_t depth = 1, pixels = 1;
  unsigned parallel = op.getNumParallelLoops();
  for (int64_t extent : ArrayRef(extents).drop_front(parallel))
    depth *= extent;
  for (unsigned d = 0; d + 2 < parallel; ++d)
    pixels *= extents[d];
  int64_t inputBytes = pixels * depth * 4;
  int64_t weightBytes = extents[parallel - 2] * kPanel * depth * 4;
  SmallVector<int64_t> order;
  bool weightsInner = inputBytes > kActivationBytes && weightBytes < inputBytes;
  if (!weightsInner)
    order.push_back(parallel - 2);
  for (unsigned d = 0; d + 2 < parallel; ++d)
    order.push_back(d);
  if (weightsInner)
    order.push_back(parallel - 2);
  order.push_back(parallel - 1);
  return order;
}

/// Whether the weights of a matrix come from far: they are read once, panel by
/// panel, and there is time for it between the pixels of one panel.
static bool shouldPrefetch(linalg::LinalgOp op, const Schedule &schedule) {
  if (!isMatrixProduct(op))
    return false;
  unsigned parallel = op.getNumParallelLoops();
  auto filter = cast<ShapedType>(op.getDpsInputs()[1].getType());
  ArrayRef<int64_t> tile = schedule.tile;
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  return filter.getNumElements() * 4 > kFirstCacheBytes &&
         tile.back() == kPanel && schedule.order.front() == parallel - 2 &&
         tile[parallel - 2] < extents[parallel - 2] &&
         schedule.reductionTile.front() < extents[parallel] &&
         tile.drop_back(2) != ArrayRef(extents).take_front(parallel - 2);
}

/// The loops around the tiles of `op`.
static Schedule chooseLoops(linalg::LinalgOp op) {
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  unsigned parallel = op.getNumParallelLoops();
  Schedule schedule;

  // A window is unrolled whole unless it is very large, of the rest a few steps
  // of the innermost loop.
  bool isWindow = isSlidingWindow(op);
  ArrayRef<int64_t> reductions = ArrayRef(extents).drop_front(parallel);
  int64_t limit = isWindow ? kMaxWindow : kReductionStep;
  schedule.reductionTile.assign(reductions.size(), 1);
  for (size_t d = reductions.size(); d-- > 0 && limit > 1;) {
    schedule.reductionTile[d] = getLargestDivisor(reductions[d], limit);
    limit = isWindow && schedule.reductionTile[d] == reductions[d]
                ? limit / reductions[d]
                : 1;
  }

  if (reductions.size() == 1 && parallel >= 3) {
    schedule.order = chooseMatrixOrder(op);
    return schedule;
  }
  schedule.order = llvm::to_vector(llvm::seq<int64_t>(parallel));
  // Outside, a panel's weights serve all pixels.
  if (isWindow && parallel >= 3)
    std::rotate(schedule.order.begin(), schedule.order.end() - 2,
                schedule.order.end() - 1);
  return schedule;
}

SmallVector<Schedule> mobileone::rankSchedules(linalg::LinalgOp root,
                                               const IsaLevel &level) {
  linalg::LinalgOp op = findContraction(root);
  const Schedule loops = chooseLoops(op);
  bool byElement = level.hasElements && readsStepsInRow(op, loops);
  TileModel model(op, loops.reductionTile, byElement, level);
  bool isShared = root == findSplitOp(root->getParentOfType<func::FuncOp>());
  SmallVector<Schedule> ranked;
  for (ArrayRef<int64_t> tile : rankTiles(op, isShared, model, level)) {
    ranked.push_back(loops);
    ranked.back().tile.assign(tile.begin(), tile.end());
    ranked.back().hoistInvariants = model.holdsWindow(tile);
    ranked.back().byElement = byElement;
    ranked.back().prefetch = shouldPrefetch(op, ranked.back());
    if (isShared)
      ranked.back().split = chooseSplit(root, ranked.back(), level);
  }
  return ranked;
}

SmallVector<Schedule> mobileone::getLoopVariants(linalg::LinalgOp root,
                                                 const Schedule &schedule) {
  linalg::LinalgOp op = findContraction(root);
  unsigned parallel = op.getNumParallelLoops();
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  SmallVector<Schedule> variants;
  if (!op.getNumReductionLoops() || parallel < 2)
    return variants;
  bool isWindow = isSlidingWindow(op);
  SmallVector<int64_t> steps{extents.back()};
  if (!isWindow)
    steps = {1, getLargestDivisor(extents.back(), kReductionStep)};
  // The loop over panels at each depth. What loops inside of it can keep in
  // registers is a panel's weights, and only a window has as few.
  int64_t panels = parallel - 2;
  for (int64_t depth = 0; depth <= panels; ++depth)
    for (bool hoist : {false, true})
      for (int64_t step : steps) {
        if (hoist && (!isWindow || depth == panels))
          continue;
        Schedule variant = schedule;
        variant.order = llvm::to_vector(llvm::seq<int64_t>(panels));
        variant.order.insert(variant.order.begin() + depth, panels);
        variant.order.push_back(parallel - 1);
        variant.hoistInvariants = hoist;
        variant.reductionTile.back() = step;
        variant.byElement = schedule.byElement && readsStepsInRow(op, variant);
        variants.push_back(std::move(variant));
      }
  return variants;
}
