// What quantization made of a network, for people.
#ifndef MOBILEONE_COMPILER_QUANTIZATION_REPORT_H
#define MOBILEONE_COMPILER_QUANTIZATION_REPORT_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mobileone {

/// Signal and noise of numbers beside those that they should be.
struct Noise {
  double signal = 0, noise = 0; // sums of squares

  void include(double expected, double actual) {
    signal += expected * expected;
    noise += (expected - actual) * (expected - actual);
  }
  /// 10 log10(signal / noise) in dB; infinite without noise.
  double getSqnr() const;
};

enum class LayerKind { Dense, Depthwise, Pointwise, Linear };

/// One layer, beside that of the float network, over all images.
struct LayerReport {
  std::string name;
  LayerKind kind;
  /// Weights in int8, or else in float32.
  bool hasIntegers = false;
  /// Result in bytes, or else in float32.
  bool hasBytes = false;
  int64_t multiplyAdds = 0;
  /// Of its result.
  double sqnr = 0;
  /// The exponent of its result's scales, where a dense layer reads them.
  std::optional<double> alpha;
  /// Part of the numbers that became 255 and stood for more.
  double clipped = 0;
  /// Channels of nothing but zero weights.
  int64_t deadChannels = 0;
};

struct QuantizationReport {
  std::vector<LayerReport> layers;
  int64_t images = 0;
  /// Of all heads, or of the last map of a network without.
  double sqnr = 0;
  /// Images for which the first head has the same largest number, 0 to 1.
  std::optional<double> agreement;

  /// Layers whose weights are float32.
  std::vector<std::string> getSensitive() const;
  /// Their part of all multiply-adds.
  double getSensitiveShare() const;
};

/// Which layers keep floats, and how near all of it comes.
std::string formatSummary(const QuantizationReport &report);

/// A table with a line for each layer, then the summary.
std::string formatReport(const QuantizationReport &report);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_QUANTIZATION_REPORT_H
