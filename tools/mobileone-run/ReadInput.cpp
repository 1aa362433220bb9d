// Reads inputs for a model from a file.
#include "ReadInput.h"
#include "Npy.h"

#include <algorithm>
#include <fmt/format.h>

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

Expected<ModelInput> readInput(const LoadedModel &model, StringRef path) {
  Expected<NpyArray> array = readNpy(path);
  if (!array)
    return array.takeError();
  if (Error error = checkArray(model, *array))
    return createStringError(path + ": " + toString(std::move(error)));
  ModelInput input(model, array->shape.front());
  std::copy(array->data.begin(), array->data.end(), input.data().begin());
  return input;
}

} // namespace mobileone::run
