// Numbers per loop, and what follows from a schedule.
#include "dialect/IR/Schedule.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <functional>
#include <numeric>

using namespace llvm;
using namespace mobileone;

static int64_t multiply(ArrayRef<int64_t> numbers, int64_t start = 1) {
  return std::accumulate(numbers.begin(), numbers.end(), start,
                         std::multiplies<>());
}

int64_t &PerLoop::operator[](Loop loop) {
  switch (loop.role) {
  case Loop::Pixels:
    return pixels[loop.index];
  case Loop::Panels:
    return *panels;
  case Loop::Lanes:
    return lanes;
  case Loop::Depth:
    return depth[loop.index];
  }
  llvm_unreachable("unknown role");
}

bool PerLoop::operator==(const PerLoop &other) const {
  return std::tie(pixels, panels, lanes, depth) ==
         std::tie(other.pixels, other.panels, other.lanes, other.depth);
}

SmallVector<Loop> PerLoop::getVectorLoops() const {
  SmallVector<Loop> loops;
  for (unsigned i = 0; i != pixels.size(); ++i)
    loops.push_back({Loop::Pixels, i});
  if (panels)
    loops.push_back({Loop::Panels});
  return loops;
}

SmallVector<Loop> PerLoop::getResultLoops() const {
  SmallVector<Loop> loops = getVectorLoops();
  loops.push_back({Loop::Lanes});
  return loops;
}

int64_t PerLoop::countVectors() const {
  return multiply(pixels, panels.value_or(1));
}

int64_t PerLoop::countSteps() const { return multiply(depth); }

bool Schedule::operator==(const Schedule &other) const {
  return std::tie(tile, order, hoistInvariants, prefetch, byElement, split,
                  strassen) ==
         std::tie(other.tile, other.order, other.hoistInvariants,
                  other.prefetch, other.byElement, other.split, other.strassen);
}

int64_t Schedule::countTiles(const PerLoop &extents, Loop loop) const {
  return divideCeil(extents[loop], tile[loop]);
}

int64_t Schedule::countUnitsPerTile(const PerLoop &extents) const {
  Loop panels{Loop::Panels};
  bool isOutside =
      split && split != panels && find(order, panels) < find(order, *split);
  return isOutside ? countTiles(extents, panels) : 1;
}

hash_code mobileone::hash_value(const Schedule &schedule) {
  auto hash = [](Loop loop) { return hash_combine(loop.role, loop.index); };
  const PerLoop &tile = schedule.tile;
  hash_code order = hash_combine_range(map_range(schedule.order, hash));
  hash_code split = schedule.split ? hash(*schedule.split) : hash_code(0);
  Strassen strassen = schedule.strassen.value_or(Strassen());
  return hash_combine(hash_combine_range(tile.pixels), tile.panels, tile.lanes,
                      hash_combine_range(tile.depth), order,
                      schedule.hoistInvariants, schedule.prefetch,
                      schedule.byElement, split, strassen.rows, strassen.levels,
                      strassen.sums);
}
