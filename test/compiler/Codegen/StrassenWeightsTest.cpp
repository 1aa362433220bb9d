// Sums of weights that are made when a network is compiled.
#include "compiler/Codegen/StrassenWeights.h"
#include "dialect/IR/Weights.h"
#include "mlir/IR/MLIRContext.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mobileone;

namespace {

/// A panel of lanes of one element, or more of them.
ElementsAttr makeMatrix(MLIRContext &context, ArrayRef<int64_t> shape,
                        ArrayRef<float> values) {
  return makeWeights(&context, shape, values, "matrix");
}

} // namespace

TEST(StrassenWeightsTest, HalvesAreInTheOrderOfTheirUse) {
  MLIRContext context;
  // B11 = 1, B21 = 10, B12 = 100, B22 = 1000.
  ElementsAttr packed =
      packWeightSums(makeMatrix(context, {2, 2, 1}, {1, 10, 100, 1000}), 1);
  EXPECT_EQ(packed.getShapedType().getShape(), ArrayRef<int64_t>({7, 1, 1}));
  // T1 = 99, T2 = 1000 - 99, T3 = 900, T4 = 10 - T2.
  EXPECT_EQ(readRoundedWeights(packed),
            SmallVector<float>({1, 10, 901, 99, 1000, 900, -891}));
}

TEST(StrassenWeightsTest, LanesAndPanelsKeepTheirPlaces) {
  MLIRContext context;
  // Of two panels a half, of two steps, of two lanes: panel, step, lane.
  SmallVector<float> matrix;
  for (int panel = 0; panel != 4; ++panel)
    for (int step = 0; step != 4; ++step)
      for (int lane = 0; lane != 2; ++lane)
        matrix.push_back(100 * panel + 10 * step + lane);
  SmallVector<float> packed = readRoundedWeights(
      packWeightSums(makeMatrix(context, {4, 4, 2}, matrix), 1));
  ASSERT_EQ(packed.size(), 7u * 8);
  ArrayRef<float> all = packed;
  EXPECT_EQ(all.slice(0, 8),
            ArrayRef<float>({0, 1, 10, 11, 100, 101, 110, 111})); // B11
  EXPECT_EQ(all.slice(8, 8),
            ArrayRef<float>({20, 21, 30, 31, 120, 121, 130, 131})); // B21
  EXPECT_EQ(all.slice(24, 8), ArrayRef<float>(SmallVector<float>(8, 200)));
  EXPECT_EQ(all.slice(32, 8),
            ArrayRef<float>({220, 221, 230, 231, 320, 321, 330, 331})); // B22
}

TEST(StrassenWeightsTest, ASecondLevelHasHalvesOfHalves) {
  MLIRContext context;
  SmallVector<float> matrix;
  for (int i = 0; i != 16; ++i)
    matrix.push_back(i * i);
  ElementsAttr once = packWeightSums(makeMatrix(context, {4, 4, 1}, matrix), 1),
               twice =
                   packWeightSums(makeMatrix(context, {4, 4, 1}, matrix), 2);
  EXPECT_EQ(twice.getShapedType().getShape(), ArrayRef<int64_t>({49, 1, 1}));
  SmallVector<float> expected;
  SmallVector<float> halves = readRoundedWeights(once);
  for (int i = 0; i != 7; ++i)
    llvm::append_range(
        expected,
        readRoundedWeights(packWeightSums(
            makeMatrix(context, {2, 2, 1}, ArrayRef(halves).slice(4 * i, 4)),
            1)));
  EXPECT_EQ(readRoundedWeights(twice), expected);
}
