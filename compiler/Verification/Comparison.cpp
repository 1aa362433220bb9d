// Distances of whole networks and of their layers.
#include "compiler/Verification/Comparison.h"

#include "llvm/ADT/STLExtras.h"

#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <limits>

using namespace llvm;
using namespace mobileone;

std::string mobileone::describeLayer(const mobileone_layer_info &layer) {
  return fmt::format(
      "{} {}x{}x{}",
      StringRef(layer.name, strnlen(layer.name, sizeof layer.name)).str(),
      layer.height, layer.width, layer.channels);
}

static std::string describeLayer(const LayerResult &layer) {
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

void Distance::include(const Distance &other) {
  absolute = std::max(absolute, other.absolute);
  relative = std::max(relative, other.relative);
}

std::string Distance::format() const {
  return fmt::format(
      "largest difference {:.3g}, relative to the largest output {:.3g}",
      absolute, relative);
}

double mobileone::getTolerance(const LoadedModel &model) {
  return StringRef(model.info().precision) == "int8" ? kByteTolerance
                                                     : kTolerance;
}

Error Distance::judge(double tolerance) const {
  // What is not below is NaN or above.
  if (relative <= tolerance)
    return Error::success();
  return createStringError(
      fmt::format("expects a relative difference of at most {}, but got {:.3g}",
                  tolerance, relative));
}

Comparison::Comparison(LoadedModel &model)
    : model(model), layers(model.showsTensors() ? model.layers().size() : 0) {}

Error Comparison::check(const ReferenceResult &expected) const {
  if (expected.outputs.size() != model.outputs().size())
    return createStringError(
        fmt::format("expects a network with the object's {} outputs, but got "
                    "{}",
                    model.outputs().size(), expected.outputs.size()));
  for (auto [output, tensor] : zip_equal(model.outputs(), expected.outputs))
    if (getShape(output) != SmallVector<uint64_t>(drop_begin(tensor.shape)))
      return createStringError(
          fmt::format("expects for {} the object's shape {}, but got {}",
                      output.name, fmt::join(getShape(output), "x"),
                      fmt::join(drop_begin(tensor.shape), "x")));
  if (!model.showsTensors())
    return Error::success();
  ArrayRef<mobileone_layer_info> own = model.layers();
  ArrayRef<LayerResult> theirs = expected.layers;
  for (size_t i = 0; i < std::max(own.size(), theirs.size()); ++i) {
    const std::string wanted =
        i < own.size() ? describeLayer(own[i]) : "no more layers";
    const std::string actual =
        i < theirs.size() ? ::describeLayer(theirs[i]) : "no more layers";
    if (wanted != actual)
      return createStringError(
          fmt::format("expects the object's layers, {} at place {}, but got "
                      "{}",
                      wanted, i, actual));
  }
  return Error::success();
}

void Comparison::includeLayer(uint32_t index, ArrayRef<float> result,
                              const LayerResult &reference) {
  const mobileone_layer_info &layer = model.layers()[index];
  const size_t pixels = size_t{layer.height} * layer.width;
  layers[index].include(result, [&](size_t i) {
    return reference.tensor
        .values[i % layer.channels * pixels + i / layer.channels];
  });
}

Error Comparison::include(const char *image, const ReferenceResult &expected) {
  const ModelOutput output(model);
  const auto compare = [&](uint32_t layer, mobileone_phase phase,
                           ArrayRef<float> result) {
    if (phase == MOBILEONE_LAYER_END)
      includeLayer(layer, result, expected.layers[layer]);
  };
  if (Error error = model.showsTensors()
                        ? model.run(image, output.pointers(), compare)
                        : model.run(image, output.pointers()))
    return error;
  // Each relative to its own largest value.
  for (auto [index, tensor] : enumerate(expected.outputs))
    distance.include(output[index], [&, &values = tensor.values](size_t i) {
      return values[i];
    });
  return Error::success();
}

Error Comparison::judge() const {
  for (auto [index, layer] : enumerate(layers))
    if (Error error = layer.judge(getTolerance(model)))
      return createStringError(describeLayer(model.layers()[index]) + ": " +
                               toString(std::move(error)));
  return distance.judge(getTolerance(model));
}
