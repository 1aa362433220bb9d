// A network in integers, as far as it is, and what it computes.
#include "compiler/Quantization/QuantizedNetwork.h"

#include "compiler/Quantization/ChooseRanges.h"

#include <algorithm>

using namespace mobileone;

const float *LayerValue::read(std::vector<float> &scratch) const {
  if (bytes.empty())
    return floats.data();
  scratch.assign(bytes.begin(), bytes.end());
  return scratch.data();
}

Convolution mobileone::makeConvolution(const FloatBlock &block,
                                       const QuantizedBlock &quantized) {
  if (const auto &integers = quantized.integers)
    return {block.shape, std::vector<float>(integers->weights.begin(),
                                            integers->weights.end())};
  return {block.shape,
          quantized.reals ? quantized.reals->weights : block.filter};
}

std::vector<float> mobileone::getBias(const FloatBlock &block,
                                      const QuantizedBlock &quantized) {
  if (const auto &integers = quantized.integers)
    return {integers->bias.begin(), integers->bias.end()};
  return quantized.reals ? quantized.reals->bias : block.bias;
}

bool mobileone::keepsSums(const FloatBlock &block,
                          const QuantizedBlock &quantized) {
  return quantized.integers && quantized.hasBytes && !block.gates;
}

/// Channels first, a row for each.
static Eigen::Map<MatrixF> getRows(std::vector<float> &values,
                                   size_t channels) {
  return {values.data(), static_cast<int64_t>(channels),
          static_cast<int64_t>(values.size() / channels)};
}

static Eigen::Map<const Eigen::VectorXf>
getVector(const std::vector<float> &numbers) {
  return {numbers.data(), static_cast<int64_t>(numbers.size())};
}

void mobileone::finishBlock(const FloatBlock &block,
                            const QuantizedBlock &quantized,
                            std::vector<float> &values) {
  std::vector<float> bias = getBias(block, quantized);
  Eigen::Map<MatrixF> rows = getRows(values, bias.size());
  rows.colwise() += getVector(bias);
  if (keepsSums(block, quantized))
    return;
  if (quantized.integers)
    rows.array().colwise() *= getVector(quantized.integers->unit).array();
  if (block.gates)
    block.gates->apply(rows);
  rows = rows.cwiseMax(0.0F);
}

std::vector<uint8_t> mobileone::makeBytes(const std::vector<float> &values,
                                          const std::vector<float> &factor) {
  std::vector<uint8_t> bytes(values.size());
  size_t pixels = values.size() / factor.size();
  for (size_t c = 0; c != factor.size(); ++c) {
    const float *source = values.data() + c * pixels;
    uint8_t *target = bytes.data() + c * pixels;
    // Rounding after the clamp is the same, and stays within its range.
    for (size_t i = 0; i != pixels; ++i)
      target[i] = static_cast<uint8_t>(roundToEven(
          std::min(std::max(source[i] * factor[c], 0.0F), kLargestByte)));
  }
  return bytes;
}

Eigen::VectorXd mobileone::sumPixels(const LayerValue &activation,
                                     int64_t channels) {
  std::vector<float> scratch;
  const float *values = activation.read(scratch);
  size_t size = std::max(activation.bytes.size(), activation.floats.size());
  return Eigen::Map<const MatrixF>(values, channels,
                                   static_cast<int64_t>(size) / channels)
      .cast<double>()
      .rowwise()
      .sum();
}

std::vector<float> mobileone::runHead(const FloatHead &head,
                                      const QuantizedHead &quantized,
                                      const Eigen::VectorXd &sums,
                                      int64_t pixels,
                                      const std::vector<float> &scale) {
  std::vector<float> numbers(head.bias.size());
  if (const auto &integers = quantized.integers) {
    const int8_t *weights = integers->weights.data();
    for (size_t o = 0; o != numbers.size(); ++o) {
      int64_t sum = integers->bias[o];
      for (double x : sums)
        sum += *weights++ * static_cast<int64_t>(x);
      numbers[o] = static_cast<float>(sum) * integers->unit[o];
    }
    return numbers;
  }
  Eigen::VectorXf means =
      (sums / static_cast<double>(pixels)).cast<float>().eval();
  if (!scale.empty())
    means.array() *= getVector(scale).array();
  Eigen::Map<Eigen::VectorXf> result(numbers.data(), head.bias.size());
  if (const auto &reals = quantized.reals)
    result = Eigen::Map<const MatrixF>(reals->weights.data(),
                                       head.weight.rows(), head.weight.cols()) *
                 means +
             getVector(reals->bias);
  else
    result = head.weight * means + head.bias;
  return numbers;
}

std::vector<float> mobileone::runQuantized(
    const FloatNetwork &network, const QuantizedNetwork &quantized,
    const std::vector<float> &image,
    const std::function<void(size_t, const LayerValue &)> &onBlock) {
  LayerValue value{{}, image};
  std::vector<float> scratch;
  for (size_t i = 0; i != network.blocks.size(); ++i) {
    const FloatBlock &block = network.blocks[i];
    const QuantizedBlock &how = quantized.blocks[i];
    std::vector<float> result(block.shape.outputChannels *
                              block.shape.countOutputPixels());
    makeConvolution(block, how).run(value.read(scratch), result.data());
    finishBlock(block, how, result);
    value = how.hasBytes ? LayerValue{makeBytes(result, how.factor), {}}
                         : LayerValue{{}, std::move(result)};
    if (onBlock)
      onBlock(i, value);
  }
  std::vector<float> numbers;
  if (network.heads.empty())
    return numbers;
  const ConvShape &last = network.blocks.back().shape;
  Eigen::VectorXd sums = sumPixels(value, last.outputChannels);
  for (size_t i = 0; i != network.heads.size(); ++i) {
    std::vector<float> head =
        runHead(network.heads[i], quantized.heads[i], sums,
                last.countOutputPixels(), quantized.blocks.back().scale);
    numbers.insert(numbers.end(), head.begin(), head.end());
  }
  return numbers;
}

std::vector<float> mobileone::runFloat(const FloatNetwork &network,
                                       const std::vector<float> &image) {
  QuantizedNetwork none;
  none.blocks.resize(network.blocks.size());
  none.heads.resize(network.heads.size());
  return runQuantized(network, none, image);
}
