// Turns the filter of one layer into integers, by what it saw and should give.
#include "compiler/Quantization/FitFilter.h"

#include <algorithm>
#include <cmath>

using namespace mobileone;

/// Calls `use(first row, rows, problem, means)` for each group, with the means
/// of its samples.
template <typename Fn>
static void forEachGroup(const LayerSamples &samples, const MatrixD &filter,
                         const FitOptions &options, Fn use) {
  int64_t rows = filter.rows() / options.groups, inputs = filter.cols();
  for (int64_t group = 0; group != options.groups; ++group) {
    int64_t first = group * rows;
    Statistics statistics =
        getStatistics(samples.inputs.middleRows(group * inputs, inputs),
                      samples.outputs.middleRows(first, rows));
    MatrixD weights = filter.middleRows(first, rows);
    FilterProblem problem =
        options.isRefit ? refitFilter(statistics, weights, options.ridge)
                        : keepFilter(statistics, weights, options.ridge);
    for (int64_t row = 0; row != rows; ++row)
      if (weights.row(row).isZero(0)) {
        problem.filter.row(row).setZero();
        problem.target.row(row).setZero();
      }
    use(first, rows, problem, statistics);
  }
}

std::optional<FittedFilter> mobileone::fitIntegers(const LayerSamples &samples,
                                                   const MatrixD &filter,
                                                   const FitOptions &options) {
  FittedFilter fitted{MatrixD(filter.rows(), filter.cols()),
                      VectorD(filter.rows())};
  forEachGroup(samples, filter, options,
               [&](int64_t first, int64_t rows, const FilterProblem &problem,
                   const Statistics &statistics) {
                 // A quarter of the limit is for the bias, which has to be an
                 // integer of these units, too.
                 VectorD bias = statistics.outputMeans -
                                problem.filter * statistics.inputMeans;
                 VectorD unit = chooseWeightScales(problem).cwiseMax(
                     bias.cwiseAbs() * (4 / options.sumLimit));
                 MatrixD integers = options.useGptq
                                        ? roundByGptq(problem, unit)
                                        : roundToNearest(problem.filter, unit);
                 descend(problem, unit, integers);
                 fitted.integers.middleRows(first, rows) = integers;
                 fitted.unit.segment(first, rows) = unit;
               });
  double most = fitted.integers.cwiseAbs().rowwise().sum().maxCoeff();
  if (most * options.largestInput >= options.sumLimit / 2)
    return std::nullopt;
  return fitted;
}

MatrixD mobileone::fitReals(const LayerSamples &samples, const MatrixD &filter,
                            const FitOptions &options) {
  MatrixD fitted(filter.rows(), filter.cols());
  forEachGroup(samples, filter, options,
               [&](int64_t first, int64_t rows, const FilterProblem &problem,
                   const Statistics &) {
                 fitted.middleRows(first, rows) = problem.filter;
               });
  return fitted;
}

std::vector<int32_t> mobileone::getIntegerBias(const FittedFilter &fitted,
                                               const VectorD &outputMeans,
                                               const VectorD &sumMeans) {
  std::vector<int32_t> bias;
  for (int64_t row = 0; row != fitted.unit.size(); ++row)
    bias.push_back(static_cast<int32_t>(
        roundToEven(outputMeans[row] / fitted.unit[row] - sumMeans[row])));
  return bias;
}

IntegerFilter mobileone::makeIntegerFilter(const FittedFilter &fitted,
                                           std::vector<int32_t> bias) {
  const MatrixD &integers = fitted.integers;
  return {{integers.data(), integers.data() + integers.size()},
          std::move(bias),
          {fitted.unit.begin(), fitted.unit.end()}};
}
