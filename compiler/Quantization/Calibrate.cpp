// Makes a network of integers, by what images do in it.
#include "compiler/Quantization/Calibrate.h"

#include "compiler/Quantization/ChooseRanges.h"
#include "compiler/Quantization/FitFilter.h"
#include "compiler/Quantization/PixelSample.h"

#include <algorithm>

using namespace mobileone;

/// Pixels that statistics are made of: of a filter per channel, which has few
/// weights, of others, and for ranges.
static constexpr int64_t kDepthwisePixels = 10000, kDensePixels = 20000,
                         kRangePixels = 10000;
/// A channel with no larger weight is dead: training left it without meaning.
static constexpr double kDeadWeight = 1e-6;
/// Sums of a classifier's inputs have to be numbers of 16 bits with a sign.
static constexpr int64_t kPooledLimit = 1 << 15;
/// Few images, many weights: FitOptions::ridge of a classifier.
static constexpr double kHeadRidge = 0.3;
/// Sums of depthwise layers are computed in float32, all others in int32.
static constexpr double kFloatLimit = 1 << 24, kIntegerLimit = 2147483648.0;

namespace {

class Calibrator {
public:
  Calibrator(const FloatNetwork &network,
             std::vector<std::vector<float>> images,
             const CalibrationOptions &options, QuantizationReport &report)
      : network(network), options(options), report(report),
        exact(std::move(images)) {}

  QuantizedNetwork run();

private:
  /// What is known of the block that is quantized.
  struct Work {
    const FloatBlock &block;
    QuantizedBlock result;
    LayerReport report;
    LayerSamples samples;
    VectorD outputMeans;
    /// Of each channel of what `seen` holds until it becomes bytes.
    VectorD unit;
  };

  void quantizeBlock(size_t index);
  /// The block in float32, on what the float network gives. `samples` tells
  /// whether to keep some.
  void runExact(Work &work, bool isSampled);
  void fit(Work &work, bool isReal);
  /// Runs the fitted block on what the quantized network gives; returns the
  /// means of its sums.
  VectorD runSums(Work &work);
  MatrixD scaleFilter(Work &work);
  void makeBytes(Work &work, size_t index);
  void measure(Work &work);
  void quantizeHead(const FloatHead &head, const MatrixF &means,
                    const MatrixF &sums);
  void quantizeHeads();

  Reader getReader(size_t index) const;
  /// Whether the quantized network computes what the float network does.
  bool isExact() const { return seen.empty(); }
  const float *readSeen(size_t image) {
    return isExact() ? exact[image].data() : seen[image].read(scratch);
  }

  const FloatNetwork &network;
  const CalibrationOptions &options;
  QuantizationReport &report;
  /// For each image what the last block gives: in the float network, and in the
  /// quantized one, if that is another.
  std::vector<std::vector<float>> exact;
  std::vector<LayerValue> seen;
  std::vector<float> scale; // of bytes in `seen`
  std::vector<float> scratch;
  QuantizedNetwork quantized;
};

} // namespace

static LayerKind getKind(const ConvShape &shape) {
  return shape.isDepthwise()   ? LayerKind::Depthwise
         : shape.isPointwise() ? LayerKind::Pointwise
                               : LayerKind::Dense;
}

static Eigen::Map<const MatrixF> getRows(const std::vector<float> &values,
                                         int64_t rows) {
  return {values.data(), rows, static_cast<int64_t>(values.size()) / rows};
}

Reader Calibrator::getReader(size_t index) const {
  if (index + 1 == network.blocks.size())
    return network.isPooled ? Reader::Pool : Reader::Depthwise;
  return network.blocks[index + 1].shape.isDepthwise() ? Reader::Depthwise
                                                       : Reader::Dense;
}

