// Runs the images of one .npy file.
#include "Modes.h"
#include "Npy.h"

#include <cstring>
#include <fmt/format.h>

using namespace llvm;

namespace mobileone::run {
namespace {

/// The array must hold the model's element type, in its shape, behind one
/// dimension that counts images.
Error checkInput(const LoadedModel &model, const NpyArray &array) {
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

} // namespace

Error runTensors(LoadedModel &model, StringRef inputPath,
                 StringRef outputPath) {
  Expected<NpyArray> array = readNpy(inputPath);
  if (!array)
    return array.takeError();
  if (Error error = checkInput(model, *array))
    return createStringError(inputPath + ": " + toString(std::move(error)));

  const size_t images = array->shape.front();
  const size_t inputBytes = model.info().input_bytes;
  const size_t outputLength = model.info().output_length;
  // Elements in a file are not aligned, those that the model reads are.
  std::vector<char> input(inputBytes);
  std::vector<float> output(images * outputLength);
  for (size_t image = 0; image < images; ++image) {
    std::memcpy(input.data(), &array->data[image * inputBytes], inputBytes);
    if (Error error = model.run(input.data(), &output[image * outputLength]))
      return error;
  }
  return writeNpy(outputPath, {images, outputLength}, output);
}

} // namespace mobileone::run
