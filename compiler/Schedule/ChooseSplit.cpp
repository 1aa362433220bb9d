// Chooses which kernels several workers share, and along which loop.
#include "compiler/Schedule/ChooseSchedule.h"
#include "compiler/Schedule/TileModel.h"

using namespace llvm;
using namespace mobileone;

/// Workers that meet wait for each other's last bytes and for the slowest of
/// them, a microsecond or so. A kernel of fewer cycles gains little or nothing.
static constexpr double kLeastCycles = 4000;

/// How many pixels an image has for each of its channels, at least, if workers
/// share its rows. All of them then read all weights, which costs less than to
/// read each other's pixels: weights are in a cache that they share.
static constexpr double kPixelShare = 1.0 / 8;

Loop mobileone::getSplitLoop(const LoopNest &nest) {
  const PerLoop &extents = nest.extents;
  int64_t panels = *extents.panels, pixels = extents.countVectors() / panels;
  bool hasRows = !extents.pixels.empty() && extents.pixels.front() >= kUnits &&
                 double(pixels) >= kPixelShare * double(panels * extents.lanes);
  return hasRows ? Loop{Loop::Pixels} : Loop{Loop::Panels};
}

std::optional<Loop> mobileone::chooseSplit(const LoopNest &nest,
                                           const Schedule &schedule,
                                           const IsaLevel &level) {
  TileModel model(nest, level.product, level, schedule.byElement);
  if (model.getCycles(schedule.tile) < kLeastCycles)
    return std::nullopt;
  Loop loop = getSplitLoop(nest);
  if (schedule.tile[loop] >= nest.extents[loop])
    return std::nullopt; // one tile
  return loop;
}