void Calibrator::runExact(Work &work, bool isSampled) {
  const ConvShape &shape = work.block.shape;
  int64_t images = exact.size(), pixels = shape.countOutputPixels();
  PixelSample sample(images, pixels,
                     shape.isDepthwise() ? kDepthwisePixels : kDensePixels);
  if (isSampled) {
    work.samples.inputs.resize(shape.groups * shape.countUnknowns(),
                               sample.count());
    work.samples.outputs.resize(shape.outputChannels, sample.count());
  }
  QuantizedBlock own; // in no way
  Convolution convolution = makeConvolution(work.block, own);
  work.outputMeans = VectorD::Zero(shape.outputChannels);
  std::vector<float> output; // the memory of the image before
  for (int64_t image = 0; image != images; ++image) {
    if (isSampled)
      gatherInputs(shape, readSeen(image), sample.getPixels(image),
                   sample.countBefore(image), work.samples.inputs);
    output.resize(shape.outputChannels * pixels);
    convolution.run(exact[image].data(), output.data());
    work.outputMeans +=
        getRows(output, shape.outputChannels).rowwise().mean().cast<double>();
    if (isSampled)
      sample.copyPixels(image, output.data(), work.samples.outputs);
    finishBlock(work.block, own, output);
    exact[image].swap(output);
  }
  Eigen::Map<const Eigen::VectorXf> bias(work.block.bias.data(),
                                         shape.outputChannels);
  work.outputMeans /= static_cast<double>(images);
  work.outputMeans += bias.cast<double>();
  if (isSampled)
    work.samples.outputs.colwise() += bias;
}

/// The filter as numbers that bytes are multiplied by, dead channels zero.
MatrixD Calibrator::scaleFilter(Work &work) {
  const ConvShape &shape = work.block.shape;
  int64_t unknowns = shape.countUnknowns();
  MatrixD filter = Eigen::Map<const MatrixF>(work.block.filter.data(),
                                             shape.outputChannels, unknowns)
                       .cast<double>();
  for (int64_t row = 0; row != filter.rows(); ++row)
    if (filter.row(row).cwiseAbs().maxCoeff() < kDeadWeight) {
      filter.row(row).setZero();
      ++work.report.deadChannels;
    }
  if (scale.empty())
    return filter;
  int64_t groupRows = shape.outputChannels / shape.groups;
  int64_t groupChannels = shape.inputChannels / shape.groups;
  for (int64_t row = 0; row != filter.rows(); ++row)
    for (int64_t k = 0; k != unknowns; ++k)
      filter(row, k) *=
          scale[row / groupRows * groupChannels + shape.getChannel(k)];
  return filter;
}

VectorD Calibrator::runSums(Work &work) {
  const ConvShape &shape = work.block.shape;
  Convolution convolution = makeConvolution(work.block, work.result);
  VectorD means = VectorD::Zero(shape.outputChannels);
  std::vector<float> sums; // the memory of the image before
  for (LayerValue &image : seen) {
    sums.resize(shape.outputChannels * shape.countOutputPixels());
    convolution.run(image.read(scratch), sums.data());
    means +=
        getRows(sums, shape.outputChannels).rowwise().mean().cast<double>();
    image.bytes.clear();
    image.floats.swap(sums);
  }
  return means / static_cast<double>(seen.size());
}

void Calibrator::fit(Work &work, bool isReal) {
  const ConvShape &shape = work.block.shape;
  FitOptions fitOptions;
  fitOptions.groups = shape.groups;
  fitOptions.useGptq = !shape.isDepthwise();
  fitOptions.sumLimit = shape.isDepthwise() ? kFloatLimit : kIntegerLimit;
  MatrixD filter = scaleFilter(work);
  std::optional<FittedFilter> fitted;
  if (!isReal)
    fitted = fitIntegers(work.samples, filter, fitOptions);
  if (fitted) {
    work.result.integers = makeIntegerFilter(*fitted, {});
    work.result.integers->bias =
        getIntegerBias(*fitted, work.outputMeans, runSums(work));
    work.unit = fitted->unit;
  } else {
    MatrixD reals = fitReals(work.samples, filter, fitOptions);
    work.result.reals =
        RealFilter{{reals.data(), reals.data() + reals.size()}, {}};
    VectorD bias = work.outputMeans - runSums(work);
    work.result.reals->bias.assign(bias.begin(), bias.end());
  }
}

static int64_t countAbove(Eigen::Ref<const Eigen::RowVectorXf> values,
                          float limit) {
  int32_t count = 0;
  for (float value : values)
    count += value > limit;
  return count;
}

