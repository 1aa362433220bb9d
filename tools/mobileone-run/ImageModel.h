// A model and all that it needs to run on image files.
#ifndef MOBILEONE_TOOLS_MOBILEONE_RUN_IMAGEMODEL_H
#define MOBILEONE_TOOLS_MOBILEONE_RUN_IMAGEMODEL_H

#include "DecodeImage.h"
#include "LoadedModel.h"

namespace mobileone::run {

/// Decodes, resizes, crops, normalizes and runs, one image after another.
class ImageModel {
public:
  /// `shortEdge` is what the short edge of an image is resized to before the
  /// crop; 0 stands for the model's edge * 256 / 224.
  static llvm::Expected<ImageModel> create(LoadedModel &model,
                                           uint32_t shortEdge);

  /// Returns the model's outputs, which stay valid until the next call. All of
  /// them are numbers.
  llvm::Expected<llvm::ArrayRef<float>> run(llvm::StringRef path);

private:
  ImageModel(LoadedModel &model, uint32_t shortEdge);
  void normalizeCrop();

  LoadedModel *model;
  uint32_t shortEdge;
  std::vector<uint8_t> crop;
  std::vector<float> normalized;
  std::vector<float> output;
};

/// The indices of the `count` largest outputs, the largest first; of equal
/// ones the smaller index first.
std::vector<uint32_t> largest(llvm::ArrayRef<float> output, size_t count);

} // namespace mobileone::run

#endif // MOBILEONE_TOOLS_MOBILEONE_RUN_IMAGEMODEL_H
