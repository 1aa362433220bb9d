// Makes a network of integers, by what images do in it.
#ifndef MOBILEONE_COMPILER_QUANTIZATION_CALIBRATE_H
#define MOBILEONE_COMPILER_QUANTIZATION_CALIBRATE_H

#include "compiler/Quantization/QuantizedNetwork.h"
#include "compiler/Quantization/Report.h"

namespace mobileone {

struct CalibrationOptions {
  /// For each block whether its weights stay float32. The first one's do: it
  /// reads real numbers. What such a block reads is float32, too, and all else
  /// between blocks is bytes.
  std::vector<bool> isReal;
  /// chooseScales().
  double alpha = 0.65;
};

/// Quantizes block after block, each by what the blocks before it, already
/// quantized, make of `images` (CHW, normalized; one or more, which are used
/// up). Adds a line for each layer to `report`, and the figures of the whole.
///
/// Holds for each image at most two maps in float32, for all images together
/// 20000 pixels of a layer's input under its filter, and as many of its output.
QuantizedNetwork calibrate(const FloatNetwork &network,
                           std::vector<std::vector<float>> images,
                           const CalibrationOptions &options,
                           QuantizationReport &report);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_QUANTIZATION_CALIBRATE_H
