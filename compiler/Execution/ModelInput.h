// Inputs for a model, in the shape and type that it was compiled for.
#ifndef MOBILEONE_COMPILER_EXECUTION_MODELINPUT_H
#define MOBILEONE_COMPILER_EXECUTION_MODELINPUT_H

#include "compiler/Execution/LoadedModel.h"

#include <vector>

namespace mobileone {

/// One or more images behind each other, aligned for any element type.
class ModelInput {
public:
  /// Images of zeros.
  ModelInput(const LoadedModel &model, size_t images)
      : imageBytes(model.info().input_bytes), bytes(imageBytes * images) {}

  /// Makes images of random bytes, or of floats in -2..2, which is about what
  /// normalized images hold. Always the same ones.
  static ModelInput makeRandom(const LoadedModel &model, size_t images);

  size_t size() const { return bytes.size() / imageBytes; }
  const char *operator[](size_t image) const {
    return &bytes[image * imageBytes];
  }
  /// Of all images.
  llvm::MutableArrayRef<char> data() { return bytes; }

private:
  size_t imageBytes;
  std::vector<char> bytes;
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_EXECUTION_MODELINPUT_H
