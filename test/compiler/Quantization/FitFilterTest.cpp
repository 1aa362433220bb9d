// Layers in integers: their mean outputs, their groups, their range.
#include "compiler/Quantization/FitFilter.h"
#include "RandomNumbers.h"

#include <gtest/gtest.h>

using namespace mobileone;

namespace {

/// A layer of `groups` groups of `rows` rows of `inputs` numbers.
struct Layer {
  Layer(int64_t groups, int64_t rows, int64_t inputs)
      : filter(random.makeDoubles(groups * rows, inputs)) {
    options.groups = groups;
    samples.inputs = random.makeBytes(groups * inputs, 400);
    samples.outputs.resize(groups * rows, 400);
    for (int64_t o = 0; o != filter.rows(); ++o)
      samples.outputs.row(o) =
          filter.row(o).cast<float>() *
          samples.inputs.middleRows(o / rows * inputs, inputs);
    samples.outputs.array() += 3;
  }

  /// What integers of `fitted` give, without a bias.
  MatrixD run(const MatrixD &integers) const {
    MatrixD sums(integers.rows(), samples.inputs.cols());
    int64_t rows = integers.rows() / options.groups;
    for (int64_t o = 0; o != integers.rows(); ++o)
      sums.row(o) =
          integers.row(o) *
          samples.inputs.middleRows(o / rows * integers.cols(), integers.cols())
              .cast<double>();
    return sums;
  }

  RandomNumbers random;
  MatrixD filter;
  FitOptions options;
  LayerSamples samples;
};

} // namespace

TEST(FitFilter, GivesTheOutputsOfTheFloatLayer) {
  for (auto [groups, rows, inputs] :
       {std::tuple(1, 6, 60), std::tuple(8, 1, 9), std::tuple(2, 3, 5)}) {
    Layer layer(groups, rows, inputs);
    std::optional<FittedFilter> fitted =
        fitIntegers(layer.samples, layer.filter, layer.options);
    ASSERT_TRUE(fitted);
    MatrixD sums = layer.run(fitted->integers);
    MatrixD expected = layer.samples.outputs.cast<double>();
    std::vector<int32_t> bias = getIntegerBias(
        *fitted, expected.rowwise().mean(), sums.rowwise().mean());
    IntegerFilter filter = makeIntegerFilter(*fitted, bias);
    for (int64_t o = 0; o != sums.rows(); ++o) {
      Eigen::RowVectorXd actual =
          (sums.row(o).array() + filter.bias[o]) * filter.unit[o];
      // The mean but for half a unit, and the rest within 3 %.
      EXPECT_NEAR(actual.mean(), expected.row(o).mean(), 0.51 * filter.unit[o]);
      Eigen::RowVectorXd error = actual - expected.row(o);
      Eigen::RowVectorXd spread =
          expected.row(o).array() - expected.row(o).mean();
      EXPECT_LT(error.norm(), 0.03 * spread.norm());
      for (int64_t k = 0; k != inputs; ++k)
        EXPECT_EQ(filter.weights[o * inputs + k], fitted->integers(o, k));
    }
  }
}

TEST(FitFilter, ChoosesUnitsThatHoldTheBias) {
  Layer layer(8, 1, 9);
  layer.filter.row(2).setZero();
  layer.samples.outputs.row(2).setConstant(5);
  layer.options.sumLimit = 1 << 24;
  std::optional<FittedFilter> fitted =
      fitIntegers(layer.samples, layer.filter, layer.options);
  ASSERT_TRUE(fitted);
  EXPECT_TRUE(fitted->integers.row(2).isZero(0));
  // 5 is a quarter of the limit.
  EXPECT_DOUBLE_EQ(fitted->unit[2], 5 / 4194304.0);
}

TEST(FitFilter, RefusesSumsOutOfRange) {
  Layer layer(1, 6, 60);
  layer.options.sumLimit = 60 * 255;
  EXPECT_FALSE(fitIntegers(layer.samples, layer.filter, layer.options));
}

// With outputs of another filter, the real weights are that one.
TEST(FitFilter, RefitsRealWeights) {
  Layer layer(2, 3, 5);
  layer.options.ridge = 1e-6;
  MatrixD other = layer.random.makeDoubles(6, 5);
  MatrixD fitted = fitReals(layer.samples, other, layer.options);
  EXPECT_TRUE(fitted.isApprox(layer.filter, 1e-3));
  layer.options.isRefit = false;
  EXPECT_EQ(fitReals(layer.samples, other, layer.options), other);
}
