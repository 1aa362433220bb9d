// Means and covariances beside plain sums in float64.
#include "compiler/Quantization/Statistics.h"
#include "RandomNumbers.h"

#include <gtest/gtest.h>

using namespace mobileone;

namespace {

/// E[(a - E[a]) (b - E[b])] over the columns of two rows.
double getCovariance(const MatrixF &a, int64_t i, const MatrixF &b, int64_t j) {
  double meanA = 0, meanB = 0, sum = 0;
  auto count = static_cast<double>(a.cols());
  for (int64_t n = 0; n != a.cols(); ++n) {
    meanA += a(i, n) / count;
    meanB += b(j, n) / count;
  }
  for (int64_t n = 0; n != a.cols(); ++n)
    sum += (a(i, n) - meanA) * (b(j, n) - meanB) / count;
  return sum;
}

/// Of `inputs` inputs, `outputs` outputs and a number of samples that is no
/// multiple of a run.
void expectStatistics(int64_t inputs, int64_t outputs) {
  RandomNumbers random;
  MatrixF x = random.makeBytes(inputs, 700);
  MatrixF y = random.makeFloats(outputs, inputs) * x / 64 +
              random.makeFloats(outputs, 700);
  Statistics statistics = getStatistics(x, y);
  for (int64_t k = 0; k != inputs; ++k) {
    EXPECT_NEAR(statistics.inputMeans[k], x.row(k).cast<double>().mean(),
                1e-10);
    for (int64_t j = 0; j != inputs; ++j)
      EXPECT_NEAR(statistics.covariance(k, j), getCovariance(x, k, x, j), 1e-8);
    for (int64_t o = 0; o != outputs; ++o)
      EXPECT_NEAR(statistics.cross(o, k), getCovariance(y, o, x, k), 1e-3);
  }
  for (int64_t o = 0; o != outputs; ++o)
    EXPECT_NEAR(statistics.outputMeans[o], y.row(o).cast<double>().mean(),
                1e-6);
}

} // namespace

TEST(Statistics, AreThoseOfTheFormula) {
  expectStatistics(/*inputs=*/9, /*outputs=*/1);
  expectStatistics(/*inputs=*/60, /*outputs=*/5);
}

// 255 in 256 samples of both rows: the sum of products, 256 * 255^2, is among
// the largest that a float32 counts to. In 256 further samples they are 0: the
// variance is 255^2 / 2 - (255 / 2)^2.
TEST(Statistics, OfTheLargestBytesAreExact) {
  for (int64_t inputs : {2, 60}) {
    MatrixF x = MatrixF::Zero(inputs, 2 * kExactSamples);
    x.leftCols(kExactSamples).setConstant(255);
    Statistics statistics = getStatistics(x, x.topRows(1));
    EXPECT_EQ(statistics.covariance(1, 0), 16256.25);
    EXPECT_EQ(statistics.covariance(0, 1), 16256.25);
  }
}
