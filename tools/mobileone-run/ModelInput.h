// Inputs for a model, in the shape and type that it was compiled for.
#ifndef MOBILEONE_TOOLS_MOBILEONE_RUN_MODELINPUT_H
#define MOBILEONE_TOOLS_MOBILEONE_RUN_MODELINPUT_H

#include "LoadedModel.h"

#include <vector>

namespace mobileone::run {

/// One or more images behind each other, aligned for any element type.
class ModelInput {
public:
  /// Reads an array whose leading dimension counts images.
  static llvm::Expected<ModelInput> read(const LoadedModel &model,
                                         llvm::StringRef path);

  /// Makes images of random bytes, or of floats in -2..2, which is about what
  /// normalized images hold. Always the same ones.
  static ModelInput makeRandom(const LoadedModel &model, size_t images);

  size_t size() const { return bytes.size() / imageBytes; }
  const char *operator[](size_t image) const {
    return &bytes[image * imageBytes];
  }

private:
  ModelInput(size_t imageBytes, size_t images)
      : imageBytes(imageBytes), bytes(imageBytes * images) {}

  size_t imageBytes;
  std::vector<char> bytes;
};

} // namespace mobileone::run

#endif // MOBILEONE_TOOLS_MOBILEONE_RUN_MODELINPUT_H
