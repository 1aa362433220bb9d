// Convolutions of NCHW images in float32, and what their filters see.
#ifndef MOBILEONE_COMPILER_QUANTIZATION_CONVOLUTION_H
#define MOBILEONE_COMPILER_QUANTIZATION_CONVOLUTION_H

#include "compiler/Quantization/Matrix.h"
#include "compiler/Quantization/VectorLoops.h"

#include <array>
#include <vector>

namespace mobileone {

/// Sizes of a convolution, height before width. Of a filter O x I x kernel, I
/// counts the channels of one group.
struct ConvShape {
  int64_t inputChannels, outputChannels, groups;
  std::array<int64_t, 2> input, output, kernel;
  std::array<int64_t, 2> strides{1, 1}, padding{0, 0}, dilations{1, 1};

  int64_t countInputPixels() const { return input[0] * input[1]; }
  int64_t countOutputPixels() const { return output[0] * output[1]; }
  /// Numbers that an output is a sum of: those of a row of the filter.
  int64_t countUnknowns() const {
    return inputChannels / groups * kernel[0] * kernel[1];
  }
  int64_t countMultiplyAdds() const {
    return outputChannels * countUnknowns() * countOutputPixels();
  }
  bool isDepthwise() const {
    return groups == inputChannels && groups == outputChannels;
  }
  /// Whether each output pixel is made of the same input pixel.
  bool isPointwise() const;
  /// The channel of unknown `k` of a group, of those of the group.
  int64_t getChannel(int64_t k) const { return k / (kernel[0] * kernel[1]); }
};

/// Runs one convolution on image after image.
class Convolution {
public:
  /// `filter` is OIHW.
  Convolution(const ConvShape &shape, std::vector<float> filter)
      : shape(shape), filter(std::move(filter)) {}

  /// Writes the sums of products, without a bias, of `input` (CHW) to `output`
  /// (CHW). Outside of the input are zeros. Sums of whole numbers are exact as
  /// long as those of their magnitudes stay below 2^24.
  void run(const float *input, float *output);

private:
  void runDepthwise(const float *input, float *output);

  ConvShape shape;
  std::vector<float> filter, scratch;
  VectorLevel level = getBestVectorLevel();
};

/// What the filter has under it at some output pixels (y * W + x): column
/// `first` + i of `columns`, (groups * unknowns) x N, becomes that of
/// `pixels[i]`, for `input` (CHW).
void gatherInputs(const ConvShape &shape, const float *input,
                  const std::vector<int64_t> &pixels, int64_t first,
                  MatrixF &columns);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_QUANTIZATION_CONVOLUTION_H
