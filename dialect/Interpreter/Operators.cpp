// The meaning of each mobileone op. Plain loops in the order of the formulas in
// MobileOneOps.td; the innermost runs over pixels that lie side by side.
#include "dialect/Interpreter/Operators.h"

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace mlir;
using namespace mobileone;

/// A tensor of zeros in the shape of the op's result.
template <typename OpT>
static Tensor64 makeResult(OpT op) {
  RankedTensorType type = op.getOutput().getType();
  return {llvm::to_vector(type.getShape()),
          std::vector<double>(type.getNumElements())};
}

/// Calls `use(channel, values)` for each HxW plane of an NCHW tensor.
template <typename Fn>
static void forEachPlane(Tensor64 &tensor, Fn use) {
  size_t channels = tensor.shape[1];
  size_t pixels = tensor.shape[2] * tensor.shape[3];
  for (size_t plane = 0, e = tensor.shape[0] * channels; plane != e; ++plane)
    use(plane % channels,
        MutableArrayRef(tensor.values).slice(plane * pixels, pixels));
}

/// `x`, but at least `low` and at most `high`; NaN stays NaN.
static double clamp(double x, double low, double high) {
  return x < low ? low : x > high ? high : x;
}

/// max(0, x), but NaN stays NaN.
static double relu(double x) { return x < 0 ? 0 : x; }

static double activate(ActivationKind kind, double x) {
  switch (kind) {
  case ActivationKind::relu:
    return relu(x);
  case ActivationKind::gelu:
    return x * (1 + std::erf(x / std::sqrt(2.0))) / 2;
  case ActivationKind::hardswish:
    return x * clamp(x + 3, 0, 6) / 6;
  case ActivationKind::silu:
    return x / (1 + std::exp(-x));
  }
  llvm_unreachable("unknown activation");
}

static double getGate(GateKind kind, double x) {
  switch (kind) {
  case GateKind::sigmoid:
    return 1 / (1 + std::exp(-x));
  case GateKind::hardsigmoid:
    return clamp(x / 6 + 0.5, 0, 1);
  }
  llvm_unreachable("unknown gate");
}

static double getMean(ArrayRef<double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) /
         static_cast<double>(values.size());
}

/// matrix * vector + bias, with one row of the matrix per number of the bias.
static SmallVector<double> applyMatrix(ArrayRef<double> matrix,
                                       ArrayRef<double> vector,
                                       ArrayRef<double> bias) {
  SmallVector<double> result(bias);
  for (auto [row, sum] : llvm::enumerate(result))
    for (auto [weight, x] : llvm::zip_equal(
             matrix.slice(row * vector.size(), vector.size()), vector))
      sum += weight * x;
  return result;
}

Tensor64 mobileone::evaluate(ReadImageOp op, const Tensor64 &image) {
  bool isBytes = !op.getImage().getType().getElementType().isF32();
  double unit = isBytes ? 255.0 : 1.0;
  size_t elements = image.shape[3]; // of a pixel: alpha, too
  size_t pixels = image.shape[1] * image.shape[2];
  Tensor64 result = makeResult(op);
  size_t channels = result.shape[1];
  const double *source = image.values.data();
  for (int64_t n = 0; n != image.shape[0]; ++n, source += pixels * elements)
    for (size_t c = 0; c != channels; ++c)
      for (size_t p = 0; p != pixels; ++p)
        result.values[(n * channels + c) * pixels + p] =
            (source[p * elements + op.getElement(c)] / unit - op.getMean()[c]) /
            op.getStd()[c];
  return result;
}

//===----------------------------------------------------------------------===//
// Convolution
//===----------------------------------------------------------------------===//

namespace {

/// One dimension of a convolution.
struct Extent {
  int64_t input, kernel, output, stride, padding, dilation;

  /// The outputs [first, last) whose input pixel under tap `k` is no padding:
  /// 0 <= output * stride - padding + k * dilation < input.
  std::pair<int64_t, int64_t> getOutputsInside(int64_t k) const {
    int64_t before = padding - k * dilation;
    int64_t first = llvm::divideCeilSigned(before, stride);
    int64_t last = llvm::divideCeilSigned(input + before, stride);
    return {std::clamp<int64_t>(first, 0, output),
            std::clamp<int64_t>(last, 0, output)};
  }

  /// The input pixel of output `o` under tap `k`.
  int64_t getInput(int64_t o, int64_t k) const {
    return o * stride - padding + k * dilation;
  }
};

} // namespace

