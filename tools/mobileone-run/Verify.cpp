// Compares an object with the network of the checkpoint that it was made from.
#include "CheckpointReference.h"
#include "Json.h"
#include "ReadInput.h"

#include "compiler/Verification/Comparison.h"
#include "dialect/IR/MobileOneOps.h"
#include "tools/Output/Print.h"
#include "tools/Output/Progress.h"
#include "llvm/ADT/STLExtras.h"

#include <fmt/format.h>

using namespace llvm;

namespace mobileone::run {

static void writeJson(const LoadedModel &model, const Comparison &comparison,
                      const VerifyOptions &options, size_t images) {
  printJson([&](json::OStream &json) {
    json.object([&] {
      writeModel(json, model);
      json.attribute("checkpoint", json::fixUTF8(options.checkpoint));
      json.attribute("images", static_cast<uint64_t>(images));
      writeNumber(json, "absolute", comparison.getDistance().absolute);
      writeNumber(json, "relative", comparison.getDistance().relative);
      writeNumber(json, "tolerance", kTolerance);
      if (model.takesBytes()) {
        json.attribute("channels",
                       stringifyChannelOrder(static_cast<ChannelOrder>(
                           model.info().channel_order)));
        writeNumbers(json, "mean", model.mean());
        writeNumbers(json, "std", model.std());
      }
      if (model.showsTensors())
        json.attributeArray("layers", [&] {
          for (auto [layer, distance] :
               zip_equal(model.layers(), comparison.getLayers()))
            json.object([&, &layer = layer, &distance = distance] {
              json.attribute("layer", json::fixUTF8(describeLayer(layer)));
              writeNumber(json, "relative", distance.relative);
            });
        });
    });
  });
}

static void printText(const LoadedModel &model, const Comparison &comparison,
                      const VerifyOptions &options, size_t images) {
  print("{} {} against {} in float64: {}\n", images,
        options.input.empty() ? "random images" : "images", options.checkpoint,
        comparison.getDistance().format());
  if (model.takesBytes()) {
    const mobileone_model_info &info = model.info();
    const auto order = static_cast<ChannelOrder>(info.channel_order);
    print("bytes are taken as the object takes them: {}mean {} and std {} in "
          "0..1; --verify cannot tell whether the network was trained with "
          "these\n",
          model.std().size() == 3 ? stringifyChannelOrder(order).str() + ", "
                                  : "",
          fmt::format("{}", fmt::join(model.mean(), ",")),
          fmt::format("{}", fmt::join(model.std(), ",")));
  }
  for (size_t layer = 0; layer < comparison.getLayers().size(); ++layer)
    print("  {:<28} {:.3g}\n", describeLayer(model.layers()[layer]),
          comparison.getLayers()[layer].relative);
}

Error verify(LoadedModel &model, const VerifyOptions &options) {
  const StringRef inputPath = options.input;
  // First, as it says of which size the images are.
  Expected<ModelInput> input =
      inputPath.empty() ? ModelInput::makeRandom(model, kComparedImages)
                        : readInput(model, inputPath);
  if (!input)
    return input.takeError();
  CheckpointReference reference;
  if (Error error = reference.load(options, model))
    return error;
  if (input->size() == 0)
    return createStringError(inputPath + ": expects at least one image, but "
                                         "got 0");
  Comparison comparison(model);
  Progress progress;
  for (size_t image = 0; image < input->size(); ++image) {
    progress.show(
        fmt::format("compared {} of {} images", image, input->size()));
    Expected<ReferenceResult> expected = reference.run((*input)[image]);
    if (!expected)
      return expected.takeError();
    if (Error error = comparison.check(*expected))
      return createStringError(options.checkpoint + ": " +
                               toString(std::move(error)));
    if (Error error = comparison.include((*input)[image], *expected))
      return error;
  }
  Progress::clear();
  (options.json ? writeJson : printText)(model, comparison, options,
                                         input->size());
  return comparison.judge();
}

} // namespace mobileone::run
