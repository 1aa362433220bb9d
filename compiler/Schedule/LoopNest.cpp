// What a kernel computes, as far as its loops and their costs go.
#include "compiler/Schedule/LoopNest.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace mobileone;

bool Access::hasLanes() const {
  return any_of(strides, [](const PerLoop &s) { return s.lanes != 0; });
}

int64_t Access::countReads(const PerLoop &tile) const {
  int64_t reads = 1;
  for (const PerLoop &stride : strides) {
    // Values of one index: the loop over all loops that move it.
    SmallVector<int64_t> values{0};
    auto extend = [&](int64_t step, int64_t size) {
      if (!step)
        return;
      SmallVector<int64_t> next;
      for (int64_t value : values)
        for (int64_t i = 0; i != size; ++i)
          next.push_back(value + i * step);
      values = std::move(next);
    };
    for (Loop loop : tile.getVectorLoops())
      extend(stride[loop], tile[loop]);
    for (auto [step, size] : zip_equal(stride.depth, tile.depth))
      extend(step, size);
    sort(values);
    reads *= std::distance(values.begin(), unique(values));
  }
  return reads;
}

bool LoopNest::isWindow() const {
  return isReduction() && inputs.size() == 2 &&
         all_of(inputs, [](const Access &input) { return input.hasLanes(); });
}

/// Whether an index is the number of `loop`'s step and moves with no other.
static bool isStepOf(const PerLoop &stride, Loop loop) {
  PerLoop rest = stride;
  rest[loop] -= 1;
  return all_of(rest.pixels, [](int64_t s) { return s == 0; }) &&
         rest.panels.value_or(0) == 0 && rest.lanes == 0 &&
         all_of(rest.depth, [](int64_t s) { return s == 0; });
}

bool LoopNest::isMatrixProduct() const {
  size_t depth = hasGroups ? 2 : 1;
  if (extents.pixels.empty() || extents.depth.size() != depth ||
      inputs.size() != 2)
    return false;
  const auto &weights = inputs[1].strides;
  return weights.size() == 2 + depth && isStepOf(weights[0], {Loop::Panels}) &&
         isStepOf(weights[1], {Loop::Depth}) &&
         isStepOf(weights[2], {Loop::Lanes});
}

bool LoopNest::readsStepsInRow(const PerLoop &tile) const {
  if (!isMatrixProduct() || hasGroups || tile.depth.back() < 2 ||
      inputs[0].strides.empty())
    return false;
  ArrayRef<PerLoop> indices = inputs[0].strides;
  return isStepOf(indices.back(), {Loop::Depth}) &&
         all_of(indices.drop_back(), [](const PerLoop &stride) {
           return stride.depth.front() == 0;
         });
}

SmallVector<Segment> mobileone::splitEvenly(int64_t extent, int64_t tile) {
  int64_t count = divideCeil(extent, tile);
  int64_t small = extent / count, large = extent % count;
  SmallVector<Segment> segments;
  if (large)
    segments.push_back({0, small + 1, large});
  segments.push_back({large * (small + 1), small, count - large});
  return segments;
}
