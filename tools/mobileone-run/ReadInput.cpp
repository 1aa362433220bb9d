// Reads inputs for a model from a file.
#include "ReadInput.h"
#include "tools/Images/Npy.h"

#include <algorithm>
#include <fmt/format.h>

using namespace llvm;

namespace mobileone::run {
static Error checkArray(LoadedModel &model, const images::NpyArray &array) {
  if (array.isBytes != model.takesBytes())
    return createStringError(
        fmt::format("expects {} as the model was compiled, but got {}",
                    model.takesBytes() ? "uint8" : "float32",
                    array.isBytes ? "uint8" : "float32"));
  const size_t rows = model.info().input_layout == MOBILEONE_F32_NCHW ? 2 : 1;
  const std::array<uint32_t, 3> first = model.inputShape();
  if (array.shape.size() == 4)
    model.chooseSize(array.shape[rows], array.shape[rows + 1]);
  const std::array<uint32_t, 3> image = model.inputShape();
  if (array.shape.size() == 4 &&
      std::equal(image.begin(), image.end(), array.shape.begin() + 1))
    return Error::success();
  return createStringError(fmt::format(
      "expects shape (images, {}){}, but got {}", fmt::join(first, ", "),
      model.hasSizes() ? fmt::format(", or one of the other image sizes of {}",
                                     model.describeSizes())
                       : "",
      images::formatShape(array.shape)));
}

Expected<ModelInput> readInput(LoadedModel &model, StringRef path) {
  Expected<images::NpyArray> array = images::readNpy(path);
  if (!array)
    return array.takeError();
  if (Error error = checkArray(model, *array))
    return createStringError(path + ": " + toString(std::move(error)));
  ModelInput input(model, array->shape.front());
  std::copy(array->data.begin(), array->data.end(), input.data().begin());
  return input;
}

} // namespace mobileone::run
