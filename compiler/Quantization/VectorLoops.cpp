// Loops over vectors of 4, 8 or 16 floats; registers hold a tile of sums.
#include "compiler/Quantization/VectorLoops.h"

#include <algorithm>
#include <cstring>

using namespace mobileone;

namespace {

/// A product of a few rows at a time by a panel: `depth` rows of two vectors.
struct PanelProduct {
  int64_t rows, depth, columns;
  StridedMatrix lhs;
  const float *panel;
  float *result;
  int64_t resultStride;
};

struct Taps {
  int64_t count, taps;
  const float *source;
  const int64_t *offsets;
  const float *weights;
  float *result;
};

/// `kLanes` floats.
template <int kLanes>
struct Vector {
  typedef float Type __attribute__((vector_size(kLanes * 4), aligned(4)));
};

} // namespace

// Inlined into a function of each level, whose vectors they take.
#define MOBILEONE_LOOP [[gnu::always_inline]] static inline

template <int kLanes, int kRows>
MOBILEONE_LOOP void multiplyPanel(const PanelProduct &p) {
#pragma clang fp contract(off)
  using V = typename Vector<kLanes>::Type;
  for (int64_t first = 0; first < p.rows; first += kRows) {
    const float *lhs[kRows];
    V sums[kRows][2] = {};
    for (int row = 0; row != kRows; ++row)
      lhs[row] =
          p.lhs.data + std::min(first + row, p.rows - 1) * p.lhs.rowStride;
    for (int64_t k = 0; k != p.depth; ++k) {
      const V *rhs = reinterpret_cast<const V *>(p.panel + k * 2 * kLanes);
      for (int row = 0; row != kRows; ++row) {
        float factor = lhs[row][k * p.lhs.columnStride];
        sums[row][0] += rhs[0] * factor;
        sums[row][1] += rhs[1] * factor;
      }
    }
    for (int row = 0; row != kRows && first + row < p.rows; ++row) {
      float *result = p.result + (first + row) * p.resultStride;
      if (p.columns == 2 * kLanes) // stores, and no call
        std::memcpy(result, sums[row], sizeof sums[row]);
      else
        std::memcpy(result, sums[row], p.columns * sizeof(float));
    }
  }
}

template <int kLanes>
MOBILEONE_LOOP void addAllTaps(const Taps &t) {
#pragma clang fp contract(off)
  using V = typename Vector<kLanes>::Type;
  constexpr int kVectors = kTapsStep / kLanes;
  for (int64_t i = 0; i < t.count; i += kVectors * kLanes) {
    V sums[kVectors] = {};
    for (int64_t tap = 0; tap != t.taps; ++tap) {
      const V *source =
          reinterpret_cast<const V *>(t.source + i + t.offsets[tap]);
      for (int v = 0; v != kVectors; ++v)
        sums[v] += source[v] * t.weights[tap];
    }
    std::memcpy(t.result + i, sums, sizeof sums);
  }
}

static void multiplyBaseline(const PanelProduct &p) { multiplyPanel<4, 4>(p); }
static void addBaseline(const Taps &t) { addAllTaps<4>(t); }

#ifdef __x86_64__
__attribute__((target("arch=x86-64-v3"))) static void
multiplyV3(const PanelProduct &p) {
  multiplyPanel<8, 6>(p);
}
__attribute__((target("arch=x86-64-v3"))) static void addV3(const Taps &t) {
  addAllTaps<8>(t);
}
__attribute__((target("arch=x86-64-v4"), min_vector_width(512))) static void
multiplyV4(const PanelProduct &p) {
  multiplyPanel<16, 8>(p);
}
__attribute__((target("arch=x86-64-v4"), min_vector_width(512))) static void
addV4(const Taps &t) {
  addAllTaps<16>(t);
}
#endif

namespace {

/// The loops of a level, and the floats of its vectors.
struct Loops {
  int64_t lanes;
  void (*multiply)(const PanelProduct &);
  void (*addTaps)(const Taps &);
};

} // namespace

static Loops getLoops(VectorLevel level) {
#ifdef __x86_64__
  if (level == VectorLevel::V4)
    return {16, multiplyV4, addV4};
  if (level == VectorLevel::V3)
    return {8, multiplyV3, addV3};
#endif
  return {4, multiplyBaseline, addBaseline};
}

std::vector<VectorLevel> mobileone::getVectorLevels() {
  std::vector<VectorLevel> levels{VectorLevel::Baseline};
#ifdef __x86_64__
  if (__builtin_cpu_supports("x86-64-v3"))
    levels.push_back(VectorLevel::V3);
  if (__builtin_cpu_supports("x86-64-v4"))
    levels.push_back(VectorLevel::V4);
#endif
  return levels;
}

VectorLevel mobileone::getBestVectorLevel() {
  static const VectorLevel best = getVectorLevels().back();
  return best;
}

void mobileone::multiply(VectorLevel level, int64_t rows, int64_t depth,
                         int64_t columns, StridedMatrix lhs, StridedMatrix rhs,
                         float *result, int64_t resultStride) {
  Loops loops = getLoops(level);
  int64_t width = 2 * loops.lanes;
  std::vector<float> panel(depth * width);
  for (int64_t first = 0; first < columns; first += width) {
    int64_t count = std::min(width, columns - first);
    if (count < width)
      std::fill(panel.begin(), panel.end(), 0.0F);
    for (int64_t k = 0; k != depth; ++k) {
      const float *source =
          rhs.data + k * rhs.rowStride + first * rhs.columnStride;
      if (rhs.columnStride == 1)
        std::copy_n(source, count, &panel[k * width]);
      else
        for (int64_t j = 0; j != count; ++j)
          panel[k * width + j] = source[j * rhs.columnStride];
    }
    loops.multiply(
        {rows, depth, count, lhs, panel.data(), result + first, resultStride});
  }
}

void mobileone::addTaps(VectorLevel level, int64_t count, const float *source,
                        const std::vector<int64_t> &offsets,
                        const float *weights, float *result) {
  getLoops(level).addTaps({count, static_cast<int64_t>(offsets.size()), source,
                           offsets.data(), weights, result});
}
