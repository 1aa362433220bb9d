// Distances of whole networks and of their layers.
#include "Comparison.h"
#include "Json.h"

#include "tools/Output/Print.h"
#include "llvm/ADT/STLExtras.h"

#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <limits>

using namespace llvm;

namespace mobileone::run {

static std::string describe(const mobileone_layer_info &layer) {
  return fmt::format(
      "{} {}x{}x{}",
      StringRef(layer.name, strnlen(layer.name, sizeof layer.name)).str(),
      layer.height, layer.width, layer.channels);
}

static std::string describe(const LayerResult &layer) {
  ArrayRef<int64_t> shape = layer.tensor.shape;
  const bool isImage = shape.size() == 4;
  return fmt::format("{} {}x{}x{}", layer.name, isImage ? shape[2] : 1,
                     isImage ? shape[3] : 1, shape[1]);
}

void Distance::include(ArrayRef<float> values,
                       function_ref<double(size_t)> reference) {
  double difference = 0;
  double magnitude = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    const double distance = std::abs(values[i] - reference(i));
    // NaN is no number that std::max could find.
    difference = std::isnan(distance) ? std::numeric_limits<double>::infinity()
                                      : std::max(difference, distance);
    magnitude = std::max(magnitude, std::abs(reference(i)));
  }
  absolute = std::max(absolute, difference);
  if (difference > 0)
    relative = std::max(relative, difference / magnitude);
}

LayerComparison::LayerComparison(const mobileone_model_info &info)
    : layers(mobileone_layers(&info), info.layer_count),
      distances(info.layer_count) {}

Error LayerComparison::check(ArrayRef<LayerResult> reference) const {
  for (size_t i = 0; i < std::max(layers.size(), reference.size()); ++i) {
    const std::string expected =
        i < layers.size() ? describe(layers[i]) : "no more layers";
    const std::string actual =
        i < reference.size() ? describe(reference[i]) : "no more layers";
    if (expected != actual)
      return createStringError(
          fmt::format("expects the object's layers, {} at place {}, but got "
                      "{}",
                      expected, i, actual));
  }
  return Error::success();
}

void LayerComparison::include(uint32_t index, ArrayRef<float> result,
                              const LayerResult &reference) {
  const mobileone_layer_info &layer = layers[index];
  const size_t pixels = size_t{layer.height} * layer.width;
  distances[index].include(result, [&](size_t i) {
    return reference.tensor
        .values[i % layer.channels * pixels + i / layer.channels];
  });
}

void LayerComparison::write(json::OStream &json) const {
  json.attributeArray("layers", [&] {
    for (auto [layer, distance] : zip_equal(layers, distances))
      json.object([&, &layer = layer, &distance = distance] {
        json.attribute("layer", json::fixUTF8(describe(layer)));
        writeNumber(json, "relative", distance.relative);
      });
  });
}

void LayerComparison::print() const {
  for (auto [layer, distance] : zip_equal(layers, distances))
    mobileone::print("  {:<28} {:.3g}\n", describe(layer), distance.relative);
}

Error LayerComparison::judge() const {
  for (auto [layer, distance] : zip_equal(layers, distances))
    // What is not below is NaN or above.
    if (!(distance.relative <= tolerance))
      return createStringError(fmt::format(
          "{}: expects a relative difference of at most {}, but got {:.3g}",
          describe(layer), tolerance, distance.relative));
  return Error::success();
}

} // namespace mobileone::run
