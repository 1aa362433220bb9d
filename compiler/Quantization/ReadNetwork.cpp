// A network's function, and images for it, as plain numbers.
#include "compiler/Quantization/ReadNetwork.h"

#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace mlir;
using namespace mobileone;

/// The numbers of `weights`, or an error at `op` if one is not finite.
static FailureOr<std::vector<float>> readNumbers(Operation *op,
                                                 ElementsAttr weights) {
  SmallVector<float> numbers = readRoundedWeights(weights);
  for (float number : numbers)
    if (!std::isfinite(number))
      return op->emitOpError("expects finite weights to quantize, but got ")
             << number;
  return std::vector<float>(numbers.begin(), numbers.end());
}

static FailureOr<MatrixF> readMatrix(Operation *op, ElementsAttr weights) {
  FailureOr<std::vector<float>> numbers = readNumbers(op, weights);
  if (failed(numbers))
    return failure();
  ArrayRef<int64_t> shape = weights.getShapedType().getShape();
  return MatrixF(Eigen::Map<MatrixF>(numbers->data(), shape[0],
                                     shape.size() > 1 ? shape[1] : 1));
}

static ConvShape getShape(ConvOp conv) {
  auto pair = [](ArrayRef<int64_t> values) {
    return std::array<int64_t, 2>{values[0], values[1]};
  };
  ArrayRef<int64_t> input = conv.getInput().getType().getShape();
  ArrayRef<int64_t> output = conv.getOutput().getType().getShape();
  ConvShape shape;
  shape.inputChannels = input[1];
  shape.outputChannels = output[1];
  shape.groups = conv.getGroups();
  shape.input = pair(input.drop_front(2));
  shape.output = pair(output.drop_front(2));
  shape.kernel = {conv.getKernelHeight(), conv.getKernelWidth()};
  shape.strides = pair(conv.getStrides());
  shape.padding = pair(conv.getPadding());
  shape.dilations = pair(conv.getDilations());
  return shape;
}

static FailureOr<Gates> readGates(SqueezeExciteOp op) {
  FailureOr<MatrixF> reduce = readMatrix(op, op.getReduceFilter()),
                     reduceBias = readMatrix(op, op.getReduceBias()),
                     expand = readMatrix(op, op.getExpandFilter()),
                     expandBias = readMatrix(op, op.getExpandBias());
  if (failed(reduce) || failed(reduceBias) || failed(expand) ||
      failed(expandBias))
    return failure();
  return Gates{*reduce, *expand, reduceBias->col(0), expandBias->col(0),
               op.getGate() == GateKind::hardsigmoid};
}

static FailureOr<FloatBlock> readBlock(BlockOp op, SingleBranch ops) {
  if (!ops.activation || ops.activation.getKind() != ActivationKind::relu) {
    InFlightDiagnostic error = op.emitOpError("expects a ReLU in '")
                               << op.getName() << "' to quantize it, but got ";
    if (ops.activation)
      error << stringifyActivationKind(ops.activation.getKind());
    else
      error << "no activation";
    return error;
  }
  FailureOr<std::vector<float>> filter =
      readNumbers(ops.conv, ops.conv.getFilter());
  if (failed(filter))
    return failure();
  FloatBlock block{op.getName().str(),
                   getShape(ops.conv),
                   *filter,
                   std::vector<float>(ops.conv.getOutputChannels(), 0),
                   {}};
  if (ElementsAttr attr = ops.conv.getBiasAttr()) {
    FailureOr<std::vector<float>> bias = readNumbers(ops.conv, attr);
    if (failed(bias))
      return failure();
    block.bias = *bias;
  }
  if (ops.squeezeExcite) {
    FailureOr<Gates> gates = readGates(ops.squeezeExcite);
    if (failed(gates))
      return failure();
    block.gates = *gates;
  }
  return block;
}

