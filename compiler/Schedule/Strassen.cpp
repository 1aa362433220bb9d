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
/// How much faster it must be by the model, which is not better than that.
static constexpr double kLeastGain = 1.02;

std::optional<LoopNest> mobileone::getStrassenPart(const LoopNest &nest,
                                                   int64_t rows) {
  const PerLoop &extents = nest.extents;
  if (!nest.isMatrixProduct() || extents.pixels.size() != 2 || rows < 1 ||
      extents.pixels[0] % rows || extents.pixels[1] % 2 ||
      extents.lanes != kPanel || *extents.panels % 2 ||
      extents.depth[0] % (2 * kPanel))
    return std::nullopt;
  LoopNest part = nest;
  part.extents.pixels = {rows, extents.pixels[1] / 2};
  part.extents.panels = *extents.panels / 2;
  part.extents.depth = {extents.depth[0] / 2};
  return part;
}

/// The most rows that cover the image in bands of equal height.
static int64_t chooseRows(const PerLoop &extents) {
  int64_t height = extents.pixels[0], width = extents.pixels[1];
  int64_t rows = std::min(height, std::max<int64_t>(1, 2 * kHalfBand / width));
  while (height % rows)
    --rows;
  return rows;
}

SmallVector<Schedule> mobileone::rankStrassen(const LoopNest &nest,
                                              std::optional<Loop> split,
                                              const IsaLevel &level) {
  if (!nest.isMatrixProduct() || nest.extents.pixels.size() != 2)
    return {};
  Strassen strassen{chooseRows(nest.extents)};
  std::optional<LoopNest> part = getStrassenPart(nest, strassen.rows);
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
    schedule.strassen = strassen;
    schedule.split = split;
    schedule.prefetch = schedule.tile.depth != part->extents.depth &&
                        kPanel % schedule.tile.depth.front() == 0;
  }
  // Of those that the model cannot tell apart, the one that needs the sums of
  // the fewest panels at a time.
  TileModel model(*part, level.product, level, ranked.front().byElement);
  double best = model.getCycles(ranked.front().tile);
  auto *others = llvm::find_if(ranked, [&](const Schedule &schedule) {
    return model.getCycles(schedule.tile) > 1.02 * best;
  });
  auto *fewest = std::min_element(ranked.begin(), others,
                                  [](const Schedule &a, const Schedule &b) {
                                    return a.tile.panels < b.tile.panels;
                                  });
  std::rotate(ranked.begin(), fewest, std::next(fewest));
  return ranked;
}

/// Cycles that sums of halves take: four sums of `elements` elements, made of
/// eight operands, and stored.
static double getSumCycles(double elements, unsigned bits,
                           const IsaLevel &level) {
  return elements / level.getLanes(bits) * std::max(8.0 / level.loads, 4.0);
}

bool mobileone::gainsFromStrassen(const LoopNest &nest,
                                  const Schedule &strassen,
                                  const Schedule &classical,
                                  const IsaLevel &level) {
  const PerLoop &extents = nest.extents;
  if (extents.pixels[0] * extents.pixels[1] < kLeastPixels ||
      extents.depth[0] < kLeastChannels ||
      *extents.panels * extents.lanes < kLeastChannels)
    return false;
  LoopNest part = *getStrassenPart(nest, strassen.strassen->rows);
  TileModel all(nest, level.product, level, classical.byElement),
      one(part, level.product, level, strassen.byElement);
  int64_t pixels = part.extents.pixels[0] * part.extents.pixels[1],
          depth = part.extents.depth[0],
          channels = *part.extents.panels * part.extents.lanes;
  double band = 7 * one.getCycles(strassen.tile) +
                getSumCycles(double(pixels * depth), nest.bits, level) +
                getSumCycles(double(channels * depth), nest.bits, level);
  int64_t bands = extents.pixels[0] / strassen.strassen->rows;
  return kLeastGain * band * double(bands) < all.getCycles(classical.tile);
}

int64_t mobileone::getGroupRows(const PerLoop &extents,
                                const Strassen &strassen) {
  bool canHalve = strassen.rows == extents.pixels[0] && strassen.rows % 2 == 0;
  return canHalve ? strassen.rows / 2 : strassen.rows;
}

int64_t mobileone::countStrassenUnits(const PerLoop &extents,
                                      const Schedule &schedule) {
  return extents.pixels[0] / getGroupRows(extents, *schedule.strassen) *
         (*extents.panels / 2 / *schedule.tile.panels);
}
