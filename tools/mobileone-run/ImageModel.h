// A model and all that it needs to run on image files.
#ifndef MOBILEONE_TOOLS_MOBILEONE_RUN_IMAGEMODEL_H
#define MOBILEONE_TOOLS_MOBILEONE_RUN_IMAGEMODEL_H

#include "compiler/Execution/LoadedModel.h"

#include <array>
#include <optional>

namespace mobileone::run {

/// What happens to photographs before the network, where it is not the usual.
struct ImageOptions {
  /// What the short edge is resized to before the crop; 0: the model's longest
  /// edge * 256 / 224.
  uint32_t shortEdge = 0;
  /// For red, green and blue in 0..1; none: what the object recommends.
  std::optional<std::array<float, 3>> mean, std;
};

/// Decodes, resizes, crops, normalizes and runs, one image after another.
class ImageModel {
public:
  static llvm::Expected<ImageModel> create(LoadedModel &model,
                                           ImageOptions options);

  /// Returns the numbers of the model's classes, which stay valid until the
  /// next call. All of them are numbers.
  llvm::Expected<llvm::ArrayRef<float>> run(llvm::StringRef path);

  size_t countClasses() const { return output[classes].size(); }
  /// Whether they are probabilities.
  bool isSoftmax() const;

private:
  ImageModel(LoadedModel &model, size_t classes, const ImageOptions &options);

  LoadedModel *model;
  mobileone_model_info info; // with the mean and std that are used
  uint32_t shortEdge;
  std::vector<char> input, scratch;
  ModelOutput output;
  size_t classes; // which output has them
};

/// The indices of the `count` largest outputs, the largest first; of equal
/// ones the smaller index first.
std::vector<uint32_t> largest(llvm::ArrayRef<float> output, size_t count);

} // namespace mobileone::run

#endif // MOBILEONE_TOOLS_MOBILEONE_RUN_IMAGEMODEL_H