/// Rounds what `values` has to bytes, and counts what happens.
void Calibrator::makeBytes(Work &work, size_t index) {
  const ConvShape &shape = work.block.shape;
  int64_t images = exact.size(), channels = shape.outputChannels;
  PixelSample sample(images, shape.countOutputPixels(), kRangePixels);
  MatrixF samples(channels, sample.count());
  VectorD largest = VectorD::Zero(channels);
  for (int64_t image = 0; image != images; ++image) {
    const std::vector<float> &values =
        isExact() ? exact[image] : seen[image].floats;
    largest = largest.cwiseMax(
        getRows(values, channels).rowwise().maxCoeff().cast<double>());
    sample.copyPixels(image, values.data(), samples);
  }
  samples.array().colwise() *= work.unit.cast<float>().array();
  samples = samples.cwiseMax(0.0F);
  Reader reader = getReader(index);
  VectorD scales = chooseScales(reader, samples,
                                largest.cwiseProduct(work.unit), options.alpha);
  if (reader == Reader::Dense)
    work.report.alpha = options.alpha;
  work.result.scale.assign(scales.begin(), scales.end());
  VectorD factor = work.unit.cwiseQuotient(scales);
  work.result.factor.assign(factor.begin(), factor.end());
  work.report.hasBytes = true;

  int64_t clipped = 0;
  if (isExact())
    seen.resize(images);
  for (int64_t image = 0; image != images; ++image) {
    LayerValue &result = seen[image];
    const std::vector<float> &values =
        result.floats.empty() ? exact[image] : result.floats;
    for (int64_t c = 0; c != channels; ++c)
      clipped += countAbove(getRows(values, channels).row(c),
                            (kLargestByte + 0.5F) / work.result.factor[c]);
    result.bytes = mobileone::makeBytes(values, work.result.factor);
    result.floats.clear();
  }
  work.report.clipped =
      static_cast<double>(clipped) /
      static_cast<double>(images * channels * shape.countOutputPixels());
}

/// Compares the block's results.
void Calibrator::measure(Work &work) {
  int64_t channels = work.block.shape.outputChannels;
  Noise noise;
  MatrixF actual;
  for (size_t image = 0; image != exact.size(); ++image) {
    Eigen::Map<const MatrixF> expected = getRows(exact[image], channels);
    actual =
        Eigen::Map<const MatrixF>(readSeen(image), channels, expected.cols());
    if (work.result.hasBytes)
      actual.array().colwise() *=
          Eigen::Map<const Eigen::ArrayXf>(work.result.scale.data(), channels);
    noise.signal += expected.squaredNorm();
    noise.noise += (expected - actual).squaredNorm();
  }
  work.report.sqnr = noise.getSqnr();
}

void Calibrator::quantizeBlock(size_t index) {
  const FloatBlock &block = network.blocks[index];
  bool isReal = options.isReal[index];
  Work work{block, {}, {}, {}, {}, {}};
  work.report.name = block.name;
  work.report.kind = getKind(block.shape);
  work.report.multiplyAdds = block.shape.countMultiplyAdds();
  work.result.hasBytes =
      index + 1 == network.blocks.size() || !options.isReal[index + 1];
  bool isFitted = !isExact();
  runExact(work, isFitted);
  if (isFitted) {
    fit(work, isReal);
    for (LayerValue &image : seen)
      finishBlock(block, work.result, image.floats);
  }
  if (!keepsSums(block, work.result))
    work.unit = VectorD::Ones(block.shape.outputChannels);
  if (work.result.hasBytes)
    makeBytes(work, index);
  scale = work.result.scale;
  measure(work);
  work.report.hasIntegers = work.result.integers.has_value();
  report.layers.push_back(std::move(work.report));
  quantized.blocks.push_back(std::move(work.result));
}

//===----------------------------------------------------------------------===//
// Heads
//===----------------------------------------------------------------------===//

