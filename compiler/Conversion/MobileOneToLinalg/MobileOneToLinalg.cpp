// Lowers a single-branch network to calls of linalg kernels, layer by layer.
#include "compiler/Conversion/MobileOneToLinalg/Kernels.h"
#include "compiler/Conversion/MobileOneToLinalg/PackWeights.h"
#include "compiler/Conversion/Passes.h"
#include "dialect/IR/MobileOneOps.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mobileone {
#define GEN_PASS_DEF_CONVERTMOBILEONETOLINALGPASS
#include "compiler/Conversion/Passes.h.inc"
} // namespace mobileone

using namespace mlir;
using namespace mobileone;

namespace {

/// A lowered value and how it lies in memory.
struct Lowered {
  Value value;
  Layout layout;
};

/// The ops of a single-branch block: act(se(conv)).
struct SingleBranch {
  ConvOp conv;
  SqueezeExciteOp squeezeExcite;
  Activation activation = Activation::None;
};

/// Lowers the ops of one network function in order.
class NetworkLowering {
public:
  NetworkLowering(func::FuncOp network, KernelLibrary &kernels)
      : network(network), kernels(kernels), builder(network.getContext()) {}

  LogicalResult run();

private:
  LogicalResult lower(Operation *op);
  LogicalResult lower(ReadImageOp op);
  LogicalResult lower(BlockOp op);
  LogicalResult lower(GlobalAveragePoolOp op);
  LogicalResult lower(LinearOp op);
  LogicalResult lower(SoftmaxOp op);
  LogicalResult lower(func::ReturnOp op);

  LogicalResult lowerArgument(BlockArgument image);
  FailureOr<Lowered> lowerConv(ConvOp op, Lowered input, Layout result,
                               Activation activation);
  Lowered lowerSqueezeExcite(SqueezeExciteOp op, Lowered input, Layout result,
                             Activation activation);

  /// Calls `kernel` with `inputs` and a new buffer for its result.
  Lowered call(Location loc, func::FuncOp kernel, ValueRange inputs,
               Layout result);
  Value constant(Location loc, ElementsAttr value);

  func::FuncOp network;
  KernelLibrary &kernels;
  OpBuilder builder;
  DenseMap<Value, Lowered> lowered;
};

} // namespace

/// Finds the ops of a block, or says what is there that must not be.
static FailureOr<SingleBranch> matchSingleBranch(BlockOp block) {
  SingleBranch ops;
  Value current = block.getBody().getArgument(0);
  for (Operation &op : block.getBody().front()) {
    if (isa<YieldOp>(op))
      return ops.conv && op.getOperand(0) == current
                 ? FailureOr<SingleBranch>(ops)
                 : block.emitOpError("expects one convolution per block");
    bool isChain = op.getNumOperands() == 1 && op.getOperand(0) == current;
    bool isConv = isa<ConvOp>(op) && !ops.conv;
    bool isRest = ops.conv && isa<SqueezeExciteOp, ReluOp>(op) &&
                  ops.activation == Activation::None &&
                  !(isa<SqueezeExciteOp>(op) && ops.squeezeExcite);
    if (!isChain || !(isConv || isRest))
      return op.emitOpError("expects a block of one convolution, then at most "
                            "a squeeze_excite and a relu; run "
                            "mobileone-reparameterize first");
    if (isConv)
      ops.conv = cast<ConvOp>(op);
    else if (isa<ReluOp>(op))
      ops.activation = Activation::Relu;
    else
      ops.squeezeExcite = cast<SqueezeExciteOp>(op);
    current = op.getResult(0);
  }
  llvm_unreachable("a block ends with a yield");
}

/// The zeros that the users of `value` want to find around it.
static Border getWantedBorder(Value value) {
  Border border;
  auto image = cast<RankedTensorType>(value.getType());
  for (Operation *user : value.getUsers()) {
    auto block = dyn_cast<BlockOp>(user);
    if (!block)
      continue;
    for (ConvOp conv : block.getBody().getOps<ConvOp>()) {
      RankedTensorType result = conv.getOutput().getType();
      // Rows and columns that the last window reaches behind the image.
      auto behind = [&](int d, int64_t kernel) {
        int64_t end = (result.getDimSize(2 + d) - 1) * conv.getStrides()[d] +
                      kernel - conv.getPadding()[d];
        return std::max<int64_t>(0, end - image.getDimSize(2 + d));
      };
      border.top = std::max(border.top, conv.getPadding()[0]);
      border.left = std::max(border.left, conv.getPadding()[1]);
      border.bottom =
          std::max(border.bottom, behind(0, conv.getKernelHeight()));
      border.right = std::max(border.right, behind(1, conv.getKernelWidth()));
    }
  }
  return border;
}

