// Convolutions of NCHW images in float32, and what their filters see.
#include "compiler/Quantization/Convolution.h"

#include <algorithm>

using namespace mobileone;

bool ConvShape::isPointwise() const {
  return groups == 1 && kernel[0] * kernel[1] == 1 && input == output &&
         padding[0] + padding[1] == 0;
}

/// The row (0) or column (1) of the input under tap `k` of output `o`.
static int64_t getInput(const ConvShape &shape, int dimension, int64_t o,
                        int64_t k) {
  return o * shape.strides[dimension] - shape.padding[dimension] +
         k * shape.dilations[dimension];
}

/// The outputs [first, last) for which tap `k` lies inside the input.
static std::pair<int64_t, int64_t> getInside(const ConvShape &shape,
                                             int dimension, int64_t k) {
  int64_t stride = shape.strides[dimension];
  int64_t start = getInput(shape, dimension, 0, k);
  int64_t first = start < 0 ? (-start + stride - 1) / stride : 0;
  int64_t last = (shape.input[dimension] - start + stride - 1) / stride;
  last = std::clamp<int64_t>(last, 0, shape.output[dimension]);
  return {std::min(first, last), last};
}

/// Calls `use(output row, first output column, last one, input)` for each row
/// of a plane in which a tap has pixels under it, with the first of those.
template <typename Fn>
static void forEachRow(const ConvShape &shape, int64_t ky, int64_t kx,
                       const float *plane, Fn use) {
  auto [top, bottom] = getInside(shape, 0, ky);
  auto [left, right] = getInside(shape, 1, kx);
  if (left == right)
    return;
  for (int64_t y = top; y < bottom; ++y)
    use(y, left, right,
        plane + getInput(shape, 0, y, ky) * shape.input[1] +
            getInput(shape, 1, left, kx));
}

namespace {

/// A padded plane, cut by the strides into planes in which neighbours are those
/// of neighbouring outputs: pixel (y, x) is in plane (y % stride, x % stride).
/// So a tap of all outputs is one run of floats, but for some at the end of
/// each row that are no outputs.
class CutPlane {
public:
  explicit CutPlane(const ConvShape &shape)
      : shape(shape), width(getExtent(1)),
        size(getExtent(0) * width + shape.kernel[1] * shape.dilations[1] +
             kTapsStep),
        pixels(size * shape.strides[0] * shape.strides[1]),
        results(shape.output[0] * width + kTapsStep) {
    for (int64_t x = 0; x != shape.input[1]; ++x)
      columns.push_back(getPlace(0, x + shape.padding[1]));
    for (int64_t ky = 0; ky != shape.kernel[0]; ++ky)
      for (int64_t kx = 0; kx != shape.kernel[1]; ++kx)
        offsets.push_back(
            getPlace(ky * shape.dilations[0], kx * shape.dilations[1]));
  }

  void run(VectorLevel level, const float *input, const float *weights,
           float *output) {
    for (int64_t y = 0; y != shape.input[0]; ++y) {
      float *row = &pixels[getPlace(y + shape.padding[0], 0)];
      for (int64_t x = 0; x != shape.input[1]; ++x)
        row[columns[x]] = *input++;
    }
    addTaps(level, shape.output[0] * width, pixels.data(), offsets, weights,
            results.data());
    for (int64_t y = 0; y != shape.output[0]; ++y)
      output = std::copy_n(&results[y * width], shape.output[1], output);
  }

private:
  /// Pixels of a dimension that are in one plane.
  int64_t getExtent(int dimension) const {
    return (shape.input[dimension] + 2 * shape.padding[dimension] - 1) /
               shape.strides[dimension] +
           1;
  }
  int64_t getPlace(int64_t y, int64_t x) const {
    int64_t plane =
        y % shape.strides[0] * shape.strides[1] + x % shape.strides[1];
    return plane * size + y / shape.strides[0] * width + x / shape.strides[1];
  }

  const ConvShape &shape;
  int64_t width, size;
  std::vector<float> pixels, results;
  /// Of the filter's taps; of the input's columns.
  std::vector<int64_t> offsets, columns;
};

} // namespace

void Convolution::runDepthwise(const float *input, float *output) {
  CutPlane plane(shape);
  int64_t taps = shape.countUnknowns();
  for (int64_t c = 0; c != shape.outputChannels; ++c)
    plane.run(level, input + c * shape.countInputPixels(),
              filter.data() + c * taps, output + c * shape.countOutputPixels());
}

/// Writes what the filter has under it at all output pixels, for channels that
/// begin at `input`: a row of `columns` for each unknown.
static void unfold(const ConvShape &shape, const float *input, float *columns) {
  int64_t pixels = shape.countOutputPixels();
  std::fill_n(columns, shape.countUnknowns() * pixels, 0.0F);
  for (int64_t c = 0; c != shape.inputChannels / shape.groups; ++c) {
    for (int64_t ky = 0; ky != shape.kernel[0]; ++ky)
      for (int64_t kx = 0; kx != shape.kernel[1]; ++kx, columns += pixels)
        forEachRow(
            shape, ky, kx, input,
            [&](int64_t y, int64_t left, int64_t right, const float *source) {
              float *row = columns + y * shape.output[1];
              for (int64_t x = left; x < right; ++x)
                row[x] = source[(x - left) * shape.strides[1]];
            });
    input += shape.countInputPixels();
  }
}

void Convolution::run(const float *input, float *output) {
  if (shape.isDepthwise())
    return runDepthwise(input, output);
  int64_t pixels = shape.countOutputPixels(), unknowns = shape.countUnknowns();
  int64_t rows = shape.outputChannels / shape.groups;
  int64_t inputs =
      shape.inputChannels / shape.groups * shape.countInputPixels();
  if (!shape.isPointwise())
    scratch.resize(unknowns * pixels);
  for (int64_t group = 0; group != shape.groups; ++group) {
    const float *columns = input + group * inputs;
    if (!shape.isPointwise()) {
      unfold(shape, columns, scratch.data());
      columns = scratch.data();
    }
    multiply(level, rows, unknowns, pixels,
             {filter.data() + group * rows * unknowns, unknowns, 1},
             {columns, pixels, 1}, output + group * rows * pixels, pixels);
  }
}

void mobileone::gatherInputs(const ConvShape &shape, const float *input,
                             const std::vector<int64_t> &pixels, int64_t first,
                             MatrixF &columns) {
  int64_t width = shape.input[1], count = pixels.size();
  // For each tap the place of what is under it, -1 outside.
  std::vector<int64_t> places;
  for (int64_t ky = 0; ky != shape.kernel[0]; ++ky)
    for (int64_t kx = 0; kx != shape.kernel[1]; ++kx)
      for (int64_t pixel : pixels) {
        int64_t y = getInput(shape, 0, pixel / shape.output[1], ky);
        int64_t x = getInput(shape, 1, pixel % shape.output[1], kx);
        bool isInside = y >= 0 && y < shape.input[0] && x >= 0 && x < width;
        places.push_back(isInside ? y * width + x : -1);
      }
  int64_t taps = shape.kernel[0] * shape.kernel[1];
  for (int64_t row = 0; row != columns.rows(); ++row) {
    const float *plane = input + row / taps * shape.countInputPixels();
    const int64_t *place = places.data() + row % taps * count;
    float *column = columns.data() + row * columns.cols() + first;
    for (int64_t i = 0; i != count; ++i)
      column[i] = place[i] < 0 ? 0 : plane[place[i]];
  }
}
