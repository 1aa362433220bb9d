// How far an object is from the network of its checkpoint.
#ifndef MOBILEONE_TOOLS_MOBILEONE_RUN_COMPARISON_H
#define MOBILEONE_TOOLS_MOBILEONE_RUN_COMPARISON_H

#include "Reference.h"

#include "llvm/Support/JSON.h"

namespace mobileone::run {

/// Of the largest logit. Where it comes from: docs/Accuracy.md.
constexpr double tolerance = 1e-4;

/// How far values of an object are from the reference, over all images.
struct Distance {
  double absolute = 0;
  double relative = 0; // to the largest value of the image

  /// `reference(i)` belongs to `values[i]`.
  void include(llvm::ArrayRef<float> values,
               llvm::function_ref<double(size_t)> reference);
};

/// The layers of an object whose callbacks show their results.
class LayerComparison {
public:
  explicit LayerComparison(const mobileone_model_info &info);

  /// Fails unless the reference has the layers of the object.
  llvm::Error check(llvm::ArrayRef<LayerResult> reference) const;

  /// `result` is [H][W][C].
  void include(uint32_t index, llvm::ArrayRef<float> result,
               const LayerResult &reference);

  void write(llvm::json::OStream &json) const;
  void print() const;

  /// Names the first layer that is too far away.
  llvm::Error judge() const;

private:
  llvm::ArrayRef<mobileone_layer_info> layers;
  std::vector<Distance> distances;
};

} // namespace mobileone::run

#endif // MOBILEONE_TOOLS_MOBILEONE_RUN_COMPARISON_H
