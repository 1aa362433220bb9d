// Rounding of filters beside brute force: all scales, all neighbours, the plain
// form of each algorithm.
#include "compiler/Quantization/RoundFilter.h"
#include "RandomNumbers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

using namespace mobileone;

namespace {

/// A filter of `rows` rows on bytes, and what is to be made of it.
FilterProblem makeProblem(int64_t rows, int64_t inputs) {
  RandomNumbers random;
  MatrixF x = random.makeBytes(inputs, 500);
  MatrixD filter = random.makeDoubles(rows, inputs);
  MatrixF y = filter.cast<float>() * x + random.makeFloats(rows, 500);
  return refitFilter(getStatistics(x, y), filter, /*ridge=*/0.01);
}

double getError(const FilterProblem &problem, const VectorD &scale,
                const MatrixD &integers) {
  double sum = 0;
  for (int64_t row = 0; row != integers.rows(); ++row)
    sum += getRowError(problem, scale[row], integers, row);
  return sum;
}

double roundWeight(double x) {
  return std::clamp(std::nearbyint(x), -127.0, 127.0);
}

} // namespace

TEST(FilterProblem, KeepsTheFilterOrRefitsIt) {
  RandomNumbers random;
  MatrixF x = random.makeBytes(6, 300);
  MatrixD filter = random.makeDoubles(3, 6), other = random.makeDoubles(3, 6);
  // Outputs of another filter, with another bias, which does not count.
  MatrixF y = other.cast<float>() * x;
  y.array() += 7;
  Statistics statistics = getStatistics(x, y);

  FilterProblem kept = keepFilter(statistics, filter, /*ridge=*/0.01);
  EXPECT_EQ(kept.filter, filter);
  EXPECT_TRUE(kept.target.isApprox(filter * kept.moments, 1e-12));
  EXPECT_NEAR((kept.moments - statistics.covariance).trace() / 6,
              0.01 * statistics.covariance.trace() / 6 + 1e-3, 1e-6);

  FilterProblem refit = refitFilter(statistics, filter, /*ridge=*/0);
  EXPECT_TRUE(refit.filter.isApprox(other, 1e-4));
  EXPECT_TRUE((refit.filter * refit.moments).isApprox(refit.target, 1e-10));
}

TEST(WeightScales, AreTheBestOfTheGrid) {
  FilterProblem problem = makeProblem(8, 12);
  VectorD scales = chooseWeightScales(problem);
  for (int64_t row = 0; row != 8; ++row) {
    double largest = 0, best = 0, least = 1e300;
    for (int64_t k = 0; k != 12; ++k)
      largest = std::max(largest, std::abs(problem.filter(row, k)));
    for (int step = 0; step <= 10; ++step) {
      double scale = largest * (1 - 0.05 * step) / 127, error = 0;
      for (int64_t k = 0; k != 12; ++k) {
        double w = problem.filter(row, k);
        double difference = w - scale * roundWeight(w / scale);
        error += problem.moments(k, k) * difference * difference;
      }
      if (error < least) {
        least = error;
        best = scale;
      }
    }
    EXPECT_NEAR(scales[row], best, 1e-12);
  }
}

TEST(WeightScales, OfZerosAreNotZero) {
  FilterProblem problem = makeProblem(2, 4);
  problem.filter.row(1).setZero();
  EXPECT_DOUBLE_EQ(chooseWeightScales(problem)[1], 1e-12 / 127);
}

// 2.5 and 3.5 to even, 200 to the end of the range.
TEST(RoundToNearest, RoundsToEvenAndClamps) {
  MatrixD filter(1, 4);
  filter << 5, 7, -400, 0.5;
  MatrixD expected(1, 4);
  expected << 2, 4, -127, 0;
  EXPECT_EQ(roundToNearest(filter, VectorD::Constant(1, 2)), expected);
}

// The algorithm of the paper with the inverse of what is left of the moments at
// each step, without a Cholesky factor.
TEST(Gptq, IsThatOfThePaper) {
  FilterProblem problem = makeProblem(40, 16); // more rows than a block
  VectorD scale = chooseWeightScales(problem);
  std::vector<int64_t> order(16);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    return problem.moments(a, a) > problem.moments(b, b);
  });
  MatrixD expected(40, 16), weights = problem.filter;
  for (size_t step = 0; step != order.size(); ++step) {
    std::vector<int64_t> left(order.begin() + step, order.end());
    MatrixD inverse = MatrixD(problem.moments(left, left)).inverse();
    for (int64_t row = 0; row != 40; ++row) {
      int64_t k = left.front();
      expected(row, k) = roundWeight(weights(row, k) / scale[row]);
      double error = weights(row, k) - scale[row] * expected(row, k);
      for (size_t j = 0; j != left.size(); ++j)
        weights(row, left[j]) -= error * inverse(0, j) / inverse(0, 0);
    }
  }
  MatrixD integers = roundByGptq(problem, scale);
  EXPECT_EQ(integers, expected);
  EXPECT_LT(getError(problem, scale, integers),
            getError(problem, scale, roundToNearest(problem.filter, scale)));
}

// No neighbour of any weight is better, and each error is as the formula says.
TEST(Descend, EndsWhereNoWeightCanMove) {
  FilterProblem problem = makeProblem(6, 10);
  VectorD scale = chooseWeightScales(problem);
  MatrixD integers = roundToNearest(problem.filter, scale);
  double before = getError(problem, scale, integers);
  descend(problem, scale, integers);
  EXPECT_LT(getError(problem, scale, integers), before);
  for (int64_t row = 0; row != 6; ++row) {
    double least = getRowError(problem, scale[row], integers, row);
    for (int64_t k = 0; k != 10; ++k)
      for (double step : {-1.0, 1.0}) {
        MatrixD moved = integers;
        moved(row, k) += step;
        if (std::abs(moved(row, k)) <= 127)
          EXPECT_GE(getRowError(problem, scale[row], moved, row),
                    least - 1e-9 * std::abs(least));
      }
  }
}

// (s q - w) moments (s q - w)^T is the error, but for a constant.
TEST(RowError, IsTheSquaredErrorOfOutputs) {
  FilterProblem problem = makeProblem(2, 5);
  VectorD scale = chooseWeightScales(problem);
  MatrixD integers = roundToNearest(problem.filter, scale);
  for (int64_t row = 0; row != 2; ++row) {
    Eigen::RowVectorXd w = problem.filter.row(row);
    Eigen::RowVectorXd error = scale[row] * integers.row(row) - w;
    EXPECT_NEAR(getRowError(problem, scale[row], integers, row),
                error.dot(error * problem.moments) - w.dot(w * problem.moments),
                1e-6 * w.dot(w * problem.moments));
  }
}
