// Lowers blocks: act(se(conv)).
#include "compiler/Conversion/MobileOneToLinalg/NetworkLowering.h"

#include "compiler/Conversion/MobileOneToLinalg/PackWeights.h"

using namespace mlir;
using namespace mobileone;

/// The bias of `conv`, zeros where it has none.
static ElementsAttr getBias(ConvOp conv) {
  SmallVector<float> zeros(conv.getOutputChannels(), 0);
  return conv.getBias().value_or(makeWeights(conv.getContext(),
                                             conv.getOutputChannels(),
                                             ArrayRef<float>(zeros), "bias"));
}

SmallVector<Value> NetworkLowering::getWeights(ConvOp conv,
                                               LayerSpec::Kind kind) {
  ElementsAttr filter = conv.getFilter();
  ElementsAttr packed = kind == LayerSpec::Dense       ? packDense(filter)
                        : kind == LayerSpec::Depthwise ? packDepthwise(filter)
                                                       : packPointwise(filter);
  return {constant(conv.getLoc(), packed),
          constant(conv.getLoc(), packPerChannel(getBias(conv)))};
}

FailureOr<Lowered> NetworkLowering::lowerConv(ConvOp op, Lowered input,
                                              Layout result,
                                              Activation activation) {
  FailureOr<LayerSpec::Kind> kind = getPlannedKind(op, input.layout);
  if (failed(kind))
    return failure();
  SmallVector<Value> operands = getWeights(op, *kind);
  operands.insert(operands.begin(), input.value);
  return call(op.getLoc(), input.layout,
              getLayer(*kind, op, input.layout, result, activation), operands);
}

Lowered NetworkLowering::lowerMatrix(Location loc, Lowered input, Layout result,
                                     ElementsAttr filter, ElementsAttr bias,
                                     Activation activation) {
  LayerSpec layer{LayerSpec::Pointwise, result};
  layer.activation = activation;
  return call(loc, input.layout, layer,
              {input.value, constant(loc, packPointwise(filter)),
               constant(loc, packPerChannel(bias))});
}

Lowered NetworkLowering::lowerSqueezeExcite(SqueezeExciteOp op, Lowered input,
                                            Layout result,
                                            Activation activation) {
  Location loc = op.getLoc();
  Layout pixel = input.layout.getOnePixel(input.layout.channels);
  Layout hidden = input.layout.getOnePixel(
      op.getReduceBias().getShapedType().getDimSize(0));
  Lowered mean =
      call(loc, input.layout, {LayerSpec::Average, pixel}, input.value);
  Lowered reduced = lowerMatrix(loc, mean, hidden, op.getReduceFilter(),
                                op.getReduceBias(), Activation::Relu);
  Lowered gate = lowerMatrix(
      loc, reduced, pixel, op.getExpandFilter(), op.getExpandBias(),
      op.getGate() == GateKind::hardsigmoid ? Activation::Hardsigmoid
                                            : Activation::Sigmoid);
  LayerSpec scale{LayerSpec::Scale, result};
  scale.activation = activation;
  return call(loc, input.layout, scale, {input.value, gate.value});
}

LogicalResult NetworkLowering::lower(BlockOp op) {
  if (auto bands = op->getAttrOfType<BandsAttr>(kBandsAttr))
    return lowerBands(op, bands);
  FailureOr<SingleBranch> ops = matchSingleBranch(op);
  if (failed(ops))
    return failure();
  FailureOr<Layout> result = getPlannedLayout(op, Layout::Panels);
  if (failed(result))
    return failure();
  FailureOr<Layout> sums =
      ops->squeezeExcite ? getPlannedLayout(ops->conv, Layout::Panels) : result;
  if (failed(sums))
    return failure();
  Activation activation = getActivation(*ops);
  FailureOr<Lowered> output =
      lowerConv(ops->conv, getLowered(op.getInput()), *sums,
                ops->squeezeExcite ? Activation::None : activation);
  if (failed(output))
    return failure();
  if (ops->squeezeExcite)
    output =
        lowerSqueezeExcite(ops->squeezeExcite, *output, *result, activation);
  lowered[op.getOutput()] = *output;
  return success();
}
