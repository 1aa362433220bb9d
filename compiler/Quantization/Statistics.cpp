// Means and covariances of a layer's inputs and outputs over sampled pixels.
#include "compiler/Quantization/Statistics.h"

#include "compiler/Quantization/VectorLoops.h"

#include <algorithm>

using namespace mobileone;

/// Of a filter for one channel, at most 49 taps: Eigen's matrix product is for
/// larger ones.
static constexpr int64_t kFewRows = 49;

/// Calls `use(first, count)` for each run of samples that are summed in
/// float32.
template <typename Fn>
static void forEachRun(int64_t samples, Fn use) {
  for (int64_t first = 0; first < samples; first += kExactSamples)
    use(first, std::min(kExactSamples, samples - first));
}

static VectorD getMeans(ConstMatrixF rows) {
  VectorD sums = VectorD::Zero(rows.rows());
  forEachRun(rows.cols(), [&](int64_t first, int64_t count) {
    sums += rows.middleCols(first, count).rowwise().sum().cast<double>();
  });
  return sums / static_cast<double>(rows.cols());
}

/// sum of lhs[i] rhs[j] over all samples, for i x j rows.
static MatrixD sumProducts(ConstMatrixF lhs, ConstMatrixF rhs) {
  MatrixD sums = MatrixD::Zero(lhs.rows(), rhs.rows());
  if (lhs.rows() <= kFewRows && rhs.rows() <= kFewRows) {
    for (int64_t i = 0; i != lhs.rows(); ++i)
      for (int64_t j = 0; j != rhs.rows(); ++j)
        forEachRun(lhs.cols(), [&](int64_t first, int64_t count) {
          sums(i, j) += lhs.row(i)
                            .segment(first, count)
                            .dot(rhs.row(j).segment(first, count));
        });
    return sums;
  }
  MatrixF run(lhs.rows(), rhs.rows());
  forEachRun(lhs.cols(), [&](int64_t first, int64_t count) {
    multiply(getBestVectorLevel(), lhs.rows(), count, rhs.rows(),
             {lhs.data() + first, lhs.outerStride(), 1},
             {rhs.data() + first, 1, rhs.outerStride()}, run.data(),
             run.cols());
    sums += run.cast<double>();
  });
  return sums;
}

/// sum of rows[i] rows[j] over all samples: symmetric, half of it is computed.
static MatrixD sumSquares(ConstMatrixF rows) {
  int64_t size = rows.rows();
  MatrixD sums = MatrixD::Zero(size, size);
  if (size <= kFewRows) {
    for (int64_t i = 0; i != size; ++i)
      for (int64_t j = 0; j <= i; ++j)
        forEachRun(rows.cols(), [&](int64_t first, int64_t count) {
          sums(i, j) += rows.row(i)
                            .segment(first, count)
                            .dot(rows.row(j).segment(first, count));
        });
  } else {
    MatrixF run(size, size);
    constexpr int64_t step = 64; // columns, of rows from the diagonal on
    forEachRun(rows.cols(), [&](int64_t first, int64_t count) {
      for (int64_t column = 0; column < size; column += step) {
        const float *data = rows.data() + first + column * rows.outerStride();
        multiply(getBestVectorLevel(), size - column, count,
                 std::min(step, size - column), {data, rows.outerStride(), 1},
                 {data, 1, rows.outerStride()}, &run(column, column), size);
      }
      sums.triangularView<Eigen::Lower>() += run.cast<double>();
    });
  }
  sums.triangularView<Eigen::StrictlyUpper>() = sums.transpose();
  return sums;
}

Statistics mobileone::getStatistics(ConstMatrixF inputs, ConstMatrixF outputs) {
  auto samples = static_cast<double>(inputs.cols());
  Statistics statistics{getMeans(inputs), getMeans(outputs), {}, {}};
  const VectorD &means = statistics.inputMeans;
  statistics.covariance =
      sumSquares(inputs) / samples - means * means.transpose();
  // With centred outputs the mean of the inputs cancels.
  MatrixF centred =
      outputs.colwise() - statistics.outputMeans.cast<float>().eval();
  VectorD rest = getMeans(centred); // of rounding
  statistics.cross =
      sumProducts(centred, inputs) / samples - rest * means.transpose();
  return statistics;
}