/// output[x] += weight * input[x * stride] for `count` pixels.
static void addScaled(double weight, const double *input, int64_t stride,
                      double *output, int64_t count) {
  if (stride == 1) // The compiler vectorizes this one.
    for (int64_t x = 0; x < count; ++x)
      output[x] += weight * input[x];
  else
    for (int64_t x = 0; x < count; ++x)
      output[x] += weight * input[x * stride];
}

/// Adds the convolution of one input plane with one `filter` to `output`.
static void addConvolved(const double *input, const double *filter,
                         const Extent &rows, const Extent &columns,
                         double *output) {
  for (int64_t ky = 0; ky != rows.kernel; ++ky)
    for (int64_t kx = 0; kx != columns.kernel; ++kx) {
      auto [top, bottom] = rows.getOutputsInside(ky);
      auto [left, right] = columns.getOutputsInside(kx);
      for (int64_t y = top; y < bottom; ++y)
        addScaled(filter[ky * columns.kernel + kx],
                  input + rows.getInput(y, ky) * columns.input +
                      columns.getInput(left, kx),
                  columns.stride, output + y * columns.output + left,
                  right - left);
    }
}

Tensor64 mobileone::evaluate(ConvOp op, const Tensor64 &input) {
  Tensor64 result = makeResult(op);
  Extent rows{input.shape[2],     op.getKernelHeight(), result.shape[2],
              op.getStrides()[0], op.getPadding()[0],   op.getDilations()[0]};
  Extent columns{input.shape[3],     op.getKernelWidth(), result.shape[3],
                 op.getStrides()[1], op.getPadding()[1],  op.getDilations()[1]};
  int64_t inputPixels = rows.input * columns.input;
  int64_t outputPixels = rows.output * columns.output;
  int64_t taps = rows.kernel * columns.kernel;
  // With one tap at one place all rows are one long row: longer inner loops.
  if (taps == 1 && inputPixels == outputPixels && rows.padding == 0 &&
      columns.padding == 0) {
    rows = {1, 1, 1, 1, 0, 1};
    columns = {inputPixels, 1, outputPixels, 1, 0, 1};
  }

  int64_t outputChannels = op.getOutputChannels();
  int64_t groupOutputs = outputChannels / static_cast<int64_t>(op.getGroups());
  int64_t groupInputs = op.getFilter().getShapedType().getDimSize(1);
  SmallVector<double> filter = readWeights(op.getFilter());
  SmallVector<double> bias(outputChannels, 0.0);
  if (ElementsAttr attr = op.getBiasAttr())
    bias = readWeights(attr);

  double *output = result.values.data();
  for (int64_t n = 0; n != input.shape[0]; ++n)
    for (int64_t o = 0; o != outputChannels; ++o, output += outputPixels) {
      std::fill_n(output, outputPixels, bias[o]);
      int64_t firstInput = n * input.shape[1] + o / groupOutputs * groupInputs;
      for (int64_t i = 0; i != groupInputs; ++i)
        addConvolved(input.values.data() + (firstInput + i) * inputPixels,
                     filter.data() + (o * groupInputs + i) * taps, rows,
                     columns, output);
    }
  return result;
}

//===----------------------------------------------------------------------===//
// The other ops of a block
//===----------------------------------------------------------------------===//

Tensor64 mobileone::evaluate(BatchNormOp op, const Tensor64 &input) {
  SmallVector<double> gamma = readWeights(op.getGamma());
  SmallVector<double> beta = readWeights(op.getBeta());
  SmallVector<double> mean = readWeights(op.getMean());
  SmallVector<double> variance = readWeights(op.getVariance());
  double epsilon = op.getEpsilon().convertToDouble();
  Tensor64 result = input;
  forEachPlane(result, [&](size_t c, MutableArrayRef<double> pixels) {
    double deviation = std::sqrt(variance[c] + epsilon);
    for (double &x : pixels)
      x = (x - mean[c]) / deviation * gamma[c] + beta[c];
  });
  return result;
}

Tensor64 mobileone::evaluate(AddOp, ArrayRef<const Tensor64 *> branches) {
  Tensor64 result = *branches.front();
  for (const Tensor64 *branch : branches.drop_front())
    for (auto [sum, x] : llvm::zip_equal(result.values, branch->values))
      sum += x;
  return result;
}