/// How `value` (NCHW) is to lie in memory after lowering.
static Layout getPanelLayout(Value value) {
  ArrayRef<int64_t> shape = cast<RankedTensorType>(value.getType()).getShape();
  return {Layout::Panels, shape[2], shape[3], shape[1],
          getWantedBorder(value)};
}

Value NetworkLowering::constant(Location loc, ElementsAttr value) {
  return arith::ConstantOp::create(builder, loc, cast<TypedAttr>(value));
}

Lowered NetworkLowering::call(Location loc, func::FuncOp kernel,
                              ValueRange inputs, Layout result) {
  // Not tensor.empty: two equal ones would become one buffer under CSE.
  Value buffer = bufferization::AllocTensorOp::create(
      builder, loc, result.getType(builder.getContext()), ValueRange{});
  SmallVector<Value> operands(inputs);
  operands.push_back(buffer);
  auto call = func::CallOp::create(builder, loc, kernel, operands);
  return {call.getResult(0), result};
}

LogicalResult NetworkLowering::lower(ReadImageOp op) {
  auto image = dyn_cast<BlockArgument>(op.getImage());
  if (!image || image.getOwner()->getParentOp() != network)
    return op.emitOpError("expects the image to be the network's argument");
  auto type = cast<RankedTensorType>(image.getType());
  Layout layout = getPanelLayout(op.getOutput());
  layout.kind = Layout::Interleaved;
  SmallVector<Value> inputs{image};
  if (type.getElementType().isInteger(8)) {
    // (byte / 255 - mean) / std = byte * scale + shift, for a row of pixels.
    SmallVector<float> scale, shift;
    for (int64_t w = 0; w != layout.width; ++w)
      for (int64_t c = 0; c != layout.channels; ++c) {
        scale.push_back(static_cast<float>(1 / (255 * op.getStd()[c])));
        shift.push_back(static_cast<float>(-op.getMean()[c] / op.getStd()[c]));
      }
    int64_t length = layout.width * layout.channels;
    inputs.push_back(constant(op.getLoc(), makeWeights(op.getContext(), length,
                                                       ArrayRef<float>(scale),
                                                       "image.scale")));
    inputs.push_back(constant(op.getLoc(), makeWeights(op.getContext(), length,
                                                       ArrayRef<float>(shift),
                                                       "image.shift")));
  }
  lowered[op.getOutput()] = call(
      op.getLoc(), kernels.getReadImage(type, layout), inputs, layout);
  return success();
}

/// An NCHW image that the blocks read without a read_image.
LogicalResult NetworkLowering::lowerArgument(BlockArgument image) {
  auto type = dyn_cast<RankedTensorType>(image.getType());
  if (!type || type.getRank() != 4 || !type.hasStaticShape() ||
      type.getDimSize(0) != 1)
    return network.emitOpError("expects one image of static shape, but got ")
           << image.getType();
  if (llvm::all_of(image.getUsers(), llvm::IsaPred<ReadImageOp>))
    return success();
  Layout layout = getPanelLayout(image);
  layout.kind = Layout::Planar;
  lowered[image] = call(network.getLoc(), kernels.getReadImage(type, layout),
                        image, layout);
  return success();
}