/// `means` and `sums` (CxN) are those of the last maps of the two networks.
void Calibrator::quantizeHead(const FloatHead &head, const MatrixF &means,
                              const MatrixF &sums) {
  int64_t pixels = network.blocks.back().shape.countOutputPixels();
  LayerSamples samples{sums, head.weight * means};
  samples.outputs.colwise() += head.bias;
  VectorD outputMeans = samples.outputs.cast<double>().rowwise().mean();
  VectorD inputMeans = sums.cast<double>().rowwise().mean();
  Eigen::VectorXd unit = VectorD::Constant(sums.rows(), 1.0 / pixels);
  if (!scale.empty())
    unit.array() *= Eigen::Map<const Eigen::ArrayXf>(scale.data(), scale.size())
                        .cast<double>();
  MatrixD filter = head.weight.cast<double>() * unit.asDiagonal();
  FitOptions fitOptions;
  fitOptions.ridge = kHeadRidge;
  fitOptions.isRefit = false;
  fitOptions.sumLimit = kIntegerLimit;
  fitOptions.largestInput = static_cast<double>(kLargestByte) * pixels;
  QuantizedHead result;
  std::optional<FittedFilter> fitted;
  if (!scale.empty() && fitOptions.largestInput < kPooledLimit)
    fitted = fitIntegers(samples, filter, fitOptions);
  if (fitted) {
    result.integers = makeIntegerFilter(
        *fitted,
        getIntegerBias(*fitted, outputMeans, fitted->integers * inputMeans));
  } else {
    VectorD bias = outputMeans - filter * inputMeans;
    result.reals = RealFilter{
        {head.weight.data(), head.weight.data() + head.weight.size()},
        {bias.begin(), bias.end()}};
  }
  LayerReport line;
  line.name = head.name;
  line.kind = LayerKind::Linear;
  line.hasIntegers = result.integers.has_value();
  line.multiplyAdds = head.weight.size();
  report.layers.push_back(std::move(line));
  quantized.heads.push_back(std::move(result));
}

void Calibrator::quantizeHeads() {
  const ConvShape &last = network.blocks.back().shape;
  int64_t images = exact.size(), pixels = last.countOutputPixels();
  MatrixF means(last.outputChannels, images), sums = means;
  for (int64_t image = 0; image != images; ++image) {
    means.col(image) =
        getRows(exact[image], last.outputChannels).rowwise().mean();
    sums.col(image) =
        Eigen::Map<const MatrixF>(readSeen(image), last.outputChannels, pixels)
            .rowwise()
            .sum();
  }
  Noise all;
  int64_t agreeing = 0;
  for (const FloatHead &head : network.heads) {
    quantizeHead(head, means, sums);
    Noise noise;
    for (int64_t image = 0; image != images; ++image) {
      Eigen::VectorXf expected = head.weight * means.col(image) + head.bias;
      std::vector<float> numbers =
          runHead(head, quantized.heads.back(), sums.col(image).cast<double>(),
                  pixels, scale);
      Eigen::Map<Eigen::VectorXf> actual(numbers.data(), expected.size());
      noise.signal += expected.squaredNorm();
      noise.noise += (expected - actual).squaredNorm();
      int64_t best, found;
      expected.maxCoeff(&best);
      actual.maxCoeff(&found);
      agreeing += &head == &network.heads.front() && best == found;
    }
    report.layers.back().sqnr = noise.getSqnr();
    all.signal += noise.signal;
    all.noise += noise.noise;
  }
  report.sqnr = all.getSqnr();
  report.agreement =
      static_cast<double>(agreeing) / static_cast<double>(images);
}

QuantizedNetwork Calibrator::run() {
  report.images = exact.size();
  for (size_t index = 0; index != network.blocks.size(); ++index)
    quantizeBlock(index);
  report.sqnr = report.layers.back().sqnr;
  if (!network.heads.empty())
    quantizeHeads();
  return std::move(quantized);
}

QuantizedNetwork mobileone::calibrate(const FloatNetwork &network,
                                      std::vector<std::vector<float>> images,
                                      const CalibrationOptions &options,
                                      QuantizationReport &report) {
  assert(!images.empty() && "calibration without images");
  assert(options.isReal.size() == network.blocks.size() &&
         options.isReal.front() && "the first block reads real numbers");
  return Calibrator(network, std::move(images), options, report).run();
}
