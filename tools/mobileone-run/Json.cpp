// What the modes print with --json: one value, on the standard output.
#include "Json.h"

#include "tools/Output/Print.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>
#include <cstdio>
#include <fmt/format.h>

using namespace llvm;

namespace mobileone::run {

void printJson(function_ref<void(json::OStream &)> write) {
  std::string text;
  raw_string_ostream stream(text);
  json::OStream json(stream, /*IndentSize=*/2);
  write(json);
  print("{}\n", text);
}

template <typename Number>
static std::string format(Number value) {
  return std::isfinite(value) ? fmt::format("{}", value) : "null";
}

void writeNumber(json::OStream &json, StringRef name, double value) {
  json.attributeBegin(name);
  json.rawValue(format(value));
  json.attributeEnd();
}

void writeNumber(json::OStream &json, StringRef name, float value) {
  json.attributeBegin(name);
  json.rawValue(format(value));
  json.attributeEnd();
}

void writeNumbers(json::OStream &json, StringRef name, ArrayRef<float> values) {
  json.attributeArray(name, [&] {
    for (float value : values)
      json.rawValue(format(value));
  });
}

void writeModel(json::OStream &json, const LoadedModel &model) {
  const mobileone_model_info &info = model.info();
  json.attribute("model", model.name());
  json.attribute("variant", model.variant());
  json.attribute("precision", model.precision());
  json.attribute("height", info.input_height);
  json.attribute("width", info.input_width);
  json.attribute("isa", isaName(model.isa()));
  json.attribute("threads", model.threads());
}

} // namespace mobileone::run
