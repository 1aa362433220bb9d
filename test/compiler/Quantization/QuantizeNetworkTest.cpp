// Whole networks: what is written, what the interpreter makes of it, and what
// is refused.
#include "NetworkText.h"
#include "compiler/Quantization/Calibrate.h"
#include "compiler/Quantization/WriteNetwork.h"
#include "mlir/IR/Verifier.h"
#include "test/dialect/Interpreter/TestModule.h"

#include <gtest/gtest.h>

using namespace mlir;
using namespace mobileone;

namespace {

/// Smooth images, as photographs are.
CalibrationImages makeImages(int64_t count) {
  RandomNumbers random;
  CalibrationImages images;
  for (int64_t image = 0; image != count * 3; ++image) {
    double x = random.next(), y = random.next(), phase = 3 * random.next();
    for (int64_t i = 0; i != 12 * 12; ++i)
      images.floats.push_back(
          static_cast<float>(std::sin(phase + x * static_cast<double>(i % 12) +
                                      y * static_cast<double>(i / 12)) +
                             0.2 * random.next()));
  }
  return images;
}

/// 20 log10 of signal by noise of the second results beside the first.
double getSqnr(const std::vector<double> &expected,
               const std::vector<double> &actual) {
  Noise noise;
  for (auto [e, a] : llvm::zip_equal(expected, actual))
    noise.include(e, a);
  return noise.getSqnr();
}

Tensor64 makeTensor(ArrayRef<float> image) {
  return {{1, 3, 12, 12}, {image.begin(), image.end()}};
}

/// All blocks' results of a quantized network, by the interpreter and by the
/// quantizer's own forward pass, for one image.
struct BothResults {
  explicit BothResults(const std::string &text,
                       std::optional<std::vector<bool>> isReal = {})
      : module(text) {
    FailureOr<ReadNetwork> read = readNetwork(module.getFunc());
    auto images = readImages(module.getFunc(), makeImages(24));
    if (failed(read) || failed(images))
      return;
    std::vector<float> image = images->front();
    if (!isReal) {
      isReal.emplace(read->blocks.size(), false);
      isReal->front() = true;
    }
    QuantizationReport report;
    QuantizedNetwork quantized =
        calibrate(read->network, *images, {*isReal, 0.65}, report);
    logits = runQuantized(
        read->network, quantized, image,
        [&](size_t, const LayerValue &result) { own.push_back(result); });
    writeNetwork(*read, quantized);
    EXPECT_TRUE(succeeded(verify(*module.module)));
    auto results = interpret(module.getFunc(), makeTensor(image),
                             [&](Operation *op, const Tensor64 &tensor) {
                               if (isa<BlockOp>(op))
                                 interpreted.push_back(tensor.values);
                             });
    if (succeeded(results))
      interpretedLogits = results->front().values;
    EXPECT_EQ(own.size(), interpreted.size());
  }

  TestModule module;
  std::vector<LayerValue> own;
  std::vector<std::vector<double>> interpreted;
  std::vector<float> logits;
  std::vector<double> interpretedLogits;
};

/// The largest difference of bytes.
double getDistance(const LayerValue &own, const std::vector<double> &expected) {
  double largest = 0;
  for (auto [byte, number] : llvm::zip_equal(own.bytes, expected))
    largest = std::max(largest, std::abs(byte - number));
  return largest;
}

/// The diagnostics of quantizing `text`.
std::string getError(const std::string &text, const CalibrationImages &images,
                     const QuantizeOptions &options = {}) {
  TestModule module(text);
  std::string error;
  ScopedDiagnosticHandler handler(&module.context, [&](Diagnostic &diagnostic) {
    error += diagnostic.str();
  });
  QuantizationReport report;
  EXPECT_TRUE(
      failed(quantizeNetwork(module.getFunc(), images, options, report)));
  return error;
}

std::string makeText() {
  NetworkText text;
  text.addPairs(4);
  text.addPool();
  text.addHead();
  return text.str();
}

} // namespace

