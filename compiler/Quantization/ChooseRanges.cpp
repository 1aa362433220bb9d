// How the numbers between layers become bytes.
#include "compiler/Quantization/ChooseRanges.h"

#include <algorithm>
#include <limits>

using namespace mobileone;

/// No scale is zero, also not that of a channel that always is.
static constexpr double kLeastClip = 1e-12;

static double getRoundingError(ConstMatrixF samples, int64_t row, float scale) {
  auto values = samples.row(row).array();
  auto bytes = roundToEven(values * (1 / scale)).min(kLargestByte);
  return (bytes * scale - values).square().sum();
}

VectorD mobileone::chooseClips(ConstMatrixF samples) {
  VectorD clips(samples.rows());
  for (int64_t row = 0; row != samples.rows(); ++row) {
    double largest = std::max<double>(samples.row(row).maxCoeff(), kLeastClip);
    double least = std::numeric_limits<double>::infinity();
    for (int step = 20; step >= 6; --step) {
      double clip = largest * step / 20;
      double error = getRoundingError(samples, row,
                                      static_cast<float>(clip) / kLargestByte);
      if (error < least) {
        least = error;
        clips[row] = clip;
      }
    }
  }
  return clips;
}

VectorD mobileone::chooseScales(Reader reader, ConstMatrixF samples,
                                const VectorD &largest, double alpha) {
  double most = std::max(largest.maxCoeff(), kLeastClip);
  if (reader == Reader::Pool)
    return VectorD::Constant(largest.size(), most / kLargestByte);
  VectorD clips = chooseClips(samples);
  if (reader == Reader::Depthwise)
    return clips.cwiseMax(1e-5 * most) / kLargestByte;
  double widest = clips.maxCoeff();
  return clips.cwiseMax(1e-3 * widest).array().pow(alpha) *
         (std::pow(widest, 1 - alpha) / kLargestByte);
}
