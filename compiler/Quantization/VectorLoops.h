// The two inner loops that take the quantizer's time, for the vectors of this
// CPU. Each sum adds its products one after the other, without fused
// multiply-adds: the same bits whatever the vectors.
#ifndef MOBILEONE_COMPILER_QUANTIZATION_VECTORLOOPS_H
#define MOBILEONE_COMPILER_QUANTIZATION_VECTORLOOPS_H

#include <cstdint>
#include <vector>

namespace mobileone {

/// What the loops are compiled for: the compiler's baseline, and levels of
/// x86-64 with longer vectors.
enum class VectorLevel { Baseline, V3, V4 };

/// The levels that this CPU has, the best one last.
std::vector<VectorLevel> getVectorLevels();
VectorLevel getBestVectorLevel();

/// A matrix of floats at any distances.
struct StridedMatrix {
  const float *data;
  int64_t rowStride, columnStride;
};

/// result[i * resultStride + j] = sum over k of lhs[i][k] rhs[k][j].
void multiply(VectorLevel level, int64_t rows, int64_t depth, int64_t columns,
              StridedMatrix lhs, StridedMatrix rhs, float *result,
              int64_t resultStride);

/// result[i] = sum over t of weights[t] source[i + offsets[t]], for `count` i.
/// `result` is written, and `source` read, up to the next multiple of
/// kTapsStep.
void addTaps(VectorLevel level, int64_t count, const float *source,
             const std::vector<int64_t> &offsets, const float *weights,
             float *result);
inline constexpr int64_t kTapsStep = 32;

} // namespace mobileone

#endif // MOBILEONE_COMPILER_QUANTIZATION_VECTORLOOPS_H
