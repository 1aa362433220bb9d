// A model and all that it needs to run on image files.
#include "ImageModel.h"

#include "runtime/resize.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

using namespace llvm;

namespace mobileone::run {
constexpr uint32_t channels = 3;

// What every published MobileOne was trained with, for pixels in 0..1.
constexpr float imagenetMean[channels] = {0.485f, 0.456f, 0.406f};

constexpr float imagenetStd[channels] = {0.229f, 0.224f, 0.225f};

Expected<ImageModel> ImageModel::create(LoadedModel &model,
                                        uint32_t shortEdge) {
  const mobileone_model_info &info = model.info();
  if (info.input_channels != channels)
    return createStringError(
        fmt::format("expects a model of 3 input channels for images, but got "
                    "{}",
                    info.input_channels));
  if (info.output_height != 0)
    return createStringError(
        fmt::format("--image and --eval expect a classifier, but got a model "
                    "whose output is a feature map of {}x{}: it has no "
                    "classes (run it with --input and --output)",
                    info.output_height, info.output_width));
  const uint32_t longest = std::max(info.input_height, info.input_width);
  if (shortEdge == 0)
    shortEdge = longest * 256 / 224;
  if (shortEdge < longest)
    return createStringError(
        fmt::format("--resize: expects at least the {} pixels of the model's "
                    "input, but got {}",
                    longest, shortEdge));
  return ImageModel(model, shortEdge);
}

ImageModel::ImageModel(LoadedModel &model, uint32_t shortEdge)
    : model(&model), shortEdge(shortEdge),
      crop(size_t{model.info().input_height} * model.info().input_width *
           channels),
      normalized(model.takesBytes() ? 0 : crop.size()),
      output(model.info().output_length) {}

void ImageModel::normalizeCrop() {
  // In float32 and in this order, as torchvision's ToTensor and Normalize.
  float values[channels][256];
  for (uint32_t channel = 0; channel < channels; ++channel)
    for (uint32_t byte = 0; byte < 256; ++byte)
      values[channel][byte] =
          (static_cast<float>(byte) / 255.0f - imagenetMean[channel]) /
          imagenetStd[channel];

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
      image->width, image->height, shortEdge, model->info().input_width,
      model->info().input_height);
  if (mobileone_resize_crop(image->pixels.data(), image->width, image->height,
                            size_t{image->width} * channels, &window,
                            crop.data()))
    return createStringError(path + ": not enough memory for the resize");

  const void *input = crop.data();
  if (!model->takesBytes()) {
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
