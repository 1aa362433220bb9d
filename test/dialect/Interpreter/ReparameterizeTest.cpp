// The property behind docs/Reparameterization.md: a train-time block and its
// reparameterized form compute the same.
#include "TestModule.h"

#include "dialect/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/ADT/StringExtras.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace mlir;
using namespace mobileone;

namespace {

/// Writes train-time blocks whose weights come from a fixed random sequence.
class BlockText {
public:
  BlockText(int64_t channels, int64_t extent)
      : channels(std::to_string(channels)),
        type("tensor<1x" + this->channels + "x" + std::to_string(extent) + "x" +
             std::to_string(extent) + "xf32>"),
        channelCount(channels) {}

  /// A convolution, `groupChannels` inputs per filter, and its batch norm.
  void addConv(int64_t kernel, int64_t groupChannels, int64_t dilation = 1) {
    std::string shape = channels + "x" + std::to_string(groupChannels) + "x" +
                        std::to_string(kernel) + "x" + std::to_string(kernel);
    std::string padding = std::to_string(kernel / 2 * dilation),
                distance = std::to_string(dilation);
    std::string conv = "%c" + std::to_string(branches++);
    body += conv + " = mobileone.conv %in filter = " +
            weights(shape, channelCount * groupChannels * kernel * kernel, -1) +
            " strides = [1, 1] padding = [" + padding + ", " + padding +
            "] dilations = [" + distance + ", " + distance +
            "] groups = " + std::to_string(channelCount / groupChannels) +
            " : " + type + " -> " + type + "\n";
    addNorm(conv);
  }

  /// A batch norm of `input`; of "%in" it is the identity branch.
  void addNorm(const std::string &input) {
    std::string norm = "%n" + std::to_string(norms++);
    body += norm + " = mobileone.batch_norm " + input +
            " gamma = " + weights(channels, channelCount, -1) +
            " beta = " + weights(channels, channelCount, -1) +
            " mean = " + weights(channels, channelCount, -1) +
            " variance = " + weights(channels, channelCount, 0.1) +
            " epsilon = 1.0e-5 : " + type + "\n";
    sum += (sum.empty() ? "" : ", ") + norm;
  }

  std::string str() const {
    return "func.func @f(%x: " + type + ") -> " + type +
           " {\n%y = mobileone.block \"stage1.0\" (%in = %x) : " + type +
           " -> " + type + " {\n" + body + "%sum = mobileone.add " + sum +
           " : " + type + "\nmobileone.yield %sum : " + type +
           "\n}\nreturn %y : " + type + "\n}";
  }

  /// A number in [smallest, 1).
  double next(double smallest) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    double unit = static_cast<double>(state >> 40) * 0x1p-24;
    return smallest + unit * (1 - smallest);
  }

private:
  std::string weights(const std::string &shape, int64_t count,
                      double smallest) {
    SmallVector<float> values;
    for (int64_t i = 0; i != count; ++i)
      values.push_back(static_cast<float>(next(smallest)));
    StringRef bytes(reinterpret_cast<const char *>(values.data()),
                    values.size() * sizeof(float));
    return "dense<\"0x" + llvm::toHex(bytes) + "\"> : tensor<" + shape +
           "xf32>";
  }

  std::string channels, type, body, sum;
  int64_t channelCount;
  int branches = 0, norms = 0;
  uint64_t state = 1;
};

} // namespace

/// The largest difference relative to the largest number of `expected`.
static double getError(const std::vector<double> &expected,
                       const std::vector<double> &actual) {
  double largest = 0, difference = 0;
  for (auto [e, a] : llvm::zip_equal(expected, actual)) {
    largest = std::max(largest, std::abs(e));
    difference = std::max(difference, std::abs(e - a));
  }
  return difference / largest;
}

static int64_t countConvs(func::FuncOp func) {
  int64_t count = 0;
  func.walk([&](ConvOp) { ++count; });
  return count;
}

/// Compares the block with what the patterns make of it (f64 weights: only the
/// order of the arithmetic differs) and with what the pass makes of it (weights
/// rounded to f32, unit roundoff 2^-24 = 6e-8 for each).
static void expectEqualForms(BlockText &text, int64_t channels,
                             int64_t extent) {
  Tensor64 image{{1, channels, extent, extent}, {}};
  for (int64_t i = 0; i != channels * extent * extent; ++i)
    image.values.push_back(text.next(-1));

  TestModule module(text.str());
  std::vector<double> expected = module.run(image);
  ASSERT_FALSE(expected.empty());

  TestModule folded(text.str());
  RewritePatternSet patterns(&folded.context);
  populateReparameterizePatterns(patterns);
  ASSERT_TRUE(
      succeeded(applyPatternsGreedily(folded.getFunc(), std::move(patterns))));
  EXPECT_EQ(countConvs(folded.getFunc()), 1);
  EXPECT_LT(getError(expected, folded.run(image)), 1e-12);

  PassManager pm(&module.context);
  pm.addNestedPass<func::FuncOp>(createMobileOneReparameterizePass());
  ASSERT_TRUE(succeeded(pm.run(*module.module)));
  EXPECT_EQ(countConvs(module.getFunc()), 1);
  double error = getError(expected, module.run(image));
  EXPECT_LT(error, 1e-6);
  EXPECT_GT(error, 0);
}

TEST(Reparameterize, DepthwiseBlockWithAllBranches) {
  BlockText text(/*channels=*/8, /*extent=*/7);
  text.addConv(/*kernel=*/3, /*groupChannels=*/1);
  text.addConv(/*kernel=*/3, /*groupChannels=*/1);
  text.addConv(/*kernel=*/1, /*groupChannels=*/1);
  text.addNorm("%in");
  expectEqualForms(text, 8, 7);
}

TEST(Reparameterize, DepthwiseBlocksOfEachKernelAndDilation) {
  for (int64_t kernel : {3, 5, 7})
    for (int64_t dilation : {1, 2, 3}) {
      BlockText text(/*channels=*/4, /*extent=*/9);
      text.addNorm("%in");
      text.addConv(/*kernel=*/1, /*groupChannels=*/1);
      text.addConv(kernel, /*groupChannels=*/1, dilation);
      text.addConv(kernel, /*groupChannels=*/1, dilation);
      expectEqualForms(text, 4, 9);
    }
}

TEST(Reparameterize, DenseBlockWithAllBranches) {
  BlockText text(/*channels=*/8, /*extent=*/5);
  text.addNorm("%in");
  text.addConv(/*kernel=*/1, /*groupChannels=*/8);
  text.addConv(/*kernel=*/3, /*groupChannels=*/8);
  expectEqualForms(text, 8, 5);
}

TEST(Reparameterize, GroupedPointwiseBlock) {
  BlockText text(/*channels=*/12, /*extent=*/4);
  text.addConv(/*kernel=*/1, /*groupChannels=*/3);
  text.addConv(/*kernel=*/1, /*groupChannels=*/3);
  text.addNorm("%in");
  expectEqualForms(text, 12, 4);
}
