// Runs the images of one .npy file.
#include "Modes.h"
#include "Npy.h"
#include "ReadInput.h"

using namespace llvm;

namespace mobileone::run {

Error runTensors(LoadedModel &model, StringRef inputPath, StringRef outputPath,
                 OutputSet &outputs) {
  Expected<ModelInput> input = readInput(model, inputPath);
  if (!input)
    return input.takeError();

  const size_t outputLength = model.info().output_length;
  std::vector<float> output(input->size() * outputLength);
  for (size_t image = 0; image < input->size(); ++image)
    if (Error error = model.run((*input)[image], &output[image * outputLength]))
      return error;
  SmallVector<uint64_t> shape{input->size()};
  llvm::append_range(shape, model.outputShape());
  return outputs.write(outputPath, formatNpy(shape, output));
}

} // namespace mobileone::run
