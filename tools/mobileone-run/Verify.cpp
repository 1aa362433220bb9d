// Compares an object with the network of the checkpoint that it was made from.
#include "Json.h"
#include "ModelInput.h"
#include "Modes.h"

#include "compiler/Import/Importer.h"
#include "dialect/IR/MobileOneOps.h"
#include "dialect/Interpreter/Interpreter.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "tools/Output/Print.h"
#include "llvm/ADT/STLExtras.h"

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

static ImportOptions makeImportOptions(const mobileone_model_info &info,
                                       const VerifyOptions &given) {
  ImportOptions options;
  options.variant = given.variant;
  options.key = given.key;
  options.stripPrefix = given.stripPrefix;
  options.bnEpsilon = given.bnEpsilon;
  options.allowNonFinite = true; // as the object's weights may be
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
    options.order = static_cast<ChannelOrder>(info.channel_order);
    std::copy_n(info.mean, 3, options.mean.begin());
    std::copy_n(info.std, 3, options.std.begin());
    break;
  }
  options.output = info.output_height ? OutputKind::Features
                   : info.softmax     ? OutputKind::Softmax
                                      : OutputKind::Logits;
  return options;
}

namespace {

/// What one layer gives.
struct LayerResult {
  std::string name;
  Tensor64 tensor; // NCHW, or NC
};

/// The checkpoint's network, which runs in float64.
class Reference {
public:
  Reference()
      : handler(&context, [this](mlir::Diagnostic &diagnostic) {
          if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error)
            message = diagnostic.str();
          else
            print(stderr, "mobileone-run: remark: {}\n", diagnostic.str());
          return mlir::success();
        }) {}

  Error load(const VerifyOptions &options, const LoadedModel &model) {
    module = importCheckpoint(
        options.checkpoint, makeImportOptions(model.info(), options), &context);
    if (!module)
      return createStringError(message);
    for (uint32_t size : {uint32_t{1}, model.inputShape()[0],
                          model.inputShape()[1], model.inputShape()[2]})
      image.shape.push_back(size);
    return Error::success();
  }

