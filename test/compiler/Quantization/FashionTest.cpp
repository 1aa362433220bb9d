// A trained network on real images: 100 of 256 calibrate, the others measure.
#include "compiler/Import/Importer.h"
#include "compiler/Quantization/Calibrate.h"
#include "compiler/Quantization/ChooseSensitive.h"
#include "compiler/Quantization/ReadNetwork.h"
#include "dialect/Transforms/Passes.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/MemoryBuffer.h"

#include <gtest/gtest.h>

#include <algorithm>

using namespace mlir;
using namespace mobileone;

static constexpr int kImages = 256, kEdge = 28, kInput = 64;

/// The bytes of a file of examples/fashion.
static std::unique_ptr<llvm::MemoryBuffer> readFile(const std::string &name) {
  auto file = llvm::MemoryBuffer::getFile(MOBILEONE_FASHION "/" + name);
  return file ? std::move(*file) : nullptr;
}

/// As README.md there says: resized, normalized, in three channels.
static std::vector<float> makeInput(const uint8_t *pixels) {
  auto read = [&](int y, float x) {
    int left = static_cast<int>(x), right = std::min(left + 1, kEdge - 1);
    float part = x - static_cast<float>(left);
    const uint8_t *row = pixels + y * kEdge;
    return (1 - part) * row[left] + part * row[right];
  };
  auto getPlace = [](int d) {
    return std::max((static_cast<float>(d) + 0.5F) * kEdge / kInput - 0.5F,
                    0.0F);
  };
  std::vector<float> plane;
  for (int y = 0; y != kInput; ++y)
    for (int x = 0; x != kInput; ++x) {
      float row = getPlace(y);
      int top = static_cast<int>(row), bottom = std::min(top + 1, kEdge - 1);
      float part = row - static_cast<float>(top);
      float value = (1 - part) * read(top, getPlace(x)) +
                    part * read(bottom, getPlace(x));
      plane.push_back((value / 255 - 0.2860F) / 0.3530F);
    }
  std::vector<float> image;
  for (int channel = 0; channel != 3; ++channel)
    image.insert(image.end(), plane.begin(), plane.end());
  return image;
}

static int64_t getClass(const std::vector<float> &logits) {
  return std::max_element(logits.begin(), logits.end()) - logits.begin();
}

TEST(Fashion, KeepsItsClasses) {
  MLIRContext context;
  ImportOptions import;
  import.imageSize = {kInput, kInput};
  OwningOpRef<ModuleOp> module = importCheckpoint(
      MOBILEONE_FASHION "/mobileone_s0_fashion.safetensors", import, &context);
  ASSERT_TRUE(module);
  PassManager passes(&context);
  passes.addNestedPass<func::FuncOp>(createMobileOneReparameterizePass());
  ASSERT_TRUE(succeeded(passes.run(*module)));
  FailureOr<ReadNetwork> read =
      readNetwork(*module->getOps<func::FuncOp>().begin());
  ASSERT_TRUE(succeeded(read));
  auto pixels = readFile("images_u8.bin"), labels = readFile("labels_u8.bin");
  ASSERT_TRUE(pixels && labels);

  std::vector<std::vector<float>> calibration, others;
  std::vector<int64_t> classes;
  for (int i = 0; i != kImages; ++i) {
    std::vector<float> image =
        makeInput(reinterpret_cast<const uint8_t *>(pixels->getBufferStart()) +
                  i * kEdge * kEdge);
    if (i * 100 / kImages != (i + 1) * 100 / kImages)
      calibration.push_back(std::move(image));
    else {
      others.push_back(std::move(image));
      classes.push_back(labels->getBuffer()[i]);
    }
  }
  ASSERT_EQ(calibration.size(), 100u);

  CalibrationOptions options;
  options.isReal = chooseSensitive(read->network, 5, 0.15);
  QuantizationReport report;
  QuantizedNetwork quantized =
      calibrate(read->network, std::move(calibration), options, report);
  EXPECT_EQ(report.getSensitive(),
            (std::vector<std::string>{"stem", "stage1.0", "stage1.1",
                                      "stage3.18", "stage3.19"}));
  EXPECT_LE(report.getSensitiveShare(), 0.15);

  Noise noise;
  size_t agreeing = 0, right = 0, rightInFloat = 0;
  for (size_t i = 0; i != others.size(); ++i) {
    std::vector<float> expected = runFloat(read->network, others[i]);
    std::vector<float> actual =
        runQuantized(read->network, quantized, others[i]);
    for (size_t k = 0; k != expected.size(); ++k)
      noise.include(expected[k], actual[k]);
    agreeing += getClass(expected) == getClass(actual);
    right += classes[i] == getClass(actual);
    rightInFloat += classes[i] == getClass(expected);
  }
  RecordProperty("sqnr", std::to_string(noise.getSqnr()));
  RecordProperty("agreeing", static_cast<int>(agreeing));
  RecordProperty("right", static_cast<int>(right));
  RecordProperty("right_in_float", static_cast<int>(rightInFloat));
  EXPECT_GE(noise.getSqnr(), 19);
  EXPECT_GE(agreeing, others.size() * 94 / 100);
  EXPECT_GE(right + 3, rightInFloat);
}
