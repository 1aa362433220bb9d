// Which pixels of the calibration images statistics are made of.
#ifndef MOBILEONE_COMPILER_QUANTIZATION_PIXELSAMPLE_H
#define MOBILEONE_COMPILER_QUANTIZATION_PIXELSAMPLE_H

#include "compiler/Quantization/Matrix.h"

#include <vector>

namespace mobileone {

/// Every `stride`-th pixel of a number of maps in a row. The stride is odd, so
/// that it goes through all columns of maps whose width is a power of two.
class PixelSample {
public:
  /// At least `wanted` of `images` maps of `pixels` pixels each, or all.
  PixelSample(int64_t images, int64_t pixels, int64_t wanted)
      : pixels(pixels),
        stride(images * pixels <= wanted ? 1 : images * pixels / wanted | 1),
        number((images * pixels + stride - 1) / stride) {}

  /// Of all images.
  int64_t count() const { return number; }
  /// How many are of the images before `image`.
  int64_t countBefore(int64_t image) const {
    return (image * pixels + stride - 1) / stride;
  }
  /// Those of one image, as y * width + x.
  std::vector<int64_t> getPixels(int64_t image) const {
    std::vector<int64_t> chosen;
    for (int64_t p = countBefore(image) * stride - image * pixels; p < pixels;
         p += stride)
      chosen.push_back(p);
    return chosen;
  }
  /// Copies those of one image from `planes` (CHW) to their columns of a matrix
  /// with a row for each channel.
  void copyPixels(int64_t image, const float *planes, MatrixF &columns) const {
    std::vector<int64_t> chosen = getPixels(image);
    for (int64_t c = 0; c != columns.rows(); ++c, planes += pixels)
      for (size_t i = 0; i != chosen.size(); ++i)
        columns(c, countBefore(image) + static_cast<int64_t>(i)) =
            planes[chosen[i]];
  }

private:
  int64_t pixels, stride, number;
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_QUANTIZATION_PIXELSAMPLE_H
