// Inputs for a model, in the shape and type that it was compiled for.
#include "ModelInput.h"
#include "Npy.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <random>

using namespace llvm;

namespace mobileone::run {
static Error checkArray(const LoadedModel &model, const NpyArray &array) {
  if (array.isBytes != model.takesBytes())
    return createStringError(
        fmt::format("expects {} as the model was compiled, but got {}",
                    model.takesBytes() ? "uint8" : "float32",
                    array.isBytes ? "uint8" : "float32"));
  const std::array<uint32_t, 3> image = model.inputShape();
  if (array.shape.size() != 4 ||
      !std::equal(image.begin(), image.end(), array.shape.begin() + 1))
    return createStringError(
        fmt::format("expects shape (images, {}), but got {}",
                    fmt::join(image, ", "), formatShape(array.shape)));
  return Error::success();
}

Expected<ModelInput> ModelInput::read(const LoadedModel &model,
                                      StringRef path) {
  Expected<NpyArray> array = readNpy(path);
  if (!array)
    return array.takeError();
  if (Error error = checkArray(model, *array))
    return createStringError(path + ": " + toString(std::move(error)));
  ModelInput input(model.info().input_bytes, array->shape.front());
  std::copy(array->data.begin(), array->data.end(), input.bytes.begin());
  return input;
}

ModelInput ModelInput::makeRandom(const LoadedModel &model, size_t images) {
  ModelInput input(model.info().input_bytes, images);
  std::mt19937 random(1);
  if (model.takesBytes()) {
    for (char &byte : input.bytes)
      byte = static_cast<char>(random());
    return input;
  }
  for (size_t i = 0; i < input.bytes.size(); i += sizeof(float)) {
    // Not std::uniform_real_distribution: it differs between libraries.
    const float value = static_cast<float>(random() >> 8) * 0x1p-22f - 2;
    std::memcpy(&input.bytes[i], &value, sizeof value);
  }
  return input;
}

} // namespace mobileone::run
