// Chooses tiles and loop orders.
#include "compiler/Schedule/ChooseSchedule.h"

#include "compiler/Machine/Core.h"
#include "compiler/Schedule/Chain.h"
#include "compiler/Schedule/ChooseSums.h"
#include "compiler/Schedule/LoopDims.h"
#include "compiler/Schedule/Strassen.h"
#include "compiler/Schedule/TileModel.h"
#include "dialect/IR/Layout.h"
#include "llvm/ADT/bit.h"
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

/// Lanes of a tile: a panel, or one register of a window, so that more of its
/// weights stay in registers.
static int64_t chooseLanes(const LoopNest &nest, const IsaLevel &level) {
  int64_t lanes = nest.isWindow()      ? level.getLanes(nest.bits)
                  : nest.isReduction() ? level.matrixLanes
                                       : kPanel;
  // Short rows, such as those of a small image, are covered by shorter vectors.
  return std::min<int64_t>(lanes,
                           llvm::bit_floor(uint64_t(nest.extents.lanes)));
}

/// Calls `use` with `tile` and every size of at most `limit` vectors along
/// `loops`. Of those that even out to the same tiles, only with the one that
/// has their size.
static void forEachTile(const PerLoop &extents, ArrayRef<Loop> loops,
                        int64_t limit, PerLoop &tile,
                        function_ref<void(const PerLoop &)> use) {
  if (loops.empty())
    return use(tile);
  int64_t extent = extents[loops.front()];
  for (int64_t size = 1; size <= std::min(extent, limit); ++size) {
    if (splitEvenly(extent, size).front().tile != size)
      continue;
    tile[loops.front()] = size;
    forEachTile(extents, loops.drop_front(), limit / size, tile, use);
  }
}

/// Tiles with the lanes and steps of `tile`, at most a quarter slower than the
/// best by the model, the fastest first. Of those within two percent, which is
/// less than the model knows: the one with the most units, if workers can share
/// the kernel, then the one that needs the fewest variants of the code, then
/// the fewest rows, then the largest, then the one that reads the fewest
/// weights.
static SmallVector<PerLoop> rankTiles(const LoopNest &nest, PerLoop tile,
                                      bool isShared, const TileModel &model,
                                      const IsaLevel &level) {
  const PerLoop &extents = nest.extents;
  SmallVector<Loop> loops = extents.getVectorLoops();
  int64_t limit = nest.isReduction() ? level.registers : kElementwiseTile;

  struct Candidate {
    PerLoop tile;
    double cycles;
    int64_t units, variants, rows;
  };
  SmallVector<Candidate> candidates;
  double best = std::numeric_limits<double>::infinity();
  forEachTile(extents, loops, limit, tile, [&](const PerLoop &sizes) {
    if (!model.fits(sizes))
      return;
    Candidate candidate{sizes, model.getCycles(sizes), 1, 1, 1};
    best = std::min(best, candidate.cycles);
    for (Loop loop : loops)
      candidate.variants *= splitEvenly(extents[loop], sizes[loop]).size();
    if (isShared) {
      Loop split = getSplitLoop(nest);
      candidate.units = std::min<int64_t>(
          kUnits, llvm::divideCeil(extents[split], sizes[split]));
    }
    // A row of pixels alone is no image.
    if (sizes.pixels.size() > 1)
      candidate.rows = sizes.pixels.front();
    candidates.push_back(std::move(candidate));
  });
  llvm::erase_if(candidates, [&](const Candidate &candidate) {
    return candidate.cycles > 1.25 * best;
  });
  auto rank = [&](const Candidate &c) {
    return std::tuple(c.cycles > 1.02 * best ? c.cycles : best, -c.units,
                      c.variants, c.rows, -c.tile.countVectors(), c.tile.panels,
                      c.tile.pixels);
  };
  llvm::sort(candidates, [&](const Candidate &a, const Candidate &b) {
    return rank(a) < rank(b);
  });
  return llvm::map_to_vector(candidates,
                             [](const Candidate &c) { return c.tile; });
}

/// Whether the loop over a matrix's panels is inside of those over pixels.
/// Outside, weights stream once past activations that stay in the cache.
static bool hasInnerWeights(const LoopNest &nest) {
  const PerLoop &extents = nest.extents;
  int64_t depth = extents.countSteps();
  int64_t pixels = extents.countVectors() / *extents.panels;
  int64_t channels = *extents.panels * extents.lanes;
  int64_t inputBytes = pixels * depth * nest.inputs.front().bits / 8;
  int64_t weightBytes = channels * depth * nest.inputs.back().bits / 8;
  return inputBytes > kActivationBytes && weightBytes < inputBytes;
}

/// The loops over the result, that over panels as number `place` of them.
static SmallVector<Loop> placePanels(const PerLoop &extents, size_t place) {
  SmallVector<Loop> order = extents.getResultLoops();
  std::rotate(order.begin() + place, order.end() - 2, order.end() - 1);
  return order;
}

/// Whether the weights of a matrix come from far: they are read once, panel by
/// panel, and there is time for it between the pixels of one panel.
static bool shouldPrefetch(const LoopNest &nest, const Schedule &schedule,
                           const IsaLevel &level) {
  if (!nest.isMatrixProduct() || !level.canPrefetch())
    return false;
  const PerLoop &extents = nest.extents, &tile = schedule.tile;
  int64_t weightBytes = *extents.panels * extents.lanes * extents.countSteps() *
                        nest.inputs[1].bits / 8;
  return weightBytes > kFirstCacheBytes && tile.lanes == extents.lanes &&
         schedule.order.front().role == Loop::Panels &&
         tile.panels < extents.panels && tile.depth != extents.depth &&
         tile.pixels != extents.pixels;
}

