// Compares an object with the network of the checkpoint that it was made from.
#include "Comparison.h"
#include "Json.h"
#include "ModelInput.h"

#include "dialect/IR/MobileOneOps.h"
#include "tools/Output/Print.h"

#include <fmt/format.h>

using namespace llvm;

namespace mobileone::run {

/// Enough to see every branch of the code: nothing in it depends on values.
constexpr size_t randomImages = 3;

namespace {

/// An object beside its checkpoint.
struct Verification {
  LoadedModel &model;
  const VerifyOptions &options;
  bool hasTensors; // of layers
  size_t images = 0;
  Distance distance;
  LayerComparison layers;

  Verification(LoadedModel &model, const VerifyOptions &options)
      : model(model), options(options),
        hasTensors(model.info().instrument == MOBILEONE_INSTRUMENT_TENSORS),
        layers(model.info()) {}

  Error include(Reference &reference, const char *image);
  void writeJson() const;
  void print() const;
  Error judge() const;
};

} // namespace

Error Verification::include(Reference &reference, const char *image) {
  std::vector<float> output(model.info().output_length);
  std::vector<LayerResult> expectedLayers;
  Expected<std::vector<double>> expected = reference.run(
      image, model.takesBytes(), hasTensors ? &expectedLayers : nullptr);
  if (!expected)
    return expected.takeError();
  if (expected->size() != output.size())
    return createStringError(
        fmt::format("{}: expects a network with the object's {} outputs, but "
                    "got {}",
                    options.checkpoint, output.size(), expected->size()));
  if (hasTensors)
    if (Error error = layers.check(expectedLayers))
      return createStringError(options.checkpoint + ": " +
                               toString(std::move(error)));
  const auto compare = [&](uint32_t layer, mobileone_phase phase,
                           ArrayRef<float> result) {
    if (phase == MOBILEONE_LAYER_END)
      layers.include(layer, result, expectedLayers[layer]);
  };
  if (Error error = hasTensors ? model.run(image, output.data(), compare)
                               : model.run(image, output.data()))
    return error;
  distance.include(output, [&](size_t i) { return (*expected)[i]; });
  ++images;
  return Error::success();
}

void Verification::writeJson() const {
  printJson([&](json::OStream &json) {
    json.object([&] {
      writeModel(json, model);
      json.attribute("checkpoint", json::fixUTF8(options.checkpoint));
      json.attribute("images", static_cast<uint64_t>(images));
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
        layers.write(json);
    });
  });
}

void Verification::print() const {
  mobileone::print("{} {} against {} in float64: largest difference {:.3g}, "
                   "relative to the largest output {:.3g}\n",
                   images, options.input.empty() ? "random images" : "images",
                   options.checkpoint, distance.absolute, distance.relative);
  if (model.takesBytes()) {
    const mobileone_model_info &info = model.info();
    const auto order = static_cast<ChannelOrder>(info.channel_order);
    mobileone::print(
        "bytes are taken as the object takes them: {}, mean {} and std {} in "
        "0..1; --verify cannot tell whether the network was trained with "
        "these\n",
        stringifyChannelOrder(order).str(),
        fmt::format("{}", fmt::join(info.mean, ",")),
        fmt::format("{}", fmt::join(info.std, ",")));
  }
  if (hasTensors)
    layers.print();
}

/// Fails where the object is too far away.
Error Verification::judge() const {
  if (hasTensors)
    if (Error error = layers.judge())
      return error;
  if (distance.relative <= tolerance)
    return Error::success();
  return createStringError(
      fmt::format("expects a relative difference of at most {}, but got {:.3g}",
                  tolerance, distance.relative));
}

Error verify(LoadedModel &model, const VerifyOptions &options) {
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
  Verification verification(model, options);
  for (size_t image = 0; image < input->size(); ++image)
    if (Error error = verification.include(reference, (*input)[image]))
      return error;
  if (options.json)
    verification.writeJson();
  else
    verification.print();
  return verification.judge();
}

} // namespace mobileone::run
