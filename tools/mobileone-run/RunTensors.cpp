// Runs the images of one .npy file.
#include "Modes.h"
#include "ReadInput.h"
#include "tools/Images/Npy.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace mobileone::run {

Error runTensors(LoadedModel &model, StringRef inputPath, StringRef outputPath,
                 OutputSet &outputs) {
  Expected<ModelInput> input = readInput(model, inputPath);
  if (!input)
    return input.takeError();

  std::vector<std::vector<float>> all(model.outputs().size());
  for (auto [values, output] : zip_equal(all, model.outputs()))
    values.resize(input->size() * output.length);
  for (size_t image = 0; image < input->size(); ++image) {
    SmallVector<float *> buffers;
    for (auto [values, output] : zip_equal(all, model.outputs()))
      buffers.push_back(values.data() + image * output.length);
    if (Error error = model.run((*input)[image], buffers))
      return error;
  }
  Error errors = Error::success();
  for (auto [index, output] : enumerate(model.outputs())) {
    SmallVector<uint64_t> shape{input->size()};
    llvm::append_range(shape, getShape(output));
    SmallString<128> path(outputPath);
    if (all.size() != 1) // Y.0.npy
      sys::path::replace_extension(path, std::to_string(index) +
                                             sys::path::extension(outputPath));
    errors =
        joinErrors(std::move(errors),
                   outputs.write(path, images::formatNpy(shape, all[index])));
  }
  return errors;
}

} // namespace mobileone::run
