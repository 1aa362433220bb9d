// A model and all that it needs to run on image files.
#include "ImageModel.h"

#include "compiler/Import/Normalization.h"
#include "tools/Images/PictureInput.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

using namespace llvm;

namespace mobileone::run {
constexpr uint32_t channels = 3;

/// Fills in what is not given: what the object recommends, or else ImageNet's.
static Error chooseNormalization(const mobileone_model_info &info,
                                 ImageOptions &options) {
  if (info.input_layout == MOBILEONE_U8_NHWC && (options.mean || options.std))
    return createStringError(
        fmt::format("{}: expects an object that takes floats: this one takes "
                    "bytes and normalizes them itself, by mean {} and std {}",
                    options.mean ? "--mean" : "--std",
                    fmt::join(info.mean, ","), fmt::join(info.std, ",")));
  Normalization normalization; // what every published MobileOne expects
  if (info.std[0] > 0) {
    normalization.mean.assign(info.mean, info.mean + channels);
    normalization.std.assign(info.std, info.std + channels);
  }
  auto choose = [](std::optional<std::array<float, channels>> &given,
                   const std::vector<double> &known) {
    if (!given)
      std::copy(known.begin(), known.end(), given.emplace().begin());
  };
  choose(options.mean, normalization.mean);
  choose(options.std, normalization.std);
  return Error::success();
}

static std::string describeOutput(const mobileone_output_info &output) {
  return output.kind == MOBILEONE_FEATURES
             ? fmt::format("a feature map of {}x{}", output.height,
                           output.width)
             : fmt::format("an embedding of {} numbers", output.length);
}

/// The first output that has the classes of images; an error if there is none,
/// or if several have different ones.
static Expected<size_t> findClasses(ArrayRef<mobileone_output_info> outputs) {
  std::optional<size_t> found;
  std::vector<StringRef> heads;
  for (auto [index, output] : enumerate(outputs)) {
    if (output.kind != MOBILEONE_LOGITS && output.kind != MOBILEONE_SOFTMAX)
      continue;
    // The compiler calls them softmax, or by their head.
    StringRef head = output.name;
    head.consume_back(".softmax");
    if (head == "logits" || head == "softmax")
      head = "";
    if (!is_contained(heads, head))
      heads.push_back(head);
    if (!found)
      found = index;
  }
  if (heads.size() > 1)
    return createStringError(fmt::format(
        "--image and --eval expect one classifier, but got a model with the "
        "heads {} (run it with --input and --output)",
        fmt::join(std::vector<std::string>(heads.begin(), heads.end()), ", ")));
  if (!found)
    return createStringError(fmt::format(
        "--image and --eval expect a classifier, but got a model whose output "
        "is {}: it has no classes (run it with --input and --output)",
        describeOutput(outputs.front())));
  return *found;
}

Expected<ImageModel> ImageModel::create(LoadedModel &model,
                                        ImageOptions options) {
  const mobileone_model_info &info = model.info();
  const uint32_t elements = channels + model.hasAlpha();
  if (info.input_channels != elements)
    return createStringError(
        fmt::format("expects a model of {} input channels for images, but got "
                    "{}",
                    elements, info.input_channels));
  Expected<size_t> classes = findClasses(model.outputs());
  if (!classes)
    return classes.takeError();
  const uint32_t longest = std::max(info.input_height, info.input_width);
  if (options.shortEdge == 0)
    options.shortEdge = images::getShortEdge(info);
  if (options.shortEdge < longest)
    return createStringError(
        fmt::format("--resize: expects at least the {} pixels of the model's "
                    "input, but got {}",
                    longest, options.shortEdge));
  if (Error error = chooseNormalization(info, options))
    return std::move(error);
  return ImageModel(model, *classes, options);
}

ImageModel::ImageModel(LoadedModel &model, size_t classes,
                       const ImageOptions &options)
    : model(&model), info(model.info()), shortEdge(options.shortEdge),
      input(info.input_bytes), output(model), classes(classes) {
  std::copy(options.mean->begin(), options.mean->end(), info.mean);
  std::copy(options.std->begin(), options.std->end(), info.std);
}

bool ImageModel::isSoftmax() const {
  return model->outputs()[classes].kind == MOBILEONE_SOFTMAX;
}

Expected<ArrayRef<float>> ImageModel::run(StringRef path) {
  if (Error error = images::readPicture(path, info, shortEdge, input, scratch))
    return std::move(error);
  if (Error error = model->run(input.data(), output.pointers()))
    return createStringError(path + ": " + toString(std::move(error)));
  for (auto [index, value] : enumerate(output[classes]))
    if (!std::isfinite(value))
      return createStringError(
          fmt::format("{}: expects finite outputs, but got {} for class {}",
                      path.str(), value, index));
  return output[classes];
}

std::vector<uint32_t> largest(ArrayRef<float> output, size_t count) {
  std::vector<uint32_t> order(output.size());
  std::iota(order.begin(), order.end(), 0);
  const size_t kept = std::min(count, order.size());
  std::partial_sort(order.begin(), order.begin() + kept, order.end(),
                    [&](uint32_t left, uint32_t right) {
                      return output[left] != output[right]
                                 ? output[left] > output[right]
                                 : left < right;
                    });
  order.resize(kept);
  return order;
}

} // namespace mobileone::run