FailureOr<Lowered> NetworkLowering::lowerConv(ConvOp op, Lowered input,
                                              Layout result,
                                              Activation activation) {
  Location loc = op.getLoc();
  ElementsAttr filter = op.getFilter();
  int64_t channels = op.getOutputChannels();
  ElementsAttr bias = op.getBias().value_or(
      makeWeights(op.getContext(), channels,
                  ArrayRef<float>(SmallVector<float>(channels, 0)), "bias"));
  Value packedBias = constant(loc, packPerChannel(bias));
  int64_t stride = op.getStrides()[0];
  bool isUniform = op.getStrides()[1] == stride;
  bool isImage = input.layout.kind != Layout::Panels;
  // A window starts at the border's corner; only a pointwise one looks for it.
  const Border &border = input.layout.border;
  if ((isImage || !op.isPointwise()) &&
      (op.getPadding()[0] != border.top || op.getPadding()[1] != border.left))
    return op.emitOpError("expects the padding that all readers of its input "
                          "have (")
           << border.top << " and " << border.left << "), but got "
           << op.getPadding()[0] << " and " << op.getPadding()[1];

  if (isImage && op.getGroups() == 1 && isUniform) {
    ElementsAttr packed = packDense(filter);
    func::FuncOp kernel = kernels.getDense(
        input.layout, result, cast<RankedTensorType>(packed.getShapedType()),
        stride, activation);
    return call(loc, kernel, {input.value, constant(loc, packed), packedBias},
                result);
  }
  if (!isImage && op.isDepthwise() && isUniform) {
    ElementsAttr packed = packDepthwise(filter);
    func::FuncOp kernel = kernels.getDepthwise(
        input.layout, result, cast<RankedTensorType>(packed.getShapedType()),
        stride, activation);
    return call(loc, kernel, {input.value, constant(loc, packed), packedBias},
                result);
  }
  if (!isImage && op.isPointwise() && isUniform && stride == 1 &&
      op.getPadding()[0] == 0 && op.getPadding()[1] == 0)
    return call(loc, kernels.getPointwise(input.layout, result, activation),
                {input.value, constant(loc, packPointwise(filter)), packedBias},
                result);
  return op.emitOpError("expects a dense convolution of the image, a depthwise "
                        "or an unpadded pointwise convolution of stride 1");
}

Lowered NetworkLowering::lowerSqueezeExcite(SqueezeExciteOp op, Lowered input,
                                            Layout result,
                                            Activation activation) {
  Location loc = op.getLoc();
  Layout pixel{Layout::Panels, 1, 1, input.layout.channels};
  Layout hidden{Layout::Panels, 1, 1,
                op.getReduceBias().getShapedType().getDimSize(0)};
  auto layer = [&](Lowered from, Layout to, ElementsAttr filter,
                   ElementsAttr bias, Activation act) {
    return call(loc, kernels.getPointwise(from.layout, to, act),
                {from.value, constant(loc, packPointwise(filter)),
                 constant(loc, packPerChannel(bias))},
                to);
  };
  Lowered mean =
      call(loc, kernels.getAverage(input.layout), input.value, pixel);
  Lowered reduced = layer(mean, hidden, op.getReduceFilter(),
                          op.getReduceBias(), Activation::Relu);
  Lowered gate = layer(reduced, pixel, op.getExpandFilter(),
                       op.getExpandBias(), Activation::Sigmoid);
  return call(loc, kernels.getScale(input.layout, result, activation),
              {input.value, gate.value}, result);
}

LogicalResult NetworkLowering::lower(BlockOp op) {
  FailureOr<SingleBranch> ops = matchSingleBranch(op);
  if (failed(ops))
    return failure();
  Layout result = getPanelLayout(op.getOutput());
  Layout sums = result;
  if (ops->squeezeExcite)
    sums.border = {};
  FailureOr<Lowered> output = lowerConv(
      ops->conv, lowered.at(op.getInput()), sums,
      ops->squeezeExcite ? Activation::None : ops->activation);
  if (failed(output))
    return failure();
  if (ops->squeezeExcite)
    output = lowerSqueezeExcite(ops->squeezeExcite, *output, result,
                                ops->activation);
  lowered[op.getOutput()] = *output;
  return success();
}

LogicalResult NetworkLowering::lower(GlobalAveragePoolOp op) {
  Lowered input = lowered.at(op.getInput());
  if (input.layout.kind != Layout::Panels)
    return op.emitOpError("expects a block's result, but got the image");
  lowered[op.getOutput()] =
      call(op.getLoc(), kernels.getAverage(input.layout), input.value,
           {Layout::Panels, 1, 1, input.layout.channels});
  return success();
}

