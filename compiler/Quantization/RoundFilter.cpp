// Rounds filters to integers so that the outputs of the layer change least.
#include "compiler/Quantization/RoundFilter.h"

#include <algorithm>
#include <numeric>
#include <vector>

using namespace mobileone;

/// Of integers: a moment of nothing but zeros is definite, too.
static constexpr double kLeastRidge = 1e-3;
static constexpr int kRounds = 6;
/// Rows that are rounded together, so that they stay in a cache.
static constexpr int64_t kRowBlock = 32;

static double roundWeight(double weight) {
  return std::clamp(roundToEven(weight), -kLargestWeight, kLargestWeight);
}

/// Adds the ridge to all variances, and returns it.
static double addRidge(MatrixD &moments, double ridge) {
  double added = ridge * moments.diagonal().mean() + kLeastRidge;
  moments.diagonal().array() += added;
  return added;
}

FilterProblem mobileone::keepFilter(const Statistics &statistics,
                                    const MatrixD &filter, double ridge) {
  FilterProblem problem{statistics.covariance, {}, filter};
  addRidge(problem.moments, ridge);
  problem.target.noalias() = filter * problem.moments;
  return problem;
}

FilterProblem mobileone::refitFilter(const Statistics &statistics,
                                     const MatrixD &filter, double ridge) {
  FilterProblem problem{statistics.covariance, {}, {}};
  double added = addRidge(problem.moments, ridge);
  problem.target = statistics.cross + added * filter;
  Eigen::LLT<MatrixD> factors(problem.moments);
  problem.filter = factors.solve(problem.target.transpose()).transpose();
  return problem;
}

VectorD mobileone::chooseWeightScales(const FilterProblem &problem) {
  VectorD scales(problem.filter.rows());
  auto importance = problem.moments.diagonal().transpose().array();
  Eigen::ArrayXXd rounded;
  for (int64_t row = 0; row != problem.filter.rows(); ++row) {
    auto weights = problem.filter.row(row).array();
    double largest = std::max(weights.abs().maxCoeff(), 1e-12);
    double least = std::numeric_limits<double>::infinity();
    for (int step = 20; step >= 10; --step) {
      double scale = largest * step / 20 / kLargestWeight;
      auto error = weights - weights.unaryExpr([&](double weight) {
        return roundWeight(weight / scale) * scale;
      });
      double sum = (error.square() * importance).sum();
      if (sum < least) {
        least = sum;
        scales[row] = scale;
      }
    }
  }
  return scales;
}

MatrixD mobileone::roundToNearest(const MatrixD &filter, const VectorD &scale) {
  MatrixD integers = filter.array().colwise() / scale.array();
  return integers.unaryExpr(&roundWeight);
}

/// The upper triangle U with moments^-1 = U^T U. With the rows and columns of
/// moments in reverse order, their Cholesky factor in reverse order is an upper
/// triangle R with moments = R R^T: U is the inverse of R.
static MatrixD factorInverse(const MatrixD &moments) {
  Eigen::LLT<MatrixD> factors(moments.reverse());
  MatrixD upper = MatrixD(factors.matrixL()).reverse();
  MatrixD inverse = MatrixD::Identity(moments.rows(), moments.cols());
  upper.triangularView<Eigen::Upper>().solveInPlace(inverse);
  return inverse;
}

MatrixD mobileone::roundByGptq(const FilterProblem &problem,
                               const VectorD &scale) {
  int64_t size = problem.moments.rows(), rows = problem.filter.rows();
  Eigen::VectorXi order(size);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int left, int right) {
    return problem.moments(left, left) > problem.moments(right, right);
  });
  MatrixD upper = factorInverse(problem.moments(order, order));
  MatrixD integers(rows, size);
  for (int64_t first = 0; first < rows; first += kRowBlock) {
    int64_t count = std::min(kRowBlock, rows - first);
    MatrixD weights =
        problem.filter.middleRows(first, count)(Eigen::all, order);
    for (int64_t k = 0; k != size; ++k)
      for (int64_t row = 0; row != count; ++row) {
        double unit = scale[first + row];
        double integer = roundWeight(weights(row, k) / unit);
        integers(first + row, order[k]) = integer;
        double error = (weights(row, k) - integer * unit) / upper(k, k);
        weights.row(row).tail(size - k) -= error * upper.row(k).tail(size - k);
      }
  }
  return integers;
}

void mobileone::descend(const FilterProblem &problem, const VectorD &scale,
                        MatrixD &integers) {
  const MatrixD &moments = problem.moments;
  // Half the gradient of each row's error, in units of its scale.
  MatrixD slopes = problem.target.array().colwise() / scale.array();
  slopes.noalias() -= integers * moments;
  for (int64_t row = 0; row != integers.rows(); ++row)
    for (int round = 0; round != kRounds; ++round) {
      bool isMoved = false;
      for (int64_t k = 0; k != moments.rows(); ++k) {
        double old = integers(row, k);
        double better = roundWeight(old + slopes(row, k) / moments(k, k));
        if (better == old)
          continue;
        isMoved = true;
        integers(row, k) = better;
        slopes.row(row) -= (better - old) * moments.row(k);
      }
      if (!isMoved)
        break;
    }
}

double mobileone::getRowError(const FilterProblem &problem, double scale,
                              const MatrixD &integers, int64_t row) {
  Eigen::RowVectorXd weights = scale * integers.row(row);
  return weights.dot(weights * problem.moments) -
         2 * weights.dot(problem.target.row(row));
}
