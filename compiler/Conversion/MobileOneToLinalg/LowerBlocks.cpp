// Lowers blocks: act(se(conv)).
#include "compiler/Conversion/MobileOneToLinalg/NetworkLowering.h"

#include "compiler/Conversion/MobileOneToLinalg/PackWeights.h"

using namespace mlir;
using namespace mobileone;

FailureOr<SingleBranch> mobileone::matchSingleBranch(BlockOp block) {
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

ElementsAttr mobileone::getBias(ConvOp conv) {
  SmallVector<float> zeros(conv.getOutputChannels(), 0);
  return conv.getBias().value_or(makeWeights(conv.getContext(),
                                             conv.getOutputChannels(),
                                             ArrayRef<float>(zeros), "bias"));
}

FailureOr<Lowered> NetworkLowering::lowerConv(ConvOp op, Lowered input,
                                              Layout result,
                                              Activation activation) {
  Location loc = op.getLoc();
  ElementsAttr filter = op.getFilter();
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

  auto callWindow = [&](func::FuncOp kernel, ElementsAttr packed) {
    return call(loc, kernel,
                {input.value, constant(loc, packed),
                 constant(loc, packPerChannel(getBias(op)))},
                result);
  };
  if (isImage && op.getGroups() == 1 && isUniform) {
    ElementsAttr packed = packDense(filter);
    return callWindow(
        kernels.getDense(input.layout, result,
                         cast<RankedTensorType>(packed.getShapedType()), stride,
                         activation),
        packed);
  }
  if (!isImage && op.isDepthwise() && isUniform) {
    ElementsAttr packed = packDepthwise(filter);
    return callWindow(
        kernels.getDepthwise(input.layout, result,
                             cast<RankedTensorType>(packed.getShapedType()),
                             stride, activation),
        packed);
  }
  if (!isImage && op.isPointwise() && isUniform && stride == 1 &&
      op.getPadding()[0] == 0 && op.getPadding()[1] == 0)
    return lowerPointwise(loc, input, result, filter, getBias(op), activation);
  return op.emitOpError("expects a dense convolution of the image, a depthwise "
                        "or an unpadded pointwise convolution of stride 1");
}

Lowered NetworkLowering::lowerPointwise(Location loc, Lowered input,
                                        Layout result, ElementsAttr filter,
                                        ElementsAttr bias,
                                        Activation activation) {
  return call(loc, kernels.getPointwise(input.layout, result, activation),
              {input.value, constant(loc, packPointwise(filter)),
               constant(loc, packPerChannel(bias))},
              result);
}

Lowered NetworkLowering::lowerSqueezeExcite(SqueezeExciteOp op, Lowered input,
                                            Layout result,
                                            Activation activation) {
  Location loc = op.getLoc();
  Layout pixel{Layout::Panels, 1, 1, input.layout.channels};
  Layout hidden{Layout::Panels, 1, 1,
                op.getReduceBias().getShapedType().getDimSize(0)};
  Lowered mean =
      call(loc, kernels.getAverage(input.layout), input.value, pixel);
  Lowered reduced = lowerPointwise(loc, mean, hidden, op.getReduceFilter(),
                                   op.getReduceBias(), Activation::Relu);
  Lowered gate = lowerPointwise(loc, reduced, pixel, op.getExpandFilter(),
                                op.getExpandBias(), Activation::Sigmoid);
  return call(loc, kernels.getScale(input.layout, result, activation),
              {input.value, gate.value}, result);
}

LogicalResult NetworkLowering::lower(BlockOp op) {
  FailureOr<SingleBranch> ops = matchSingleBranch(op);
  if (failed(ops))
    return failure();
  if (succeeded(fuseStem(op, *ops)) || succeeded(fusePair(op)))
    return success();
  Layout result = getPanelLayout(op.getOutput());
  Layout sums = result;
  if (ops->squeezeExcite)
    sums.border = {};
  FailureOr<Lowered> output =
      lowerConv(ops->conv, getLowered(op.getInput()), sums,
                ops->squeezeExcite ? Activation::None : ops->activation);
  if (failed(output))
    return failure();
  if (ops->squeezeExcite)
    output = lowerSqueezeExcite(ops->squeezeExcite, *output, result,
                                ops->activation);
  lowered[op.getOutput()] = *output;
  return success();
}
