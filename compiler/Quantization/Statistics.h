// Means and covariances of a layer's inputs and outputs over sampled pixels.
#ifndef MOBILEONE_COMPILER_QUANTIZATION_STATISTICS_H
#define MOBILEONE_COMPILER_QUANTIZATION_STATISTICS_H

#include "compiler/Quantization/Matrix.h"

namespace mobileone {

/// Of N samples of K inputs x and O outputs y.
struct Statistics {
  /// K and O numbers: E[x], E[y].
  VectorD inputMeans, outputMeans;
  /// KxK: E[(x - E[x]) (x - E[x])^T].
  MatrixD covariance;
  /// OxK: E[(y - E[y]) (x - E[x])^T].
  MatrixD cross;
};

/// Statistics of `inputs` (KxN) and `outputs` (OxN), N at least 1.
///
/// Sums are float32 over `kExactSamples` samples and float64 over those. So the
/// covariance of bytes has the same bits on every machine: 255^2 * 256 < 2^24.
Statistics getStatistics(ConstMatrixF inputs, ConstMatrixF outputs);

/// Samples whose products of bytes a float32 sums exactly in any order.
inline constexpr int64_t kExactSamples = 256;

} // namespace mobileone

#endif // MOBILEONE_COMPILER_QUANTIZATION_STATISTICS_H
