// quantize-photographs CHECKPOINT FOLDER [LAYER...]: what quantization costs on
// photographs whose names begin with the number of their class. Two of five
// calibrate, the others measure. With layers those, and the first, stay
// float32.
#include "compiler/Import/Importer.h"
#include "compiler/Quantization/Calibrate.h"
#include "compiler/Quantization/ChooseSensitive.h"
#include "compiler/Quantization/ReadNetwork.h"
#include "dialect/Transforms/Passes.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"
#include "runtime/resize.h"
#include "tools/Images/DecodeImage.h"
#include "llvm/Support/FileSystem.h"

#include <algorithm>
#include <ctime>
#include <fmt/format.h>

using namespace mlir;
using namespace mobileone;

static constexpr uint32_t kEdge = 224, kShortEdge = 256;

/// The pixels of a photograph as mobileone-run takes them: HWC.
static std::vector<uint8_t> readCrop(const std::string &path) {
  images::Image image = llvm::cantFail(images::decodeImage(path));
  mobileone_crop crop = mobileone_center_crop(image.width, image.height,
                                              kShortEdge, kEdge, kEdge);
  std::vector<uint8_t> pixels(kEdge * kEdge * 3);
  if (mobileone_resize_crop(image.pixels.data(), image.width, image.height,
                            image.width * 3, &crop, pixels.data()))
    llvm::report_fatal_error("cannot resize an image");
  return pixels;
}

static int64_t getClass(const std::vector<float> &logits) {
  return std::max_element(logits.begin(), logits.end()) - logits.begin();
}

int main(int argc, char **argv) {
  if (argc < 3)
    return 2;
  MLIRContext context;
  ImportOptions import;
  import.input = InputLayout::U8NHWC;
  OwningOpRef<ModuleOp> module = importCheckpoint(argv[1], import, &context);
  PassManager passes(&context);
  passes.addNestedPass<func::FuncOp>(createMobileOneReparameterizePass());
  if (!module || failed(passes.run(*module)))
    return 1;
  func::FuncOp function = *module->getOps<func::FuncOp>().begin();
  FailureOr<ReadNetwork> read = readNetwork(function);
  if (failed(read))
    return 1;
  const FloatNetwork &network = read->network;

  std::vector<std::string> names;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator it(argv[2], error), end;
       it != end && !error; it.increment(error))
    names.push_back(it->path());
  std::sort(names.begin(), names.end());
  std::vector<bool> calibrates(names.size());
  for (size_t i = 0; i * 5 < names.size() * 2; ++i)
    calibrates[i * 5 / 2] = true;
  CalibrationImages calibration;
  for (size_t i = 0; i != names.size(); ++i)
    if (calibrates[i])
      llvm::append_range(calibration.bytes, readCrop(names[i]));

  CalibrationOptions options;
  options.isReal = chooseSensitive(network, 5, 0.15);
  if (argc > 3) {
    options.isReal.assign(network.blocks.size(), false);
    options.isReal.front() = true;
    for (size_t i = 0; i != network.blocks.size(); ++i)
      for (int arg = 3; arg != argc; ++arg)
        if (network.blocks[i].name == argv[arg])
          options.isReal[i] = true;
  }
  std::clock_t start = std::clock();
  FailureOr<std::vector<std::vector<float>>> images =
      readImages(function, calibration);
  if (failed(images))
    return 1;
  QuantizationReport report;
  QuantizedNetwork quantized =
      calibrate(network, std::move(*images), options, report);
  double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  fmt::print("{}calibrated in {:.1f} s of CPU time\n", formatReport(report),
             seconds);

  Noise noise;
  int count = 0, agreeing = 0, right = 0, rightInFloat = 0;
  for (size_t i = 0; i != names.size(); ++i) {
    if (calibrates[i])
      continue;
    std::vector<float> image =
        readImages(function, {readCrop(names[i]), {}})->front();
    std::vector<float> expected = runFloat(network, image);
    std::vector<float> actual = runQuantized(network, quantized, image);
    for (size_t k = 0; k != expected.size(); ++k)
      noise.include(expected[k], actual[k]);
    size_t slash = names[i].rfind('/') + 1;
    int64_t label = std::stoi(names[i].substr(slash, 4));
    ++count;
    agreeing += getClass(expected) == getClass(actual);
    right += label == getClass(actual);
    rightInFloat += label == getClass(expected);
  }
  fmt::print("{} other images: SQNR {:.2f} dB, agreement {:.1f} %, top-1 {} "
             "(float32 {})\n",
             count, noise.getSqnr(), 100.0 * agreeing / count, right,
             rightInFloat);
}
