// A model and all that it needs to run on image files.
#include "ImageModel.h"

#include "compiler/Import/Normalization.h"
#include "runtime/resize.h"

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
    std::copy_n(info.mean, channels, normalization.mean.begin());
    std::copy_n(info.std, channels, normalization.std.begin());
  }
  auto choose = [](std::optional<std::array<float, channels>> &given,
                   const std::array<double, channels> &known) {
    if (!given)
      std::copy(known.begin(), known.end(), given.emplace().begin());
  };
  choose(options.mean, normalization.mean);
  choose(options.std, normalization.std);
  return Error::success();
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
  if (info.output_height != 0)
    return createStringError(
        fmt::format("--image and --eval expect a classifier, but got a model "
                    "whose output is a feature map of {}x{}: it has no "
                    "classes (run it with --input and --output)",
                    info.output_height, info.output_width));
  const uint32_t longest = std::max(info.input_height, info.input_width);
  if (options.shortEdge == 0)
    options.shortEdge = longest * 256 / 224;
  if (options.shortEdge < longest)
    return createStringError(
        fmt::format("--resize: expects at least the {} pixels of the model's "
                    "input, but got {}",
                    longest, options.shortEdge));
  if (Error error = chooseNormalization(info, options))
    return std::move(error);
  return ImageModel(model, options);
}

ImageModel::ImageModel(LoadedModel &model, const ImageOptions &options)
    : model(&model), options(options),
      crop(size_t{model.info().input_height} * model.info().input_width *
           channels),
      ordered(model.takesBytes() ? model.info().input_bytes : 0),
      normalized(model.takesBytes() ? 0 : crop.size()),
      output(model.info().output_length) {}

/// Into the order of the object's pixels; alpha is opaque.
void ImageModel::orderCrop() {
  const uint32_t elements = model->info().input_channels;
  const bool isReversed = model->isReversed();
  std::fill(ordered.begin(), ordered.end(), uint8_t{255});
  for (size_t pixel = 0; pixel < crop.size() / channels; ++pixel)
    for (uint32_t channel = 0; channel < channels; ++channel)
      ordered[pixel * elements +
              (isReversed ? channels - 1 - channel : channel)] =
          crop[pixel * channels + channel];
}

void ImageModel::normalizeCrop() {
  // In float32 and in this order, as torchvision's ToTensor and Normalize.
  float values[channels][256];
  for (uint32_t channel = 0; channel < channels; ++channel)
    for (uint32_t byte = 0; byte < 256; ++byte)
      values[channel][byte] =
          (static_cast<float>(byte) / 255.0f - (*options.mean)[channel]) /
          (*options.std)[channel];

  const bool planar = model->info().input_layout == MOBILEONE_F32_NCHW;
  const size_t pixels = crop.size() / channels;
  for (size_t pixel = 0; pixel < pixels; ++pixel)
    for (size_t channel = 0; channel < channels; ++channel)
      normalized[planar ? channel * pixels + pixel
                        : pixel * channels + channel] =
          values[channel][crop[pixel * channels + channel]];
}

Expected<ArrayRef<float>> ImageModel::run(StringRef path) {
  Expected<Image> image = decodeImage(path);
  if (!image)
    return image.takeError();
  const mobileone_crop window = mobileone_center_crop(
      image->width, image->height, options.shortEdge, model->info().input_width,
      model->info().input_height);
  if (mobileone_resize_crop(image->pixels.data(), image->width, image->height,
                            size_t{image->width} * channels, &window,
                            crop.data()))
    return createStringError(path + ": not enough memory for the resize");

  const void *input = ordered.data();
  if (model->takesBytes()) {
    orderCrop();
  } else {
    normalizeCrop();
    input = normalized.data();
  }
  if (Error error = model->run(input, output.data()))
    return createStringError(path + ": " + toString(std::move(error)));
  for (size_t i = 0; i < output.size(); ++i)
    if (!std::isfinite(output[i]))
      return createStringError(
          fmt::format("{}: expects finite outputs, but got {} for class {}",
                      path.str(), output[i], i));
  return ArrayRef<float>(output);
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