  /// Returns the outputs; `layers`, unless null, gets each layer's result.
  Expected<std::vector<double>> run(const char *input, bool isBytes,
                                    std::vector<LayerResult> *layers) {
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
    FailureOr<Tensor64> result = interpret(
        func, image, [&](mlir::Operation *op, const Tensor64 &tensor) {
          if (!layers)
            return;
          if (auto block = dyn_cast<BlockOp>(op))
            layers->push_back({block.getName().str(), tensor});
          else if (auto linear = dyn_cast<LinearOp>(op))
            layers->push_back({linear.getName().str(), tensor});
        });
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

/// How far values of an object are from the reference, over all images.
struct Distance {
  double absolute = 0;
  double relative = 0; // to the largest value of the image

  /// `reference(i)` belongs to `values[i]`.
  void include(ArrayRef<float> values, function_ref<double(size_t)> reference) {
    double difference = 0;
    double magnitude = 0;
    for (size_t i = 0; i < values.size(); ++i) {
      const double distance = std::abs(values[i] - reference(i));
      // NaN is no number that std::max could find.
      difference = std::isnan(distance)
                       ? std::numeric_limits<double>::infinity()
                       : std::max(difference, distance);
      magnitude = std::max(magnitude, std::abs(reference(i)));
    }
    absolute = std::max(absolute, difference);
    if (difference > 0)
      relative = std::max(relative, difference / magnitude);
  }
};

/// The layers of an object whose callbacks show their results.
class LayerComparison {
public:
  explicit LayerComparison(const mobileone_model_info &info)
      : layers(mobileone_layers(&info), info.layer_count),
        distances(info.layer_count) {}

  /// Fails unless the reference has the layers of the object.
  Error check(ArrayRef<LayerResult> reference) const {
    for (size_t i = 0; i < std::max(layers.size(), reference.size()); ++i) {
      const std::string expected =
          i < layers.size() ? describe(layers[i]) : "no more layers";
      const std::string actual =
          i < reference.size() ? describe(reference[i]) : "no more layers";
      if (expected != actual)
        return createStringError(
            fmt::format("expects the object's layers, {} at place {}, but got "
                        "{}",
                        expected, i, actual));
    }
    return Error::success();
  }

  /// `result` is [H][W][C].
  void include(uint32_t index, ArrayRef<float> result,
               const LayerResult &reference) {
    const mobileone_layer_info &layer = layers[index];
    const size_t pixels = size_t{layer.height} * layer.width;
    distances[index].include(result, [&](size_t i) {
      return reference.tensor
          .values[i % layer.channels * pixels + i / layer.channels];
    });
  }

  void write(json::OStream &json) const {
    json.attributeArray("layers", [&] {
      for (auto [layer, distance] : zip_equal(layers, distances))
        json.object([&, &layer = layer, &distance = distance] {
          json.attribute("layer", json::fixUTF8(describe(layer)));
          writeNumber(json, "relative", distance.relative);
        });
    });
  }

  void print() const {
    for (auto [layer, distance] : zip_equal(layers, distances))
      mobileone::print("  {:<28} {:.3g}\n", describe(layer), distance.relative);
  }

  /// Names the first layer that is too far away.
  Error judge() const {
    for (auto [layer, distance] : zip_equal(layers, distances))
      // What is not below is NaN or above.
      if (!(distance.relative <= tolerance))
        return createStringError(fmt::format(
            "{}: expects a relative difference of at most {}, but got {:.3g}",
            describe(layer), tolerance, distance.relative));
    return Error::success();
  }

private:
  static std::string describe(const mobileone_layer_info &layer) {
    return fmt::format(
        "{} {}x{}x{}",
        StringRef(layer.name, strnlen(layer.name, sizeof layer.name)).str(),
        layer.height, layer.width, layer.channels);
  }
  static std::string describe(const LayerResult &layer) {
    ArrayRef<int64_t> shape = layer.tensor.shape;
    const bool isImage = shape.size() == 4;
    return fmt::format("{} {}x{}x{}", layer.name, isImage ? shape[2] : 1,
                       isImage ? shape[3] : 1, shape[1]);
  }

  ArrayRef<mobileone_layer_info> layers;
  std::vector<Distance> distances;
};

} // namespace

Error verify(LoadedModel &model, const VerifyOptions &options) {
  const std::string &checkpoint = options.checkpoint;
  const StringRef inputPath = options.input;
  Reference reference;
  if (Error error = reference.load(options, model))
    return error;
  Expected<ModelInput> input = inputPath.empty()
                                   ? ModelInput::makeRandom(model, randomImages)
                                   : ModelInput::read(model, inputPath);
  if (!input)
    return input.takeError();
  if (input->size() == 0)
    return createStringError(inputPath + ": expects at least one image, but "
                                         "got 0");

  const bool hasTensors =
      model.info().instrument == MOBILEONE_INSTRUMENT_TENSORS;
  LayerComparison comparison(model.info());
  Distance distance;
  std::vector<float> output(model.info().output_length);
  for (size_t image = 0; image < input->size(); ++image) {
    std::vector<LayerResult> layers;
    Expected<std::vector<double>> expected = reference.run(
        (*input)[image], model.takesBytes(), hasTensors ? &layers : nullptr);
    if (!expected)
      return expected.takeError();
    if (expected->size() != output.size())
      return createStringError(
          fmt::format("{}: expects a network with the object's {} outputs, but "
                      "got {}",
                      checkpoint, output.size(), expected->size()));
    if (hasTensors)
      if (Error error = comparison.check(layers))
        return createStringError(checkpoint + ": " +
                                 toString(std::move(error)));
    const auto compare = [&](uint32_t layer, mobileone_phase phase,
                             ArrayRef<float> result) {
      if (phase == MOBILEONE_LAYER_END)
        comparison.include(layer, result, layers[layer]);
    };
    if (Error error = hasTensors
                          ? model.run((*input)[image], output.data(), compare)
                          : model.run((*input)[image], output.data()))
      return error;
    distance.include(output, [&](size_t i) { return (*expected)[i]; });
  }

  if (options.json)
    printJson([&](json::OStream &json) {
      json.object([&] {
        writeModel(json, model);
        json.attribute("checkpoint", json::fixUTF8(checkpoint));
        json.attribute("images", static_cast<uint64_t>(input->size()));
        writeNumber(json, "absolute", distance.absolute);
        writeNumber(json, "relative", distance.relative);
        writeNumber(json, "tolerance", tolerance);
        if (model.takesBytes()) {
          json.attribute("channels",
                         stringifyChannelOrder(static_cast<ChannelOrder>(
                             model.info().channel_order)));
          writeNumbers(json, "mean", model.info().mean);
          writeNumbers(json, "std", model.info().std);
        }
        if (hasTensors)
          comparison.write(json);
      });
    });
  else {
    print("{} {} against {} in float64: largest difference {:.3g}, "
          "relative to the largest output {:.3g}\n",
          input->size(), inputPath.empty() ? "random images" : "images",
          checkpoint, distance.absolute, distance.relative);
    if (model.takesBytes()) {
      const mobileone_model_info &info = model.info();
      const auto order = static_cast<ChannelOrder>(info.channel_order);
      print(
          "bytes are taken as the object takes them: {}, mean {} and std {} in "
          "0..1; --verify cannot tell whether the network was trained with "
          "these\n",
          stringifyChannelOrder(order).str(),
          fmt::format("{}", fmt::join(info.mean, ",")),
          fmt::format("{}", fmt::join(info.std, ",")));
    }
    if (hasTensors)
      comparison.print();
  }
  if (hasTensors)
    if (Error error = comparison.judge())
      return error;
  if (distance.relative <= tolerance)
    return Error::success();
  return createStringError(
      fmt::format("expects a relative difference of at most {}, but got {:.3g}",
                  tolerance, distance.relative));
}

} // namespace mobileone::run
