// Compares an object with the network of the checkpoint that it was made from.
#include "ModelInput.h"
#include "Modes.h"

#include "compiler/Import/Importer.h"
#include "dialect/Interpreter/Interpreter.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"

#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <limits>

using namespace llvm;

namespace mobileone::run {
/// Of the largest logit. Where it comes from: docs/Accuracy.md.
constexpr double tolerance = 1e-4;

/// Enough to see every branch of the code: nothing in it depends on values.
constexpr size_t randomImages = 3;

static ImportOptions makeImportOptions(const mobileone_model_info &info) {
  ImportOptions options;
  options.imageHeight = info.input_height;
  options.imageWidth = info.input_width;
  switch (static_cast<mobileone_input_layout>(info.input_layout)) {
  case MOBILEONE_F32_NCHW:
    options.input = InputLayout::F32NCHW;
    break;
  case MOBILEONE_F32_NHWC:
    options.input = InputLayout::F32NHWC;
    break;
  case MOBILEONE_U8_NHWC:
    options.input = InputLayout::U8NHWC;
    std::copy_n(info.mean, 3, options.mean.begin());
    std::copy_n(info.std, 3, options.std.begin());
    break;
  }
  options.softmax = info.softmax != 0;
  return options;
}

namespace {

/// The checkpoint's network, which runs in float64.
class Reference {
public:
  Reference()
      : handler(&context, [this](mlir::Diagnostic &diagnostic) {
          if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error)
            message = diagnostic.str();
          return mlir::success();
        }) {}

  Error load(StringRef path, const LoadedModel &model) {
    module = importCheckpoint(path, makeImportOptions(model.info()), &context);
    if (!module)
      return createStringError(message);
    for (uint32_t size : {uint32_t{1}, model.inputShape()[0],
                          model.inputShape()[1], model.inputShape()[2]})
      image.shape.push_back(size);
    return Error::success();
  }

  Expected<std::vector<double>> run(const char *input, bool isBytes) {
    image.values.clear();
    const char *const end = input + (isBytes ? 1 : sizeof(float)) *
                                        image.shape[1] * image.shape[2] *
                                        image.shape[3];
    while (input != end) {
      if (isBytes) {
        image.values.push_back(static_cast<uint8_t>(*input++));
        continue;
      }
      float value;
      std::memcpy(&value, input, sizeof value);
      image.values.push_back(value);
      input += sizeof value;
    }
    auto func = *module->getOps<mlir::func::FuncOp>().begin();
    FailureOr<Tensor64> result = interpret(func, image);
    if (failed(result))
      return createStringError(message);
    return std::move(result->values);
  }

private:
  mlir::MLIRContext context;
  mlir::ScopedDiagnosticHandler handler;
  std::string message;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  Tensor64 image;
};

/// How far an object's outputs are from the reference.
struct Distance {
  double absolute = 0;
  double relative = 0; // to the largest output of the image

  void include(ArrayRef<float> output, ArrayRef<double> reference) {
    double difference = 0;
    double magnitude = 0;
    for (size_t i = 0; i < output.size(); ++i) {
      const double distance = std::abs(output[i] - reference[i]);
      // NaN is no number that std::max could find.
      difference = std::isnan(distance)
                       ? std::numeric_limits<double>::infinity()
                       : std::max(difference, distance);
      magnitude = std::max(magnitude, std::abs(reference[i]));
    }
    absolute = std::max(absolute, difference);
    if (difference > 0)
      relative = std::max(relative, difference / magnitude);
  }
};

} // namespace

Error verify(LoadedModel &model, StringRef checkpoint, StringRef inputPath) {
  Reference reference;
  if (Error error = reference.load(checkpoint, model))
    return error;
  Expected<ModelInput> input = inputPath.empty()
                                   ? ModelInput::makeRandom(model, randomImages)
                                   : ModelInput::read(model, inputPath);
  if (!input)
    return input.takeError();
  if (input->size() == 0)
    return createStringError(inputPath + ": expects at least one image, but "
                                         "got 0");

  Distance distance;
  std::vector<float> output(model.info().output_length);
  for (size_t image = 0; image < input->size(); ++image) {
    if (Error error = model.run((*input)[image], output.data()))
      return error;
    Expected<std::vector<double>> expected =
        reference.run((*input)[image], model.takesBytes());
    if (!expected)
      return expected.takeError();
    if (expected->size() != output.size())
      return createStringError(
          fmt::format("{}: expects a network with the object's {} outputs, but "
                      "got {}",
                      checkpoint.str(), output.size(), expected->size()));
    distance.include(output, *expected);
  }

  fmt::print("{} {} against {} in float64: largest difference {:.3g}, relative "
             "to the largest output {:.3g}\n",
             input->size(), inputPath.empty() ? "random images" : "images",
             checkpoint.str(), distance.absolute, distance.relative);
  if (distance.relative <= tolerance)
    return Error::success();
  return createStringError(
      fmt::format("expects a relative difference of at most {}, but got {:.3g}",
                  tolerance, distance.relative));
}

} // namespace mobileone::run
