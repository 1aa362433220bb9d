// A network in integers, as far as it is, and what it computes.
#ifndef MOBILEONE_COMPILER_QUANTIZATION_QUANTIZEDNETWORK_H
#define MOBILEONE_COMPILER_QUANTIZATION_QUANTIZEDNETWORK_H

#include "compiler/Quantization/FloatNetwork.h"

#include <functional>

namespace mobileone {

/// Int8 weights and int32 biases. A sum is an integer that stands for
/// `unit[o]` times as much.
struct IntegerFilter {
  std::vector<int8_t> weights; // row-major
  std::vector<int32_t> bias;
  std::vector<float> unit;
};

/// Real weights. What they are multiplied by may be bytes, whose scale is then
/// in the weights.
struct RealFilter {
  std::vector<float> weights, bias; // row-major
};

/// At most one of `integers` and `reals` is there; with neither the block is as
/// in the float network.
struct QuantizedBlock {
  std::optional<IntegerFilter> integers;
  std::optional<RealFilter> reals;
  /// Whether the result is bytes, or else float. Byte 1 of channel c stands for
  /// scale[c]. What is rounded to bytes is factor[c] times the sum, or, behind
  /// gates and real weights, the real value.
  bool hasBytes = false;
  std::vector<float> scale, factor;
};

/// Integers are of sums over the last map's pixels, reals of averages.
struct QuantizedHead {
  std::optional<IntegerFilter> integers;
  std::optional<RealFilter> reals;
};

struct QuantizedNetwork {
  std::vector<QuantizedBlock> blocks;
  std::vector<QuantizedHead> heads;
};

/// The result of a block for one image, CHW: bytes, or else floats.
struct LayerValue {
  std::vector<uint8_t> bytes;
  std::vector<float> floats;

  /// As floats: its own, or the bytes in `scratch`.
  const float *read(std::vector<float> &scratch) const;
};

/// The convolution of a block without its bias, in its integers where it has
/// some.
Convolution makeConvolution(const FloatBlock &block,
                            const QuantizedBlock &quantized);

/// The bias that belongs to it.
std::vector<float> getBias(const FloatBlock &block,
                           const QuantizedBlock &quantized);

/// Whether bytes are made of the block's sums as they are, without a real value
/// in between.
bool keepsSums(const FloatBlock &block, const QuantizedBlock &quantized);

/// Adds the bias to what the convolution gives (CHW). Unless sums are kept,
/// makes real values of them, scales those by the gates and applies the ReLU.
void finishBlock(const FloatBlock &block, const QuantizedBlock &quantized,
                 std::vector<float> &values);

/// round(value * factor[c]) to even, 0 to 255, as mobileone.quantize, of values
/// in the order CHW.
std::vector<uint8_t> makeBytes(const std::vector<float> &values,
                               const std::vector<float> &factor);

/// What a quantized network gives for `image` (CHW, normalized): the numbers of
/// its heads, one after the other. `onBlock` sees the result of each block.
///
/// The IR alone defines the numbers; these steer, and measure. They are the
/// same as far as float32 holds them: sums of integers below 2^24 are; real
/// weights and gates are rounded otherwise.
std::vector<float> runQuantized(
    const FloatNetwork &network, const QuantizedNetwork &quantized,
    const std::vector<float> &image,
    const std::function<void(size_t, const LayerValue &)> &onBlock = nullptr);

/// The same of the network itself: quantized in no block and head.
std::vector<float> runFloat(const FloatNetwork &network,
                            const std::vector<float> &image);

/// The sum of each of `channels` channels (CHW) over its pixels.
Eigen::VectorXd sumPixels(const LayerValue &activation, int64_t channels);

/// The numbers of a head for the sums over `pixels` pixels of each channel of
/// the last map, whose byte 1 stands for `scale[c]`; empty: they are real.
std::vector<float> runHead(const FloatHead &head,
                           const QuantizedHead &quantized,
                           const Eigen::VectorXd &sums, int64_t pixels,
                           const std::vector<float> &scale);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_QUANTIZATION_QUANTIZEDNETWORK_H
