// How Strassen's algorithm cuts a product of pixels by a matrix.
#include "compiler/Schedule/Strassen.h"

#include "compiler/Schedule/ChooseSchedule.h"
#include "compiler/Schedule/TileModel.h"
#include "dialect/IR/Layout.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace mobileone;

/// Pixels of half a band: more need more space for their sums, fewer make the
/// sums of the weights, which each band makes anew, a larger part of the work.
static constexpr int64_t kHalfBand = 8 * 14;

/// An image of fewer pixels waits for its weights, not for products
/// (docs/Benchmarks.md).
static constexpr int64_t kLeastPixels = 14 * 14;
/// With fewer channels there are as many sums to make as products to save.
static constexpr int64_t kLeastChannels = 128;
/// The same for a second level, whose passes over the result the first one does
/// without.
static constexpr int64_t kLeastChannelsTwice = 384;
/// How much faster it must be by the model, which is not better than that.
static constexpr double kLeastGain = 1.02;
/// Instructions of one iteration that multiply and add: enough to hide the loop
/// and what it fetches on cores that start two of them in a cycle, too. One
/// that does both takes four cycles on every core; two take longer.
static constexpr int64_t kUnrolled = 64, kFusedLatency = 4;
std::optional<LoopNest> mobileone::getStrassenPart(const LoopNest &nest,
                                                   const Strassen &strassen) {
  const PerLoop &extents = nest.extents;
  int64_t rows = strassen.rows, parts = int64_t(1) << strassen.levels;
  if (!nest.isMatrixProduct() || extents.pixels.size() != 2 || rows < 1 ||
      extents.pixels[0] % rows || extents.pixels[1] % 2 ||
      (strassen.levels == 2 && rows % 2) || extents.lanes != kPanel ||
      *extents.panels % parts || extents.depth[0] % (parts * kPanel))
    return std::nullopt;
  LoopNest part = nest;
  part.extents.pixels = {2 * rows / parts, extents.pixels[1] / 2};
  part.extents.panels = *extents.panels / parts;
  part.extents.depth = {extents.depth[0] / parts};
  return part;
}

LoopNest mobileone::getStrassenHalf(const LoopNest &nest,
                                    const Strassen &strassen) {
  LoopNest half = nest;
  half.extents.pixels[0] = strassen.rows / 2;
  half.extents.panels = *nest.extents.panels / 2;
  half.extents.depth = {nest.extents.depth[0] / 2};
  return half;
}

/// The most rows that cover the image in bands of equal height, an even number
/// where they have halves, too.
static int64_t chooseRows(const PerLoop &extents, int64_t levels) {
  int64_t height = extents.pixels[0], width = extents.pixels[1], step = levels,
          most = (2 * kHalfBand << (levels - 1)) / width,
          rows = std::min(height, most) / step * step;
  while (rows > step && height % rows)
    rows -= step;
  return std::max(rows, step);
}

SmallVector<Schedule> mobileone::rankStrassen(const LoopNest &nest,
                                              int64_t levels,
                                              std::optional<Loop> split,
                                              const IsaLevel &level) {
  if (!nest.isMatrixProduct() || nest.extents.pixels.size() != 2)
    return {};
  Strassen strassen{chooseRows(nest.extents, levels), levels,
                    levels == 1 ? Strassen::Run : Strassen::Compile};
  std::optional<LoopNest> part = getStrassenPart(nest, strassen);
  if (!part)
    return {};
  // While a tile is multiplied the next weights are fetched. With sums in more
  // than half of the registers the code generator runs out of them.
  SmallVector<Schedule> all = rankSchedules(*part, /*isShared=*/false, level),
                        ranked;
  int64_t lanes = all.front().tile.lanes,
          parts = std::max<int64_t>(1, lanes / level.getLanes(part->bits)),
          most = level.registers / parts / 2, panels = *part->extents.panels;
  for (Schedule &schedule : all)
    if (panels % *schedule.tile.panels == 0 &&
        schedule.tile.countVectors() <= most)
      ranked.push_back(schedule);
  // One panel at a time always goes.
  if (ranked.empty()) {
    ranked.push_back(all.front());
    ranked.front().tile.panels = 1;
    ranked.front().tile.pixels = {1, std::min(part->extents.pixels[1], most)};
  }
  for (Schedule &schedule : ranked) {
    // Of seven loops or more each has code of its own.
    int64_t &steps = schedule.tile.depth.front(),
            instructions = schedule.tile.countVectors() * parts *
                           (level.product.latency > kFusedLatency ? 2 : 1);
    while (!schedule.byElement && steps % 2 == 0 &&
           instructions * steps > kUnrolled)
      steps /= 2;
    schedule.strassen = strassen;
    schedule.split = split;
    schedule.prefetch = level.canPrefetch() &&
                        schedule.tile.depth != part->extents.depth &&
                        kPanel % schedule.tile.depth.front() == 0;
  }
  return ranked;
}

/// Cycles for `elements` results of `operands` operands each.
static double getSumCycles(double elements, double operands, unsigned bits,
                           const IsaLevel &level) {
  return elements / level.getLanes(bits) *
         std::max(operands / level.loads, 1.0);
}

/// Those of a product in a band, by the model's best tile.
static double getBandCycles(const LoopNest &part, const Strassen &strassen,
                            const IsaLevel &level) {
  Schedule best = rankSchedules(part, /*isShared=*/false, level).front();
  TileModel model(part, level.product, level, best.byElement);
  auto sum = [&](double elements, double operands) {
    return getSumCycles(elements, operands, part.bits, level);
  };
  double pixels = double(part.extents.pixels[0] * part.extents.pixels[1]),
         depth = double(part.extents.depth[0]),
         channels = double(*part.extents.panels * part.extents.lanes);
  double cycles =
      kStrassenProducts * model.getCycles(best.tile) +
      sum(4 * pixels * depth, 2) +
      (strassen.sums == Strassen::Run ? sum(4 * channels * depth, 2) : 0);
  if (strassen.levels == 1)
    return cycles;
  // The pixels of seven products, and ten passes over a half of the result.
  return kStrassenProducts * (cycles + sum(4 * pixels * depth, 2)) +
         10 * sum(4 * pixels * channels, 2);
}

bool mobileone::gainsFromStrassen(const LoopNest &nest,
                                  const Strassen &strassen,
                                  const Schedule &classical,
                                  const IsaLevel &level) {
  const PerLoop &extents = nest.extents;
  int64_t least = strassen.levels == 1 ? kLeastChannels : kLeastChannelsTwice;
  if (extents.pixels[0] * extents.pixels[1] < kLeastPixels ||
      extents.depth[0] < least || *extents.panels * extents.lanes < least)
    return false;
  TileModel all(nest, level.product, level, classical.byElement);
  double band =
      getBandCycles(*getStrassenPart(nest, strassen), strassen, level);
  return kLeastGain * band * double(extents.pixels[0] / strassen.rows) <
         all.getCycles(classical.tile);
}

int64_t mobileone::countStrassenUnits(const PerLoop &extents,
                                      const Schedule &schedule) {
  const Strassen &strassen = *schedule.strassen;
  return extents.pixels[0] / strassen.rows *
         ((*extents.panels >> strassen.levels) / *schedule.tile.panels);
}