// Sums of integers and bytes are the very same, logits but for a rounding.
TEST(QuantizeNetwork, GivesTheIntegersOfTheInterpreter) {
  BothResults both(makeText());
  ASSERT_EQ(both.own.size(), 9u);
  for (auto [own, interpreted] : llvm::zip_equal(both.own, both.interpreted)) {
    ASSERT_FALSE(own.bytes.empty());
    EXPECT_EQ(getDistance(own, interpreted), 0);
    EXPECT_GT(llvm::count_if(own.bytes, [](uint8_t b) { return b > 100; }), 0);
  }
  for (auto [own, interpreted] :
       llvm::zip_equal(both.logits, both.interpretedLogits))
    EXPECT_FLOAT_EQ(own, static_cast<float>(interpreted));
}

// What a sensitive block reads and gives to another one is real. Real weights
// are added in another order: a sum next to a half may become another byte.
TEST(QuantizeNetwork, KeepsSensitiveBlocksReal) {
  BothResults both(makeText(), std::vector<bool>{true, true, false, false, true,
                                                 true, false, true, false});
  ASSERT_EQ(both.own.size(), 9u);
  for (size_t i : {1, 2, 5, 7, 8})
    EXPECT_LE(getDistance(both.own[i], both.interpreted[i]), 1) << i;
  for (size_t i : {0, 3, 4, 6})
    for (auto [own, interpreted] :
         llvm::zip_equal(both.own[i].floats, both.interpreted[i]))
      EXPECT_NEAR(own, interpreted, 2e-2 * std::max(1.0, interpreted)) << i;
}

TEST(QuantizeNetwork, ScalesByGatesInFloats) {
  NetworkText text;
  text.addPairs(3, /*hasGates=*/true);
  text.addPool();
  text.addHead();
  BothResults both(text.str());
  ASSERT_EQ(both.own.size(), 7u);
  for (auto [own, interpreted] : llvm::zip_equal(both.own, both.interpreted))
    EXPECT_LE(getDistance(own, interpreted), 1);
}

// All results are real numbers again, near those of the float network.
TEST(QuantizeNetwork, ReturnsRealNumbers) {
  NetworkText text;
  text.addPairs(2);
  text.addFeatures();
  text.addPairs(2);
  text.addFeatures();
  text.addPool();
  CalibrationImages images = makeImages(24);
  TestModule floats(text.str()), integers(text.str());
  QuantizationReport report;
  ASSERT_TRUE(succeeded(
      quantizeNetwork(integers.getFunc(), images, QuantizeOptions(), report)));
  ASSERT_TRUE(succeeded(verify(*integers.module)));
  Tensor64 image = makeTensor(ArrayRef(images.floats).take_front(3 * 12 * 12));
  auto expected = interpret(floats.getFunc(), image);
  auto actual = interpret(integers.getFunc(), image);
  ASSERT_TRUE(succeeded(expected) && succeeded(actual));
  ASSERT_EQ(actual->size(), 3u);
  for (size_t i = 0; i != 3; ++i)
    EXPECT_GT(getSqnr((*expected)[i].values, (*actual)[i].values), 20) << i;
}

// 144 pixels of 255 are more than 15 bits: averages and the classifier stay
// real.
TEST(QuantizeNetwork, KeepsTheClassifierOfLargeMapsReal) {
  NetworkText text;
  text.addBlock(8, 1, 3, 1);
  text.addBlock(8, 8, 3, 1);
  text.addPool();
  text.addHead();
  TestModule module(text.str());
  QuantizationReport report;
  ASSERT_TRUE(succeeded(quantizeNetwork(module.getFunc(), makeImages(8),
                                        QuantizeOptions(), report)));
  EXPECT_TRUE(succeeded(verify(*module.module)));
  EXPECT_FALSE(report.layers.back().hasIntegers);
  EXPECT_GT(report.sqnr, 25);
}

