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

/// What the sums of `layer` are multiplied by; null if by nothing.
static ElementsAttr getFactor(const SingleBranch &ops, const LayerSpec &layer) {
  if (!layer.hasFactor)
    return {};
  DequantizeOp dequantize = ops.dequantize;
  return dequantize ? dequantize.getFactor()
                    : QuantizeOp(ops.quantize).getFactor();
}

SmallVector<Value> NetworkLowering::getWeights(const SingleBranch &ops,
                                               const LayerSpec &layer) {
  ConvOp conv = ops.conv;
  ElementsAttr filter = conv.getFilter();
  ElementsAttr packed = layer.kind == LayerSpec::Dense ? packDense(filter)
                        : layer.kind == LayerSpec::Depthwise
                            ? packDepthwise(filter)
                            : packPointwise(filter, layer.isQuantized);
  SmallVector<Value> weights{
      constant(conv.getLoc(), packed),
      constant(conv.getLoc(),
               packPerChannel(getBias(conv), layer.isQuantized))};
  if (ElementsAttr factor = getFactor(ops, layer))
    weights.push_back(constant(conv.getLoc(), packPerChannel(factor)));
  return weights;
}

FailureOr<Lowered> NetworkLowering::lowerConv(const SingleBranch &ops,
                                              Lowered input, Layout result) {
  ConvOp conv = ops.conv;
  FailureOr<LayerSpec::Kind> kind = getPlannedKind(conv, input.layout);
  if (failed(kind))
    return failure();
  LayerSpec layer = getLayer(*kind, ops, input.layout, result);
  SmallVector<Value> operands = getWeights(ops, layer);
  operands.insert(operands.begin(), input.value);
  return call(conv.getLoc(), input.layout, layer, operands);
}

Lowered NetworkLowering::lowerMatrix(Location loc, Lowered input, Layout result,
                                     ElementsAttr filter, ElementsAttr bias,
                                     Activation activation,
                                     ElementsAttr factor) {
  LayerSpec layer{LayerSpec::Pointwise, result};
  layer.activation = activation;
  layer.isQuantized = filter.getElementType().isInteger(8);
  layer.hasFactor = static_cast<bool>(factor);
  SmallVector<Value> operands{
      input.value, constant(loc, packPointwise(filter, /*inGroups=*/false)),
      constant(loc, packPerChannel(bias, layer.isQuantized))};
  if (factor)
    operands.push_back(constant(loc, packPerChannel(factor)));
  return call(loc, input.layout, layer, operands);
}

Lowered NetworkLowering::lowerSqueezeExcite(const SingleBranch &ops,
                                            Lowered input, Layout result) {
  SqueezeExciteOp op = ops.squeezeExcite;
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
  scale.activation = getActivation(ops);
  SmallVector<Value> operands{input.value, gate.value};
  if (QuantizeOp quantize = ops.quantize) {
    scale.hasFactor = true;
    operands.push_back(constant(loc, packPerChannel(quantize.getFactor())));
  }
  return call(loc, input.layout, scale, operands);
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
  FailureOr<Layout> sums = ops->squeezeExcite
                               ? getPlannedLayout(getSums(*ops), Layout::Panels)
                               : result;
  if (failed(sums))
    return failure();
  FailureOr<Lowered> output = lowerConv(*ops, getLowered(op.getInput()), *sums);
  if (failed(output))
    return failure();
  if (ops->squeezeExcite)
    output = lowerSqueezeExcite(*ops, *output, *result);
  lowered[op.getOutput()] = *output;
  return success();
}
