// How far an object is from its network in float64.
#ifndef MOBILEONE_COMPILER_VERIFICATION_COMPARISON_H
#define MOBILEONE_COMPILER_VERIFICATION_COMPARISON_H

#include "compiler/Verification/Reference.h"

namespace mobileone {

/// Of the largest output. Where it comes from: docs/Accuracy.md.
constexpr double kTolerance = 1e-4;
/// The same of a network of bytes, where a float's last bit can make another
/// byte of a number in the middle between two.
constexpr double kByteTolerance = 0.1;

/// The one of these that is for `model`.
double getTolerance(const LoadedModel &model);

/// Images to compare by, unless others are asked for: enough to see every
/// branch of the code, as nothing in it depends on values.
constexpr unsigned kComparedImages = 3;

/// How far values of an object are from the reference, over all images.
struct Distance {
  double absolute = 0;
  double relative = 0; // to the largest value of the image

  /// `reference(i)` belongs to `values[i]`.
  void include(llvm::ArrayRef<float> values,
               llvm::function_ref<double(size_t)> reference);
  /// That of other images.
  void include(const Distance &other);
  /// "largest difference 2e-06, relative to the largest output 7e-07".
  std::string format() const;
  /// An error if it is above `tolerance`.
  llvm::Error judge(double tolerance) const;
};

/// The name of a layer and its size, "stage1.0 16x16x48".
std::string describeLayer(const mobileone_layer_info &layer);

/// An object, image by image, beside its network: outputs, and where the object
/// shows them the results of all layers.
class Comparison {
public:
  explicit Comparison(LoadedModel &model);

  /// Fails if the network has other outputs or layers than the object.
  llvm::Error check(const ReferenceResult &expected) const;
  /// Runs the object on `image`, for which the network gives `expected`, which
  /// is checked. Fails if the object does.
  llvm::Error include(const char *image, const ReferenceResult &expected);

  const Distance &getDistance() const { return distance; }
  /// One for each layer of an object that shows them, else empty.
  llvm::ArrayRef<Distance> getLayers() const { return layers; }

  /// Names the first layer that is too far away, or else the outputs.
  llvm::Error judge() const;

private:
  void includeLayer(uint32_t index, llvm::ArrayRef<float> result,
                    const LayerResult &reference);

  LoadedModel &model;
  Distance distance;
  std::vector<Distance> layers;
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_VERIFICATION_COMPARISON_H