/// The loops around the tiles, and the tile's lanes and steps.
static Schedule chooseLoops(const LoopNest &nest, const IsaLevel &level) {
  const PerLoop &extents = nest.extents;
  Schedule schedule;
  schedule.tile = extents;
  schedule.tile.lanes = chooseLanes(nest, level);

  // A window is unrolled whole unless it is very large, of the rest a few steps
  // of the innermost loop.
  bool isWindow = nest.isWindow();
  int64_t limit = isWindow ? kMaxWindow : kReductionStep;
  SmallVectorImpl<int64_t> &steps = schedule.tile.depth;
  size_t loops = steps.size() - nest.hasGroups; // a group is always whole
  std::fill_n(steps.begin(), loops, 1);
  for (size_t d = loops; d-- > 0 && limit > 1;) {
    steps[d] = getLargestDivisor(extents.depth[d], limit);
    limit = isWindow && steps[d] == extents.depth[d] ? limit / steps[d] : 1;
  }

  // Outside, a panel's weights serve all pixels.
  schedule.order = extents.getResultLoops();
  bool isMatrix = extents.depth.size() == (nest.hasGroups ? 2 : 1);
  if (!extents.pixels.empty() && (isMatrix ? !hasInnerWeights(nest) : isWindow))
    schedule.order = placePanels(extents, 0);
  return schedule;
}

SmallVector<Schedule> mobileone::rankSchedules(const LoopNest &nest,
                                               bool isShared,
                                               const IsaLevel &level) {
  const Schedule loops = chooseLoops(nest, level);
  const Product &product = nest.hasGroups ? level.byteProduct : level.product;
  bool byElement = product.takesElements && nest.readsStepsInRow(loops.tile);
  TileModel model(nest, product, level, byElement);
  SmallVector<Schedule> ranked;
  for (PerLoop &tile : rankTiles(nest, loops.tile, isShared, model, level)) {
    ranked.push_back(loops);
    ranked.back().tile = tile;
    ranked.back().hoistInvariants = model.holdsWindow(tile);
    ranked.back().byElement = byElement;
    ranked.back().prefetch = shouldPrefetch(nest, ranked.back(), level);
    if (isShared)
      ranked.back().split = chooseSplit(nest, ranked.back(), level);
  }
  return ranked;
}

SmallVector<Schedule> mobileone::rankSchedules(linalg::LinalgOp op,
                                               const IsaLevel &level) {
  bool isShared = op == findSplitOp(op->getParentOfType<func::FuncOp>());
  return rankSchedules(getLoopNest(findContraction(op)), isShared, level);
}

SmallVector<Schedule> mobileone::rankStrassen(linalg::LinalgOp op,
                                              int64_t levels,
                                              const Schedule &classical,
                                              const IsaLevel &level) {
  auto kernel = op->getParentOfType<func::FuncOp>();
  if (op != findSplitOp(kernel) || !matchMatrixChain(op) ||
      (levels == 2 && (!findWholeResult(op) || !canSumWeights(op, levels))))
    return {};
  return rankStrassen(getLoopNest(findContraction(op)), levels, classical.split,
                      level);
}

Schedule mobileone::chooseSchedule(linalg::LinalgOp op, const IsaLevel &level,
                                   Algorithm algorithm) {
  Schedule classical = rankSchedules(op, level).front();
  if (algorithm == Algorithm::Classical)
    return classical;
  LoopNest nest = getLoopNest(findContraction(op));
  for (int64_t levels = algorithm == Algorithm::Strassen2 ? 2 : 1; levels != 0;
       --levels) {
    SmallVector<Schedule> strassen = rankStrassen(op, levels, classical, level);
    if (!strassen.empty() &&
        (algorithm == Algorithm::Strassen ||
         gainsFromStrassen(nest, *strassen.front().strassen, classical, level)))
      return strassen.front();
  }
  return classical;
}

SmallVector<Schedule> mobileone::getLoopVariants(const LoopNest &nest,
                                                 const Schedule &schedule) {
  const PerLoop &extents = nest.extents;
  SmallVector<Schedule> variants;
  if (!nest.isReduction() || !extents.panels)
    return variants;
  bool isWindow = nest.isWindow();
  size_t inner = extents.depth.size() - 1 - nest.hasGroups;
  int64_t last = extents.depth[inner];
  SmallVector<int64_t> steps{last};
  if (!isWindow)
    steps = {1, getLargestDivisor(last, kReductionStep)};
  // The loop over panels at each place. What loops inside of it can keep in
  // registers is a panel's weights, and only a window has as few.
  for (size_t place = 0; place <= extents.pixels.size(); ++place)
    for (bool hoist : {false, true})
      for (int64_t step : steps) {
        if (hoist && (!isWindow || place == extents.pixels.size()))
          continue;
        Schedule variant = schedule;
        variant.order = placePanels(extents, place);
        variant.hoistInvariants = hoist;
        variant.tile.depth[inner] = step;
        variant.byElement =
            schedule.byElement && nest.readsStepsInRow(variant.tile);
        variants.push_back(std::move(variant));
      }
  return variants;
}
