// Turns the filter of one layer into integers, by what it saw and should give.
#ifndef MOBILEONE_COMPILER_QUANTIZATION_FITFILTER_H
#define MOBILEONE_COMPILER_QUANTIZATION_FITFILTER_H

#include "compiler/Quantization/QuantizedNetwork.h"
#include "compiler/Quantization/RoundFilter.h"

namespace mobileone {

/// Of a layer with `groups` groups, K inputs of a row and O rows of a group.
struct LayerSamples {
  /// (groups * K) x N: what the filter sees in the quantized network.
  MatrixF inputs;
  /// (groups * O) x N: what the layer gives in the float network, with its
  /// bias.
  MatrixF outputs;
};

struct FitOptions {
  int64_t groups = 1;
  /// Relative to the mean variance of an input.
  double ridge = 0.01;
  /// Make up for the errors of the inputs. Not by few samples: they do not
  /// determine so many weights.
  bool isRefit = true;
  /// GPTQ before the coordinate descent.
  bool useGptq = true;
  /// What the magnitudes of a sum have to stay below, and the largest input.
  double sumLimit = 2147483648.0, largestInput = 255;
};

/// A filter in integers whose bias is yet to be found.
struct FittedFilter {
  MatrixD integers; // (groups * O) x K, -127 to 127
  VectorD unit;     // real value of a sum of 1
};

/// `filter` ((groups * O) x K) is in units of `samples.inputs`. Rows of zeros
/// stay zeros. None if products could add up to half of the limit; biases are
/// at most a quarter of it, before they are corrected, which units are chosen
/// for.
std::optional<FittedFilter> fitIntegers(const LayerSamples &samples,
                                        const MatrixD &filter,
                                        const FitOptions &options);

/// The real filter of least error, without rounding.
MatrixD fitReals(const LayerSamples &samples, const MatrixD &filter,
                 const FitOptions &options);

/// The bias that makes the mean of each output that of the float network (Nagel
/// et al., arXiv 1906.04721, section 4.2), where `sumMeans` is that of the sums
/// without a bias.
std::vector<int32_t> getIntegerBias(const FittedFilter &fitted,
                                    const VectorD &outputMeans,
                                    const VectorD &sumMeans);

/// The integers, with this bias.
IntegerFilter makeIntegerFilter(const FittedFilter &fitted,
                                std::vector<int32_t> bias);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_QUANTIZATION_FITFILTER_H