namespace {

/// Reads a function op by op.
class NetworkReader {
public:
  FailureOr<ReadNetwork> read(func::FuncOp function) {
    for (Operation &op : function.getBody().front())
      if (failed(readOp(&op)))
        return failure();
    if (result.blocks.empty())
      return function.emitOpError("expects blocks to quantize, but got none");
    result.network.isPooled = static_cast<bool>(result.pool);
    return std::move(result);
  }

private:
  LogicalResult readOp(Operation *op) {
    return TypeSwitch<Operation *, LogicalResult>(op)
        .Case([&](BlockOp block) { return read(block); })
        .Case([&](GlobalAveragePoolOp pool) -> LogicalResult {
          if (result.pool || result.blocks.empty() ||
              pool.getInput() != result.blocks.back().getOutput())
            return pool.emitOpError(
                "expects one average, of the last block, to quantize");
          result.pool = pool;
          return success();
        })
        .Case([&](LinearOp linear) { return read(linear); })
        .Case<ReadImageOp, SoftmaxOp, ChannelsLastOp, func::ReturnOp>(
            [](Operation *) { return success(); })
        .Default([](Operation *unknown) {
          return unknown->emitOpError("is unknown to the quantizer");
        });
  }

  LogicalResult read(BlockOp op) {
    TypedValue<RankedTensorType> input = op.getInput();
    bool isChain = result.blocks.empty()
                       ? isImage(input)
                       : input == result.blocks.back().getOutput();
    if (!isChain || result.pool)
      return op.emitOpError("expects blocks one behind the other to quantize, "
                            "but '")
             << op.getName() << "' does not read the one before it";
    if (input.getType().getDimSize(0) != 1)
      return op.emitOpError("expects one image to quantize, but got ")
             << input.getType().getDimSize(0);
    FailureOr<SingleBranch> ops = matchSingleBranch(op);
    if (failed(ops))
      return failure();
    FailureOr<FloatBlock> block = readBlock(op, *ops);
    if (failed(block))
      return failure();
    result.network.blocks.push_back(std::move(*block));
    result.blocks.push_back(op);
    result.branches.push_back(*ops);
    return success();
  }

  LogicalResult read(LinearOp op) {
    if (!result.pool || op.getInput() != result.pool.getOutput())
      return op.emitOpError(
          "expects the average of the last block to quantize");
    FailureOr<MatrixF> weight = readMatrix(op, op.getWeight()),
                       bias = readMatrix(op, op.getBias());
    if (failed(weight) || failed(bias))
      return failure();
    result.network.heads.push_back(
        {op.getName().str(), std::move(*weight), bias->col(0)});
    result.heads.push_back(op);
    return success();
  }

  ReadNetwork result;
};

} // namespace

FailureOr<ReadNetwork> mobileone::readNetwork(func::FuncOp function) {
  return NetworkReader().read(function);
}

/// One image in the order of the argument, as the first block gets it.
template <typename T>
static std::vector<float> normalize(ArrayRef<T> image, ReadImageOp read) {
  if (!read)
    return {image.begin(), image.end()};
  ArrayRef<int64_t> shape = read.getOutput().getType().getShape();
  int64_t pixels = shape[2] * shape[3];
  int64_t elements = read.getImage().getType().getDimSize(3);
  double unit = std::is_same_v<T, uint8_t> ? 255 : 1;
  std::vector<float> result;
  result.reserve(shape[1] * pixels);
  for (int64_t c = 0; c != shape[1]; ++c)
    for (int64_t p = 0; p != pixels; ++p)
      result.push_back(
          static_cast<float>((image[p * elements + read.getElement(c)] / unit -
                              read.getMean()[c]) /
                             read.getStd()[c]));
  return result;
}

FailureOr<std::vector<std::vector<float>>>
mobileone::readImages(func::FuncOp function, const CalibrationImages &images) {
  auto type = cast<RankedTensorType>(function.getArgument(0).getType());
  bool isBytes = !type.getElementType().isF32();
  size_t size = type.getNumElements();
  size_t given = isBytes ? images.bytes.size() : images.floats.size();
  if (given == 0 || given % size || (isBytes && !images.floats.empty()) ||
      (!isBytes && !images.bytes.empty()))
    return function.emitOpError("expects images of ")
           << size << (isBytes ? " bytes" : " floats")
           << " each to calibrate by, but got " << images.bytes.size()
           << " bytes and " << images.floats.size() << " floats";
  for (float number : images.floats)
    if (!std::isfinite(number))
      return function.emitOpError(
                 "expects finite numbers in images to calibrate by, but got ")
             << number;
  ReadImageOp read;
  for (auto op : function.getOps<ReadImageOp>())
    read = op;
  std::vector<std::vector<float>> result;
  for (size_t first = 0; first != given; first += size)
    result.push_back(
        isBytes ? normalize(ArrayRef<uint8_t>(images.bytes).slice(first, size),
                            read)
                : normalize(ArrayRef<float>(images.floats).slice(first, size),
                            read));
  return result;
}
