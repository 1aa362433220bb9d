// What quantization made of a network, for people.
#include "compiler/Quantization/Report.h"

#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace mobileone;

double Noise::getSqnr() const { return 10 * std::log10(signal / noise); }

std::vector<std::string> QuantizationReport::getSensitive() const {
  std::vector<std::string> names;
  for (const LayerReport &layer : layers)
    if (!layer.hasIntegers)
      names.push_back(layer.name);
  return names;
}

double QuantizationReport::getSensitiveShare() const {
  int64_t sensitive = 0, all = 0;
  for (const LayerReport &layer : layers) {
    all += layer.multiplyAdds;
    sensitive += layer.hasIntegers ? 0 : layer.multiplyAdds;
  }
  return static_cast<double>(sensitive) / static_cast<double>(all);
}

static const char *getName(LayerKind kind) {
  switch (kind) {
  case LayerKind::Dense:
    return "dense";
  case LayerKind::Depthwise:
    return "depthwise";
  case LayerKind::Pointwise:
    return "pointwise";
  case LayerKind::Linear:
    return "linear";
  }
  return "";
}

std::string mobileone::formatSummary(const QuantizationReport &report) {
  std::vector<std::string> sensitive = report.getSensitive();
  std::string text = fmt::format(
      "in f32: {} of {} layers, {:.1f} % of the multiply-adds ({})\n",
      sensitive.size(), report.layers.size(), 100 * report.getSensitiveShare(),
      fmt::join(sensitive, ", "));
  text += fmt::format("{} images: SQNR {:.2f} dB", report.images, report.sqnr);
  if (report.agreement)
    text +=
        fmt::format(", the same class for {:.1f} %", 100 * *report.agreement);
  return text + "\n";
}

std::string mobileone::formatReport(const QuantizationReport &report) {
  std::string text = fmt::format(
      "{:<10} {:<9} {:<7} {:<6} {:>7} {:>6} {:>9} {:>5}\n", "layer", "kind",
      "weights", "result", "SQNR dB", "alpha", "clipped %", "dead");
  for (const LayerReport &layer : report.layers)
    text += fmt::format(
        "{:<10} {:<9} {:<7} {:<6} {:>7.1f} {:>6} {:>9.3f} {:>5}\n", layer.name,
        getName(layer.kind), layer.hasIntegers ? "int8" : "f32",
        layer.hasBytes ? "u8" : "f32", layer.sqnr,
        layer.alpha ? fmt::format("{:.2f}", *layer.alpha) : "",
        100 * layer.clipped, layer.deadChannels);
  return text + formatSummary(report);
}