Tensor64 mobileone::evaluate(SqueezeExciteOp op, const Tensor64 &input) {
  Tensor64 result = input;
  SmallVector<double> means;
  forEachPlane(result, [&](size_t, ArrayRef<double> pixels) {
    means.push_back(getMean(pixels));
  });

  SmallVector<double> reduceFilter = readWeights(op.getReduceFilter());
  SmallVector<double> reduceBias = readWeights(op.getReduceBias());
  SmallVector<double> expandFilter = readWeights(op.getExpandFilter());
  SmallVector<double> expandBias = readWeights(op.getExpandBias());
  size_t channels = expandBias.size();
  SmallVector<double> gates;
  for (int64_t n = 0; n != input.shape[0]; ++n) {
    SmallVector<double> hidden =
        applyMatrix(reduceFilter, ArrayRef(means).slice(n * channels, channels),
                    reduceBias);
    llvm::transform(hidden, hidden.begin(), relu);
    llvm::append_range(gates, applyMatrix(expandFilter, hidden, expandBias));
  }

  auto *number = gates.begin();
  forEachPlane(result, [&](size_t, MutableArrayRef<double> pixels) {
    double gate = getGate(op.getGate(), *number++);
    for (double &x : pixels)
      x *= gate;
  });
  return result;
}

Tensor64 mobileone::evaluate(ActivationOp op, const Tensor64 &input) {
  Tensor64 result = input;
  for (double &x : result.values)
    x = activate(op.getKind(), x);
  return result;
}

//===----------------------------------------------------------------------===//
// Between integers and floats
//===----------------------------------------------------------------------===//

/// f32(input) * factor[c], each of the two rounded to a float.
template <typename OpT>
static Tensor64 multiplyByFactor(OpT op, const Tensor64 &input) {
  SmallVector<float> factor = readRoundedWeights(op.getFactor());
  Tensor64 result = input;
  size_t count = result.values.size() / (input.shape[0] * input.shape[1]);
  for (auto [i, x] : llvm::enumerate(result.values))
    x = static_cast<float>(x) * factor[i / count % factor.size()];
  return result;
}

Tensor64 mobileone::evaluate(QuantizeOp op, const Tensor64 &input) {
  Tensor64 result = multiplyByFactor(op, input);
  for (double &x : result.values)
    x = std::isnan(x) ? 0 : clamp(std::nearbyint(x), 0, 255);
  return result;
}

Tensor64 mobileone::evaluate(DequantizeOp op, const Tensor64 &input) {
  return multiplyByFactor(op, input);
}

//===----------------------------------------------------------------------===//
// Behind the blocks
//===----------------------------------------------------------------------===//

Tensor64 mobileone::evaluate(GlobalAveragePoolOp op, const Tensor64 &input) {
  Tensor64 result = makeResult(op);
  size_t pixels = input.shape[2] * input.shape[3];
  for (auto [plane, mean] : llvm::enumerate(result.values))
    mean = getMean(ArrayRef(input.values).slice(plane * pixels, pixels));
  return result;
}

Tensor64 mobileone::evaluate(GlobalSumPoolOp op, const Tensor64 &input) {
  Tensor64 result = makeResult(op);
  size_t pixels = input.shape[2] * input.shape[3];
  for (auto [plane, sum] : llvm::enumerate(result.values)) {
    ArrayRef<double> bytes =
        ArrayRef(input.values).slice(plane * pixels, pixels);
    sum = std::accumulate(bytes.begin(), bytes.end(), 0.0);
  }
  return result;
}

Tensor64 mobileone::evaluate(LinearOp op, const Tensor64 &input) {
  SmallVector<double> weight = readWeights(op.getWeight());
  SmallVector<double> bias = readWeights(op.getBias());
  size_t channels = input.shape[1];
  Tensor64 result = makeResult(op);
  for (int64_t n = 0; n != input.shape[0]; ++n)
    llvm::copy(applyMatrix(weight,
                           ArrayRef(input.values).slice(n * channels, channels),
                           bias),
               result.values.begin() + n * static_cast<int64_t>(bias.size()));
  return result;
}

Tensor64 mobileone::evaluate(SoftmaxOp, const Tensor64 &input) {
  Tensor64 result = input;
  size_t classes = input.shape[1];
  for (int64_t n = 0; n != input.shape[0]; ++n) {
    MutableArrayRef<double> row =
        MutableArrayRef(result.values).slice(n * classes, classes);
    // The largest logit is subtracted so that exp does not overflow.
    double largest = *llvm::max_element(row);
    for (double &x : row)
      x = std::exp(x - largest);
    double sum = std::accumulate(row.begin(), row.end(), 0.0);
    for (double &x : row)
      x /= sum;
  }
  return result;
}

Tensor64 mobileone::evaluate(ChannelsLastOp op, const Tensor64 &input) {
  Tensor64 result = makeResult(op);
  size_t channels = input.shape[1], pixels = input.shape[2] * input.shape[3];
  for (auto [i, value] : llvm::enumerate(result.values)) {
    size_t image = i / (channels * pixels), inside = i % (channels * pixels);
    value = input.values[(image * channels + inside % channels) * pixels +
                         inside / channels];
  }
  return result;
}