LogicalResult NetworkLowering::lower(LinearOp op) {
  Lowered input = lowered.at(op.getInput());
  Layout result{Layout::Panels, 1, 1, op.getOutput().getType().getDimSize(1)};
  lowered[op.getOutput()] =
      call(op.getLoc(),
           kernels.getPointwise(input.layout, result, Activation::None),
           {input.value, constant(op.getLoc(), packPointwise(op.getWeight())),
            constant(op.getLoc(), packPerChannel(op.getBias()))},
           result);
  return success();
}

LogicalResult NetworkLowering::lower(SoftmaxOp op) {
  Lowered input = lowered.at(op.getInput());
  lowered[op.getOutput()] = call(op.getLoc(), kernels.getSoftmax(input.layout),
                                 input.value, input.layout);
  return success();
}

/// Copies the classes, without the padding of the last panel, to the caller.
LogicalResult NetworkLowering::lower(func::ReturnOp op) {
  Location loc = op.getLoc();
  Lowered result = lowered.at(op.getOperand(0));
  BlockArgument output = network.getArguments().back();
  Value flat = tensor::CollapseShapeOp::create(
      builder, loc, result.value,
      ArrayRef<ReassociationIndices>{{0, 1, 2, 3}});
  SmallVector<OpFoldResult> offset{builder.getIndexAttr(0)},
      size{builder.getIndexAttr(result.layout.channels)},
      one{builder.getIndexAttr(1)};
  Value classes =
      tensor::ExtractSliceOp::create(builder, loc, flat, offset, size, one);
  auto copy = bufferization::MaterializeInDestinationOp::create(
      builder, loc, /*result=*/Type(), classes, output);
  copy.setRestrict(true);
  copy.setWritable(true);
  op.getOperandsMutable().clear();
  return success();
}

LogicalResult NetworkLowering::lower(Operation *op) {
  builder.setInsertionPoint(op);
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case<ReadImageOp, BlockOp, GlobalAveragePoolOp, LinearOp, SoftmaxOp,
            func::ReturnOp>([&](auto typed) { return lower(typed); })
      .Default([](Operation *other) {
        return other->emitOpError(
            "expects a read_image, block, global_average_pool, linear or "
            "softmax outside of blocks");
      });
}

LogicalResult NetworkLowering::run() {
  FunctionType type = network.getFunctionType();
  auto result = type.getNumResults() == 1
                    ? dyn_cast<RankedTensorType>(type.getResult(0))
                    : RankedTensorType();
  if (type.getNumInputs() != 1 || !result || result.getRank() != 2)
    return network.emitOpError(
               "expects one image and one result of rank 2, but got ")
           << type;

  Block &body = network.getBody().front();
  SmallVector<Operation *> ops =
      llvm::map_to_vector(body, [](Operation &op) { return &op; });
  BlockArgument image = body.getArgument(0);
  // Bytes lose their sign: the buffer dialects know only i8.
  if (auto bytes = dyn_cast<RankedTensorType>(image.getType());
      bytes && bytes.getElementType().isUnsignedInteger(8))
    image.setType(bytes.clone(builder.getI8Type()));
  auto output = MemRefType::get(result.getDimSize(1), result.getElementType());
  body.addArgument(output, network.getLoc());
  network.setFunctionType(
      builder.getFunctionType({image.getType(), output}, {}));
  network.setAllArgAttrs(ArrayRef<DictionaryAttr>{
      builder.getDictionaryAttr(builder.getNamedAttr(
          "bufferization.writable", builder.getBoolAttr(false))),
      builder.getDictionaryAttr({})});

  builder.setInsertionPointToStart(&body);
  if (failed(lowerArgument(image)))
    return failure();
  for (Operation *op : ops)
    if (failed(lower(op)))
      return failure();
  for (Operation *op : llvm::reverse(ops))
    if (!isa<func::ReturnOp>(op))
      op->erase();
  return success();
}

namespace {

struct ConvertMobileOneToLinalgPass
    : mobileone::impl::ConvertMobileOneToLinalgPassBase<
          ConvertMobileOneToLinalgPass> {
  void runOnOperation() override {
    KernelLibrary kernels(getOperation());
    SmallVector<func::FuncOp> networks;
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (llvm::any_of(function.getOps(), [](Operation &op) {
            return isa<MobileOneDialect>(op.getDialect());
          }))
        networks.push_back(function);
    for (func::FuncOp network : networks)
      if (failed(NetworkLowering(network, kernels).run()))
        return signalPassFailure();
  }
};

} // namespace
