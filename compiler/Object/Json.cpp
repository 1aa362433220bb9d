// Text of the JSON file beside an object.
#include "compiler/Object/Json.h"

#include "compiler/Object/Outputs.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

using namespace mobileone;

/// Of the normalization; null where none is known.
static llvm::json::Value formatNumbers(llvm::ArrayRef<float> values) {
  if (values.empty())
    return nullptr;
  return llvm::json::Array(values);
}

static llvm::json::Object formatOutput(const mobileone_output_info &output) {
  llvm::json::Object object{{"name", output.name},
                            {"kind", getKindName(output)},
                            {"length", output.length}};
  if (output.kind == MOBILEONE_FEATURES) {
    object["layout"] = output.layout == MOBILEONE_CHW ? "nchw" : "nhwc";
    object["channels"] = output.channels;
    object["height"] = output.height;
    object["width"] = output.width;
    object["stride"] = output.stride;
  }
  return object;
}

static llvm::json::Array formatLayers(const ModelInfo &model) {
  llvm::json::Array layers;
  for (const mobileone_layer_info &layer : model.layers)
    layers.push_back(llvm::json::Object{
        {"name", layer.name},
        {"height", layer.height},
        {"width", layer.width},
        {"channels", layer.channels},
        {"algorithm", mobileone_algorithm_name(layer.algorithm)},
        {"multiply_adds", static_cast<int64_t>(layer.multiply_adds)}});
  return layers;
}

static llvm::json::Array formatOutputs(const ModelInfo &model) {
  llvm::json::Array outputs;
  for (const mobileone_output_info &output : model.outputs)
    outputs.push_back(formatOutput(output));
  return outputs;
}

/// What differs for each image size but the first.
static llvm::json::Array formatOtherSizes(const ModelInfo &model) {
  llvm::json::Array sizes;
  for (const ModelInfo &size : model.otherSizes)
    sizes.push_back(llvm::json::Object{
        {"height", size.info.input_height},
        {"width", size.info.input_width},
        {"bytes", static_cast<int64_t>(size.info.input_bytes)},
        {"outputs", formatOutputs(size)},
        {"multiply_adds", static_cast<int64_t>(size.info.multiply_adds)},
        {"layers", formatLayers(size)}});
  return sizes;
}

std::string mobileone::formatJson(const ModelInfo &model,
                                  llvm::StringRef prefix,
                                  const Origin &origin) {
  const mobileone_model_info &info = model.info;
  llvm::json::Array isa, batches{info.batch};
  for (uint32_t batch : model.otherBatches)
    batches.push_back(batch);
  for (const IsaLevel &level : getIsaLevels())
    if (info.isa_levels >> level.number & 1)
      isa.push_back(level.name);
  llvm::json::Object object{
      {"prefix", prefix},
      {"source", llvm::json::fixUTF8(origin.source)},
      {"checkpoint_sha256", origin.sha256},
      {"flags", llvm::json::fixUTF8(origin.flags)},
      {"variant", info.variant},
      {"precision", info.precision},
      {"tool_version", info.tool_version},
      {"target", info.target},
      {"isa", std::move(isa)},
      {"batch", std::move(batches)},
      {"input",
       llvm::json::Object{{"layout", model.getLayoutName()},
                          {"height", info.input_height},
                          {"width", info.input_width},
                          {"channels", info.input_channels},
                          {"order", model.getOrderName()},
                          {"bytes", static_cast<int64_t>(info.input_bytes)},
                          {"mean", formatNumbers(model.getMean())},
                          {"std", formatNumbers(model.getStd())}}},
      {"outputs", formatOutputs(model)},
      {"other_sizes", formatOtherSizes(model)},
      {"arena_bytes", static_cast<int64_t>(info.arena_bytes)},
      {"arena_align", 64},
      {"instrument", static_cast<int64_t>(info.instrument)},
      {"weights_bytes", static_cast<int64_t>(info.weights_bytes)},
      {"weights_sha256", info.weights_sha256},
      {"external_weights", info.external_weights != 0},
      {"parameters", static_cast<int64_t>(info.parameters)},
      {"multiply_adds", static_cast<int64_t>(info.multiply_adds)},
      {"sums_bytes", static_cast<int64_t>(info.sums_bytes)},
      {"weight_sums_bytes", static_cast<int64_t>(info.weight_sums_bytes)},
      {"interface_hash", model.getInterfaceHash()},
      {"layers", formatLayers(model)}};
  return llvm::formatv("{0:2}\n", llvm::json::Value(std::move(object))).str();
}
