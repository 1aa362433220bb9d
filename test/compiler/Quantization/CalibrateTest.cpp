// Networks of few blocks, layer by layer.
#include "compiler/Quantization/Calibrate.h"
#include "RandomNumbers.h"

#include <gtest/gtest.h>

using namespace mobileone;

namespace {

/// A stem, a depthwise block with a stride, a pointwise one, and a head.
FloatNetwork makeNetwork(RandomNumbers &random) {
  FloatNetwork network;
  auto add = [&](const std::string &name, int64_t inputs, int64_t outputs,
                 int64_t groups, int64_t edge, int64_t kernel, int64_t stride) {
    FloatBlock block;
    block.name = name;
    ConvShape &shape = block.shape;
    shape.inputChannels = inputs;
    shape.outputChannels = outputs;
    shape.groups = groups;
    shape.input = {edge, edge};
    shape.output = {edge / stride, edge / stride};
    shape.kernel = {kernel, kernel};
    shape.strides = {stride, stride};
    shape.padding = {kernel / 2, kernel / 2};
    for (int64_t i = 0; i != outputs * shape.countUnknowns(); ++i)
      block.filter.push_back(static_cast<float>(random.next()));
    for (int64_t i = 0; i != outputs; ++i)
      block.bias.push_back(static_cast<float>(random.next()));
    network.blocks.push_back(std::move(block));
  };
  add("stem", 3, 8, 1, 12, 3, 1);
  add("depthwise", 8, 8, 8, 12, 3, 2);
  add("pointwise", 8, 12, 1, 6, 1, 1);
  network.isPooled = true;
  MatrixF bias = random.makeFloats(4, 1);
  network.heads.push_back({"head", random.makeFloats(4, 12), bias.col(0)});
  return network;
}

} // namespace

// What the report says is what the quantized network gives on these images.
TEST(Calibrate, ReportsWhatItMade) {
  RandomNumbers random;
  FloatNetwork network = makeNetwork(random);
  std::vector<std::vector<float>> images;
  for (int i = 0; i != 6; ++i) {
    MatrixF image = random.makeFloats(3, 144);
    images.emplace_back(image.data(), image.data() + image.size());
  }
  CalibrationOptions options;
  options.isReal = {true, false, false};
  QuantizationReport report;
  QuantizedNetwork quantized = calibrate(network, images, options, report);
  ASSERT_EQ(report.layers.size(), 4u);
  EXPECT_EQ(report.images, 6);
  for (const LayerReport &layer : report.layers)
    EXPECT_EQ(layer.hasIntegers, layer.name != "stem");

  Noise logits;
  std::vector<Noise> blocks(3);
  for (const std::vector<float> &image : images) {
    std::vector<LayerValue> exact;
    QuantizedNetwork none;
    none.blocks.resize(3);
    none.heads.resize(1);
    std::vector<float> expected =
        runQuantized(network, none, image,
                     [&](size_t, const LayerValue &a) { exact.push_back(a); });
    std::vector<float> actual = runQuantized(
        network, quantized, image, [&](size_t index, const LayerValue &a) {
          const std::vector<float> &scale = quantized.blocks[index].scale;
          size_t pixels = a.bytes.size() / scale.size();
          for (size_t i = 0; i != a.bytes.size(); ++i)
            blocks[index].include(exact[index].floats[i],
                                  a.bytes[i] * scale[i / pixels]);
        });
    for (size_t k = 0; k != expected.size(); ++k)
      logits.include(expected[k], actual[k]);
  }
  for (size_t i = 0; i != 3; ++i) {
    EXPECT_NEAR(report.layers[i].sqnr, blocks[i].getSqnr(), 1e-2);
    EXPECT_GT(report.layers[i].sqnr, 30);
  }
  EXPECT_NEAR(report.sqnr, logits.getSqnr(), 1e-2);
  EXPECT_NEAR(report.layers[3].sqnr, logits.getSqnr(), 1e-2);
}

// The first block of one alone gives bytes for the pool.
TEST(Calibrate, TakesOneBlock) {
  RandomNumbers random;
  FloatNetwork network = makeNetwork(random);
  network.blocks.resize(1);
  network.heads.clear();
  QuantizationReport report;
  MatrixF image = random.makeFloats(3, 144);
  CalibrationOptions options;
  options.isReal = {true};
  QuantizedNetwork quantized = calibrate(
      network, {{image.data(), image.data() + image.size()}}, options, report);
  EXPECT_TRUE(quantized.blocks[0].hasBytes);
  EXPECT_FALSE(quantized.blocks[0].reals || quantized.blocks[0].integers);
  EXPECT_FALSE(report.agreement);
  EXPECT_GT(report.sqnr, 35);
}