// A channel whose weights are nothing, but not its bias: its sums stay within
// their range.
TEST(QuantizeNetwork, HasDeadChannels) {
  std::string text = R"mlir(
func.func @f(%x: tensor<1x3x12x12xf32>) -> tensor<1x3x12x12xf32> {
  %0 = mobileone.block "stem" (%in = %x) : tensor<1x3x12x12xf32> -> tensor<1x3x12x12xf32> {
    %c = mobileone.conv %in filter = dense<[[[[1.0]]], [[[2.0]]], [[[3.0]]]]> : tensor<3x1x1x1xf32>
      strides = [1, 1] padding = [0, 0] groups = 3 : tensor<1x3x12x12xf32> -> tensor<1x3x12x12xf32>
    %a = mobileone.activation relu %c : tensor<1x3x12x12xf32>
    mobileone.yield %a : tensor<1x3x12x12xf32>
  }
  %1 = mobileone.block "stage1.0" (%in = %0) : tensor<1x3x12x12xf32> -> tensor<1x3x12x12xf32> {
    %c = mobileone.conv %in filter = dense<[[[[1.0]]], [[[1.0e-7]]], [[[0.0]]]]> : tensor<3x1x1x1xf32>
      bias = dense<[0.0, 0.5, -1.0]> : tensor<3xf32>
      strides = [1, 1] padding = [0, 0] groups = 3 : tensor<1x3x12x12xf32> -> tensor<1x3x12x12xf32>
    %a = mobileone.activation relu %c : tensor<1x3x12x12xf32>
    mobileone.yield %a : tensor<1x3x12x12xf32>
  }
  return %1 : tensor<1x3x12x12xf32>
})mlir";
  TestModule module(text);
  CalibrationImages images = makeImages(8);
  QuantizationReport report;
  ASSERT_TRUE(succeeded(
      quantizeNetwork(module.getFunc(), images, QuantizeOptions(), report)));
  EXPECT_TRUE(succeeded(verify(*module.module)));
  EXPECT_EQ(report.layers[1].deadChannels, 2);
  std::vector<double> result =
      module.run(makeTensor(ArrayRef(images.floats).take_front(3 * 12 * 12)));
  ASSERT_EQ(result.size(), size_t(3 * 12 * 12));
  for (size_t i = 0; i != 144; ++i) {
    EXPECT_NEAR(result[144 + i], 0.5, 0.01);
    EXPECT_EQ(result[288 + i], 0);
  }
}

TEST(QuantizeNetwork, RefusesWhatItCannotQuantize) {
  CalibrationImages images = makeImages(2);
  NetworkText gelu;
  gelu.addBlock(8, 1, 3, 2, "gelu");
  gelu.addFeatures();
  EXPECT_EQ(getError(gelu.str(), images),
            "'mobileone.block' op expects a ReLU in 'stage0' to quantize it, "
            "but got gelu");
  NetworkText none;
  none.addBlock(8, 1, 3, 2, "");
  none.addFeatures();
  EXPECT_EQ(getError(none.str(), images),
            "'mobileone.block' op expects a ReLU in 'stage0' to quantize it, "
            "but got no activation");
  QuantizeOptions options;
  options.sensitive = {"stage9.9"};
  EXPECT_EQ(getError(makeText(), images, options),
            "'func.func' op expects names of its blocks as sensitive layers, "
            "but got 'stage9.9'");
  images.floats.pop_back();
  EXPECT_EQ(getError(makeText(), images),
            "'func.func' op expects images of 432 floats each to calibrate by, "
            "but got 0 bytes and 863 floats");
  images.floats.push_back(std::nanf(""));
  EXPECT_EQ(getError(makeText(), images),
            "'func.func' op expects finite numbers in images to calibrate by, "
            "but got nan");
}

TEST(QuantizeNetwork, IsTheSameAgain) {
  std::string first;
  for (int time = 0; time != 2; ++time) {
    TestModule module(makeText());
    QuantizationReport report;
    ASSERT_TRUE(succeeded(quantizeNetwork(module.getFunc(), makeImages(8),
                                          QuantizeOptions(), report)));
    std::string text;
    llvm::raw_string_ostream(text) << *module.module;
    EXPECT_TRUE(time == 0 || text == first);
    first = text;
  }
}
