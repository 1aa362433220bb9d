// Convolutions beside the formula, for all kinds of kernels and borders.
#include "compiler/Quantization/Convolution.h"
#include "RandomNumbers.h"

#include <gtest/gtest.h>

using namespace mobileone;

namespace {

ConvShape makeShape(int64_t inputs, int64_t outputs, int64_t groups,
                    int64_t kernel, int64_t stride, int64_t padding,
                    int64_t dilation) {
  ConvShape shape;
  shape.inputChannels = inputs;
  shape.outputChannels = outputs;
  shape.groups = groups;
  shape.input = {9, 7};
  shape.kernel = {kernel, kernel};
  shape.strides = {stride, stride};
  shape.padding = {padding, padding};
  shape.dilations = {dilation, dilation};
  for (int i : {0, 1})
    shape.output[i] =
        (shape.input[i] + 2 * padding - ((kernel - 1) * dilation + 1)) /
            stride +
        1;
  return shape;
}

/// The input under the filter at an output pixel: as rows of gatherInputs().
double getInput(const ConvShape &shape, const MatrixF &input, int64_t channel,
                int64_t tap, int64_t pixel) {
  int64_t y = pixel / shape.output[1] * shape.strides[0] - shape.padding[0] +
              tap / shape.kernel[1] * shape.dilations[0];
  int64_t x = pixel % shape.output[1] * shape.strides[1] - shape.padding[1] +
              tap % shape.kernel[1] * shape.dilations[1];
  bool isInside = y >= 0 && y < shape.input[0] && x >= 0 && x < shape.input[1];
  return isInside ? input(channel, y * shape.input[1] + x) : 0;
}

std::vector<ConvShape> makeShapes() {
  return {makeShape(6, 6, 6, 3, 1, 1, 1),  // depthwise
          makeShape(6, 6, 6, 3, 2, 1, 1),  // with a stride
          makeShape(6, 6, 6, 5, 1, 4, 2),  // dilated
          makeShape(2, 2, 2, 7, 2, 3, 1),  // most of the window outside
          makeShape(6, 4, 1, 1, 1, 0, 1),  // pointwise
          makeShape(6, 4, 1, 1, 2, 0, 1),  // with a stride
          makeShape(3, 4, 1, 3, 2, 1, 1),  // dense
          makeShape(6, 4, 2, 3, 1, 1, 1)}; // grouped
}

} // namespace

TEST(Convolution, IsThatOfTheFormula) {
  RandomNumbers random;
  for (const ConvShape &shape : makeShapes()) {
    MatrixF input =
        random.makeFloats(shape.inputChannels, shape.countInputPixels());
    int64_t unknowns = shape.countUnknowns();
    int64_t taps = shape.kernel[0] * shape.kernel[1];
    MatrixF filter = random.makeFloats(shape.outputChannels, unknowns);
    MatrixF output(shape.outputChannels, shape.countOutputPixels());
    Convolution convolution(shape,
                            {filter.data(), filter.data() + filter.size()});
    for (int time = 0; time != 2; ++time) { // its memory is used again
      convolution.run(input.data(), output.data());
      for (int64_t o = 0; o != output.rows(); ++o)
        for (int64_t pixel = 0; pixel != output.cols(); ++pixel) {
          int64_t group = o * shape.groups / shape.outputChannels;
          int64_t first = group * shape.inputChannels / shape.groups;
          double sum = 0;
          for (int64_t k = 0; k != unknowns; ++k)
            sum += filter(o, k) * getInput(shape, input,
                                           first + shape.getChannel(k),
                                           k % taps, pixel);
          EXPECT_NEAR(output(o, pixel), sum, 1e-5);
        }
    }
  }
}

TEST(GatherInputs, TakesWhatTheFilterSees) {
  RandomNumbers random;
  for (const ConvShape &shape : makeShapes()) {
    MatrixF input =
        random.makeFloats(shape.inputChannels, shape.countInputPixels());
    std::vector<int64_t> pixels{0, 3, shape.countOutputPixels() - 1};
    int64_t taps = shape.kernel[0] * shape.kernel[1];
    MatrixF columns = MatrixF::Constant(shape.inputChannels * taps, 5, -9);
    gatherInputs(shape, input.data(), pixels, /*first=*/1, columns);
    for (int64_t row = 0; row != columns.rows(); ++row) {
      for (size_t i = 0; i != pixels.size(); ++i)
        EXPECT_EQ(columns(row, 1 + i),
                  getInput(shape, input, row / taps, row % taps, pixels[i]));
      EXPECT_EQ(columns(row, 0), -9); // others stay
      EXPECT_EQ(columns(row, 4), -9);
    }
  }
}
