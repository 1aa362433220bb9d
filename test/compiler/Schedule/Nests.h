// Kernels of a network as the cost model sees them.
#ifndef MOBILEONE_TEST_COMPILER_SCHEDULE_NESTS_H
#define MOBILEONE_TEST_COMPILER_SCHEDULE_NESTS_H

#include "compiler/Schedule/LoopNest.h"

#include <ostream>

namespace mobileone {

/// height x width pixels of `channels`, whole panels, times a matrix: 1x1.
inline LoopNest makePointwise(int64_t height, int64_t width, int64_t channels,
                              int64_t resultChannels) {
  LoopNest nest;
  nest.extents = {{height, width}, resultChannels / 16, 16, {channels}};
  // [h][w][k] and [p][k][n]
  nest.inputs = {
      {{{{1, 0}, 0, 0, {0}}, {{0, 1}, 0, 0, {0}}, {{0, 0}, 0, 0, {1}}}},
      {{{{0, 0}, 1, 0, {0}}, {{0, 0}, 0, 0, {1}}, {{0, 0}, 0, 1, {0}}}}};
  return nest;
}

/// A window, 3x3 or larger, over height x width results of `channels`, whole
/// panels.
inline LoopNest makeDepthwise(int64_t height, int64_t width, int64_t channels,
                              int64_t stride, int64_t window = 3) {
  LoopNest nest;
  nest.extents = {{height, width}, channels / 16, 16, {window, window}};
  // [h * stride + i][w * stride + j][p][n] and [i][j][p][n]
  PerLoop panel = {{0, 0}, 1, 0, {0, 0}}, lane = {{0, 0}, 0, 1, {0, 0}};
  nest.inputs = {
      {{{{stride, 0}, 0, 0, {1, 0}}, {{0, stride}, 0, 0, {0, 1}}, panel, lane}},
      {{{{0, 0}, 0, 0, {1, 0}}, {{0, 0}, 0, 0, {0, 1}}, panel, lane}}};
  return nest;
}

inline bool operator==(const Access &a, const Access &b) {
  return a.strides == b.strides && a.bits == b.bits;
}

inline bool operator==(const LoopNest &a, const LoopNest &b) {
  return a.extents == b.extents && a.inputs == b.inputs && a.bits == b.bits;
}

inline void PrintTo(const PerLoop &numbers, std::ostream *os) {
  *os << "{{";
  for (int64_t number : numbers.pixels)
    *os << number << ", ";
  *os << "}, " << numbers.panels.value_or(0) << ", " << numbers.lanes << ", {";
  for (int64_t number : numbers.depth)
    *os << number << ", ";
  *os << "}}";
}

} // namespace mobileone

#endif // MOBILEONE_TEST_COMPILER_SCHEDULE_NESTS_H
