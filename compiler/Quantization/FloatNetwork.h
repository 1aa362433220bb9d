// A single-branch network as plain numbers: what is quantized.
#ifndef MOBILEONE_COMPILER_QUANTIZATION_FLOATNETWORK_H
#define MOBILEONE_COMPILER_QUANTIZATION_FLOATNETWORK_H

#include "compiler/Quantization/Convolution.h"

#include <optional>
#include <string>

namespace mobileone {

/// As mobileone.squeeze_excite, of C channels and R reduced ones.
struct Gates {
  MatrixF reduce, expand; // RxC, CxR
  Eigen::VectorXf reduceBias, expandBias;
  bool isHard;

  /// Scales each channel of `values` (CxP) by its gate.
  void apply(Eigen::Ref<MatrixF> values) const;
};

/// max(0, gates(convolution + bias)).
struct FloatBlock {
  std::string name;
  ConvShape shape;
  std::vector<float> filter, bias; // OIHW, O
  std::optional<Gates> gates;
};

/// A linear layer over the means of the last block's channels.
struct FloatHead {
  std::string name;
  MatrixF weight; // classes x C
  Eigen::VectorXf bias;
};

/// Blocks, each of which reads the one before it; the first reads the image.
struct FloatNetwork {
  std::vector<FloatBlock> blocks;
  /// Whether the last map is averaged: for heads, or as a result.
  bool isPooled;
  std::vector<FloatHead> heads;

  int64_t countMultiplyAdds() const;
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_QUANTIZATION_FLOATNETWORK_H
