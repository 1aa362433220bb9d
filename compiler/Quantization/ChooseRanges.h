// How the numbers between layers become bytes.
#ifndef MOBILEONE_COMPILER_QUANTIZATION_CHOOSERANGES_H
#define MOBILEONE_COMPILER_QUANTIZATION_CHOOSERANGES_H

#include "compiler/Quantization/Matrix.h"

namespace mobileone {

inline constexpr float kLargestByte = 255;

/// Who reads the bytes, which decides what the channels' scales are good for.
enum class Reader {
  /// A filter per channel: any scale can be folded into it.
  Depthwise,
  /// A row of weights for all channels, which is rounded in one unit: scales
  /// far apart would make small weights of large ones.
  Dense,
  /// The sum of each map: all values count, those of classes that the images
  /// do not show, too.
  Pool
};

/// For each row of `samples` (CxN, none negative) the value that becomes 255:
/// f max(row) with the f of 1, 0.95, ..., 0.3 for which
/// sum over n of (v[n] - s min(255, round(v[n] / s)))^2, s = f max(row) / 255,
/// is least. At least 1e-12.
VectorD chooseClips(ConstMatrixF samples);

/// Real value of byte 1 in each channel, s[c]. `samples` as above, `largest` is
/// the largest value of each channel over all pixels.
///
/// Depthwise: clip[c] / 255, at least 1e-5 of the largest value.
/// Dense: clip[c]^alpha max(clip)^(1 - alpha) / 255, each clip at least 1e-3 of
/// the largest, as SmoothQuant moves ranges between activations and weights
/// (Xiao et al., arXiv 2211.10438, equation 4).
/// Pool: one for all channels, the largest value / 255, so that none is
/// clipped.
VectorD chooseScales(Reader reader, ConstMatrixF samples,
                     const VectorD &largest, double alpha);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_QUANTIZATION_CHOOSERANGES_H
