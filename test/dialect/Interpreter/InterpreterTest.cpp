// Each op against numbers derived by hand.
#include "TestModule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace mlir;
using namespace mobileone;

/// A function from `%x` of type `input` to `%y` of type `output`.
static std::string function(const std::string &input, const std::string &output,
                            const std::string &body) {
  return "func.func @f(%x: " + input + ") -> " + output + " {\n" + body +
         "\nreturn %y : " + output + "\n}";
}

using Values = std::vector<double>;

// Windows of 3x3 at stride 2 with one pixel of zeros around
//   1 2 3    sum to  1+2+4+5 = 12  2+3+5+6 = 16
//   4 5 6            4+5+7+8 = 24  5+6+8+9 = 28,  plus the bias 10.
//   7 8 9
TEST(Conv, PadsWithZerosAndStrides) {
  TestModule module(function("tensor<1x1x3x3xf32>", "tensor<1x1x2x2xf32>", R"(
    %y = mobileone.conv %x filter = dense<1.0> : tensor<1x1x3x3xf32> bias = dense<10.0> : tensor<1xf32>
      strides = [2, 2] padding = [1, 1] groups = 1 : tensor<1x1x3x3xf32> -> tensor<1x1x2x2xf32>)"));
  EXPECT_EQ(module.run({{1, 1, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9}}),
            (Values{22, 26, 34, 38}));
}

// The filter is not flipped: 1 * 1 + 2 * 10 = 21, 2 * 1 + 3 * 10 = 32.
TEST(Conv, CorrelatesAlongTheWidth) {
  TestModule module(function("tensor<1x1x1x3xf32>", "tensor<1x1x1x2xf32>", R"(
    %y = mobileone.conv %x filter = dense<[[[[1.0, 10.0]]]]> : tensor<1x1x1x2xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x1x3xf32> -> tensor<1x1x1x2xf32>)"));
  EXPECT_EQ(module.run({{1, 1, 1, 3}, {1, 2, 3}}), (Values{21, 32}));
}

// With the largest padding each output sees the one pixel under another tap.
TEST(Conv, EachTapAlone) {
  TestModule module(function("tensor<1x1x1x1xf32>", "tensor<1x1x2x3xf32>", R"(
    %y = mobileone.conv %x filter = dense<[[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]]> : tensor<1x1x2x3xf32>
      strides = [1, 1] padding = [1, 2] groups = 1 : tensor<1x1x1x1xf32> -> tensor<1x1x2x3xf32>)"));
  EXPECT_EQ(module.run({{1, 1, 1, 1}, {10}}), (Values{60, 50, 40, 30, 20, 10}));
}

// Taps are two pixels apart, of which the first and the last stand in the
// padding: 0 + 1 * 10 + 3 * 100 = 310, 0 + 20 + 400, 1 + 30 + 500, 2 + 40 + 0,
// 3 + 50 + 0.
TEST(Conv, DilatesTheFilter) {
  TestModule module(function("tensor<1x1x1x5xf32>", "tensor<1x1x1x5xf32>", R"(
    %y = mobileone.conv %x filter = dense<[[[[1.0, 10.0, 100.0]]]]> : tensor<1x1x1x3xf32>
      strides = [1, 1] padding = [0, 2] dilations = [1, 2] groups = 1 : tensor<1x1x1x5xf32> -> tensor<1x1x1x5xf32>)"));
  EXPECT_EQ(module.run({{1, 1, 1, 5}, {1, 2, 3, 4, 5}}),
            (Values{310, 420, 531, 42, 53}));
}

// Rows 0, 3 and 6 of output row 0, rows 2, 5 and 8 of output row 1.
TEST(Conv, DilatesAndStrides) {
  TestModule module(function("tensor<1x1x9x1xf32>", "tensor<1x1x2x1xf32>", R"(
    %y = mobileone.conv %x filter = dense<[[[[1.0], [10.0], [100.0]]]]> : tensor<1x1x3x1xf32>
      strides = [2, 1] padding = [0, 0] dilations = [3, 1] groups = 1 : tensor<1x1x9x1xf32> -> tensor<1x1x2x1xf32>)"));
  EXPECT_EQ(module.run({{1, 1, 9, 1}, {1, 2, 3, 4, 5, 6, 7, 8, 9}}),
            (Values{741, 963}));
}

// Strides skip rows and columns of a 1x1 filter, too.
TEST(Conv, PointwiseWithStrides) {
  TestModule module(function("tensor<1x1x3x3xf32>", "tensor<1x1x2x1xf32>", R"(
    %y = mobileone.conv %x filter = dense<2.0> : tensor<1x1x1x1xf32>
      strides = [2, 3] padding = [0, 0] groups = 1 : tensor<1x1x3x3xf32> -> tensor<1x1x2x1xf32>)"));
  EXPECT_EQ(module.run({{1, 1, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9}}),
            (Values{2, 14}));
}

// Two groups of two channels, two images:
//   1 * 1 + 2 * 10 = 21, 3 * 100 + 4 * 1000 = 4300, the second image doubled.
TEST(Conv, GroupsSeeTheirChannelsOnly) {
  TestModule module(function("tensor<2x4x1x1xf32>", "tensor<2x2x1x1xf32>", R"(
    %y = mobileone.conv %x filter = dense<[[[[1.0]], [[10.0]]], [[[100.0]], [[1000.0]]]]> : tensor<2x2x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 2 : tensor<2x4x1x1xf32> -> tensor<2x2x1x1xf32>)"));
  EXPECT_EQ(module.run({{2, 4, 1, 1}, {1, 2, 3, 4, 2, 4, 6, 8}}),
            (Values{21, 4300, 42, 8600}));
}

// (3 - 1) / sqrt(3 + 1) * 6 + 7 = 13, (5 - 1) / sqrt(15 + 1) * 2 + 0 = 2
TEST(BatchNorm, NormalizesEachChannel) {
  TestModule module(function("tensor<1x2x1x1xf32>", "tensor<1x2x1x1xf32>", R"(
    %y = mobileone.batch_norm %x gamma = dense<[6.0, 2.0]> : tensor<2xf32> beta = dense<[7.0, 0.0]> : tensor<2xf32>
      mean = dense<1.0> : tensor<2xf32> variance = dense<[3.0, 15.0]> : tensor<2xf32> epsilon = 1.0 : tensor<1x2x1x1xf32>)"));
  EXPECT_EQ(module.run({{1, 2, 1, 1}, {3, 5}}), (Values{13, 2}));
}

// (x + 1) - x is 1 for x = 5, but 0 for x = 2^60: there x + 1 rounds to x.
TEST(Add, SumsFromTheLeft) {
  TestModule module(function("tensor<1x1x1x1xf32>", "tensor<1x1x1x1xf32>", R"(
    %one = mobileone.batch_norm %x gamma = dense<0.0> : tensor<1xf32> beta = dense<1.0> : tensor<1xf32>
      mean = dense<0.0> : tensor<1xf32> variance = dense<1.0> : tensor<1xf32> epsilon = 0.0 : tensor<1x1x1x1xf32>
    %minus = mobileone.conv %x filter = dense<-1.0> : tensor<1x1x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 1 : tensor<1x1x1x1xf32> -> tensor<1x1x1x1xf32>
    %y = mobileone.add %x, %one, %minus : tensor<1x1x1x1xf32>)"));
  EXPECT_EQ(module.run({{1, 1, 1, 1}, {0x1p60}}), (Values{0}));
  EXPECT_EQ(module.run({{1, 1, 1, 1}, {5}}), (Values{1}));
}

/// `kind` of -4, -1, 0, 1 and 4. All kinds keep NaN.
static Values activate(const std::string &kind) {
  TestModule module(function("tensor<1x1x1x6xf32>", "tensor<1x1x1x6xf32>",
                             "%y = mobileone.activation " + kind +
                                 " %x : tensor<1x1x1x6xf32>"));
  Values result =
      module.run({{1, 1, 1, 6},
                  {-4, -1, 0, 1, 4, std::numeric_limits<double>::quiet_NaN()}});
  EXPECT_TRUE(std::isnan(result.back())) << kind;
  result.pop_back();
  return result;
}

static void expectNear(const Values &got, const Values &expected) {
  ASSERT_EQ(got.size(), expected.size());
  for (size_t i = 0; i != got.size(); ++i)
    EXPECT_NEAR(got[i], expected[i], 1e-15) << "at " << i;
}

TEST(Activation, Relu) { EXPECT_EQ(activate("relu"), (Values{0, 0, 0, 1, 4})); }

// The distribution function of the normal distribution is 0.84134474606854295
// at 1 and 0.99996832875816688 at 4.
TEST(Activation, GeluIsOfTheErrorFunction) {
  double one = 0.84134474606854295, four = 0.99996832875816688;
  expectNear(activate("gelu"), {-4 * (1 - four), one - 1, 0, one, 4 * four});
}

// -1 * 2 / 6, 1 * 4 / 6; outside of -3 to 3 it is 0 or the number itself.
TEST(Activation, Hardswish) {
  expectNear(activate("hardswish"), {0, -1.0 / 3, 0, 2.0 / 3, 4});
}

TEST(Activation, Silu) {
  double e = std::exp(1.0), e4 = std::exp(4.0);
  expectNear(activate("silu"),
             {-4 / (1 + e4), -1 / (1 + e), 0, e / (1 + e), 4 * e4 / (1 + e4)});
}

// Means 2 and 4. hidden = 1 * 2 - 0.5 * 4 + 3 = 3; gates sigmoid(0 * 3 + 0)
// and sigmoid(1 * 3 - 3), both 1/2. In the second image the means are 0 and
// 8, hidden = max(0, 0 - 4 + 3) = 0, gates 1/2 and sigmoid(-3).
TEST(SqueezeExcite, GatesEachChannelOfEachImage) {
  TestModule module(function("tensor<2x2x1x2xf32>", "tensor<2x2x1x2xf32>", R"(
    %y = mobileone.squeeze_excite %x
      reduce = dense<[[1.0, -0.5]]> : tensor<1x2xf32>, dense<3.0> : tensor<1xf32>
      expand = dense<[[0.0], [1.0]]> : tensor<2x1xf32>, dense<[0.0, -3.0]> : tensor<2xf32> : tensor<2x2x1x2xf32>)"));
  double gate = 1 / (1 + std::exp(3.0));
  EXPECT_EQ(module.run({{2, 2, 1, 2}, {1, 3, 4, 4, -1, 1, 6, 10}}),
            (Values{0.5, 1.5, 2, 2, -0.5, 0.5, 6 * gate, 10 * gate}));
}

// 3 / 6 + 1 / 2 is 1, as is all above, -1.5 / 6 + 1 / 2 = 1 / 4, below -3 all
// is 0.
TEST(SqueezeExcite, HasHardGates) {
  TestModule module(function("tensor<1x4x1x1xf32>", "tensor<1x4x1x1xf32>", R"(
    %y = mobileone.squeeze_excite %x
      reduce = dense<0.0> : tensor<1x4xf32>, dense<0.0> : tensor<1xf32>
      expand = dense<0.0> : tensor<4x1xf32>, dense<[3.0, 5.0, -1.5, -4.0]> : tensor<4xf32>
      gate = hardsigmoid : tensor<1x4x1x1xf32>)"));
  EXPECT_EQ(module.run({{1, 4, 1, 1}, {7, 8, 8, 9}}), (Values{7, 8, 2, 0}));
}

// (255 / 255 - 0.5) / 0.25 = 2, (0 / 255 - 1) / 0.5 = -2: NHWC to NCHW.
TEST(ReadImage, NormalizesBytes) {
  TestModule module(function("tensor<1x1x2x2xui8>", "tensor<1x2x1x2xf32>", R"(
    %y = mobileone.read_image %x mean = [5.000000e-01, 1.000000e+00] std = [2.500000e-01, 5.000000e-01]
      : tensor<1x1x2x2xui8> -> tensor<1x2x1x2xf32>)"));
  EXPECT_EQ(module.run({{1, 1, 2, 2}, {255, 255, 0, 0}}),
            (Values{2, -2, 0, -2}));
}

// The caller's order, the network's red, green, blue; alpha is not read.
TEST(ReadImage, TakesPixelsInTheirOrder) {
  for (auto [order, pixel] : {std::pair("rgb", Values{51, 102, 204}),
                              {"bgr", {204, 102, 51}},
                              {"rgba", {51, 102, 204, 7}},
                              {"bgra", {204, 102, 51, 7}}}) {
    std::string elements = std::to_string(pixel.size());
    TestModule module(function(
        "tensor<1x1x1x" + elements + "xui8>", "tensor<1x3x1x1xf32>",
        std::string("%y = mobileone.read_image %x order = ") + order +
            " mean = [0.0, 0.0, 0.0] std = [2.0, 1.0, 0.5] : tensor<1x1x1x" +
            elements + "xui8> -> tensor<1x3x1x1xf32>"));
    EXPECT_EQ(module.run({{1, 1, 1, int64_t(pixel.size())}, pixel}),
              (Values{0.1, 0.4, 1.6}))
        << order;
  }
}

// Of floats only the layout changes.
TEST(ReadImage, TransposesFloats) {
  TestModule module(function("tensor<1x1x2x3xf32>", "tensor<1x3x1x2xf32>", R"(
    %y = mobileone.read_image %x mean = [0.0, 0.0, 0.0] std = [1.0, 1.0, 1.0]
      : tensor<1x1x2x3xf32> -> tensor<1x3x1x2xf32>)"));
  EXPECT_EQ(module.run({{1, 1, 2, 3}, {1, 2, 3, 4, 5, 6}}),
            (Values{1, 4, 2, 5, 3, 6}));
}

TEST(GlobalAveragePool, AveragesEachChannel) {
  TestModule module(
      function("tensor<1x2x1x2xf32>", "tensor<1x2xf32>",
               "%y = mobileone.global_average_pool %x : tensor<1x2x1x2xf32> -> "
               "tensor<1x2xf32>"));
  EXPECT_EQ(module.run({{1, 2, 1, 2}, {1, 4, 6, 10}}), (Values{2.5, 8}));
}

// Means 1 and 2; 1 * 1 + 2 * 10 + 100 = 121, 1 * 3 + 2 * 4 + 0 = 11; the
// second image is the first one negated: -21 + 100, -11.
TEST(Linear, MultipliesEachRow) {
  TestModule module(function("tensor<2x2x1x1xf32>", "tensor<2x2xf32>", R"(
    %0 = mobileone.global_average_pool %x : tensor<2x2x1x1xf32> -> tensor<2x2xf32>
    %y = mobileone.linear "head" %0 weight = dense<[[1.0, 10.0], [3.0, 4.0]]> : tensor<2x2xf32>
      bias = dense<[100.0, 0.0]> : tensor<2xf32> : tensor<2x2xf32> -> tensor<2x2xf32>)"));
  EXPECT_EQ(module.run({{2, 2, 1, 1}, {1, 2, -1, -2}}),
            (Values{121, 11, 79, -11}));
}

// exp(0) : exp(log 3) = 1 : 3. Large logits do not overflow.
TEST(Softmax, NormalizesEachRow) {
  TestModule module(function("tensor<2x2xf32>", "tensor<2x2xf32>",
                             "%y = mobileone.softmax %x : tensor<2x2xf32>"));
  Values result = module.run({{2, 2}, {0, std::log(3.0), 1000, 1000}});
  EXPECT_NEAR(result[0], 0.25, 1e-15);
  EXPECT_NEAR(result[1], 0.75, 1e-15);
  EXPECT_EQ(result[2], 0.5);
  EXPECT_EQ(result[3], 0.5);
}

//===----------------------------------------------------------------------===//
// The walk
//===----------------------------------------------------------------------===//

TEST(Interpreter, ShowsEachResultBlocksAfterTheirOps) {
  TestModule module(function("tensor<1x1x1x1xf32>", "tensor<1x1x1x1xf32>", R"(
    %y = mobileone.block "stem" (%in = %x) : tensor<1x1x1x1xf32> -> tensor<1x1x1x1xf32> {
      %0 = mobileone.add %in, %in : tensor<1x1x1x1xf32>
      %1 = mobileone.activation relu %0 : tensor<1x1x1x1xf32>
      mobileone.yield %1 : tensor<1x1x1x1xf32>
    })"));
  std::string seen;
  auto result = interpret(module.getFunc(), {{1, 1, 1, 1}, {-3}},
                          [&](Operation *op, const Tensor64 &tensor) {
                            seen += op->getName().stripDialect().str() + " " +
                                    std::to_string(int(tensor.values[0])) +
                                    "\n";
                          });
  ASSERT_TRUE(succeeded(result));
  EXPECT_EQ(seen, "add -6\nactivation 0\nblock 0\n");
}

/// The diagnostics that running `text` on `image` emits.
static std::string getError(const std::string &text, const Tensor64 &image) {
  TestModule module(text);
  std::string error;
  ScopedDiagnosticHandler handler(&module.context, [&](Diagnostic &diagnostic) {
    error += diagnostic.str();
  });
  EXPECT_TRUE(failed(interpret(module.getFunc(), image)));
  return error;
}

TEST(Interpreter, RefusesAnUnknownOp) {
  EXPECT_EQ(getError(function("tensor<1x1xf32>", "tensor<1x1xf32>",
                              "%y = \"other.op\"(%x) : (tensor<1x1xf32>) -> "
                              "tensor<1x1xf32>"),
                     {{1, 1}, {0}}),
            "'other.op' op is unknown to the interpreter");
}

TEST(Interpreter, RefusesAnImageOfAnotherShape) {
  EXPECT_EQ(getError(function("tensor<1x2xf32>", "tensor<1x2xf32>",
                              "%y = mobileone.softmax %x : tensor<1x2xf32>"),
                     {{1, 3}, {0, 0, 0}}),
            "'func.func' op expects an image of type 'tensor<1x2xf32>', but "
            "got 1x3");
}

TEST(Interpreter, RefusesADeclaration) {
  EXPECT_EQ(getError("func.func private @f(tensor<1x2xf32>)", {{1, 2}, {0, 0}}),
            "'func.func' op expects a body and one argument, the image");
}

TEST(Interpreter, ReturnsSeveralResultsInTheirOrder) {
  TestModule module("func.func @f(%x: tensor<1x2xf32>) -> (tensor<1x2xf32>, "
                    "tensor<1x2xf32>) {\n"
                    "%y = mobileone.softmax %x : tensor<1x2xf32>\n"
                    "return %y, %x : tensor<1x2xf32>, tensor<1x2xf32>\n}");
  auto results = interpret(module.getFunc(), {{1, 2}, {3, 3}});
  ASSERT_TRUE(succeeded(results));
  ASSERT_EQ(results->size(), 2u);
  EXPECT_EQ((*results)[0].values, (std::vector{0.5, 0.5}));
  EXPECT_EQ((*results)[1].values, (std::vector{3.0, 3.0}));
}

// Two images of two channels and two rows of one pixel.
TEST(Interpreter, PutsChannelsLast) {
  TestModule module(
      function("tensor<2x2x2x1xf32>", "tensor<2x2x1x2xf32>",
               "%y = mobileone.channels_last %x : tensor<2x2x2x1xf32> -> "
               "tensor<2x2x1x2xf32>"));
  EXPECT_EQ(module.run({{2, 2, 2, 1}, {1, 2, 3, 4, 5, 6, 7, 8}}),
            (std::vector<double>{1, 3, 2, 4, 5, 7, 6, 8}));
}
