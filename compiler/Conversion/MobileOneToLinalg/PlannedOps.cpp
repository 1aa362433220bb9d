// Reads the plan of a network and checks that it can be obeyed.
#include "compiler/Conversion/MobileOneToLinalg/NetworkLowering.h"

#include "compiler/Planning/ChooseLayouts.h"

using namespace mlir;
using namespace mobileone;

FailureOr<Layout> mobileone::getPlannedLayout(Operation *op,
                                              Layout::Kind kind) {
  auto attr = op->getAttrOfType<LayoutAttr>(kLayoutAttr);
  if (!attr)
    return op->emitOpError("expects a plan, but ")
           << kLayoutAttr << " is missing; run mobileone-plan first";
  Layout layout = attr.getValue();
  if (layout.kind != kind)
    return op->emitOpError("expects ")
           << (kind == Layout::Panels ? "panels" : "interleaved pixels")
           << ", but got " << attr;
  Type element = getElementTypeOrSelf(op->getResult(0));
  if (layout.element.isF32() != element.isF32() ||
      layout.element.getIntOrFloatBitWidth() != element.getIntOrFloatBitWidth())
    return op->emitOpError("expects elements like those of its result, ")
           << element << ", but got " << attr;
  // Nobody looks for numbers behind a border.
  if (cast<RankedTensorType>(op->getResult(0).getType()).getRank() == 2 &&
      layout != layout.getDensePanels())
    return op->emitOpError("expects numbers without a border and a gap, but "
                           "got ")
           << attr;
  return layout;
}

/// Checks that the windows of `conv` find zeros around `input`. They start at
/// the border's corner.
static LogicalResult verifyBorder(ConvOp conv, const Layout &input) {
  const Border &border = input.border;
  ArrayRef<int64_t> padding = conv.getPadding(), strides = conv.getStrides();
  if (padding[0] != border.top || padding[1] != border.left)
    return conv.emitOpError("expects a border of ")
           << padding[0] << " and " << padding[1]
           << " at the top and left of its input, but the plan says "
           << border.top << " and " << border.left;
  RankedTensorType result = conv.getOutput().getType();
  int64_t rows =
              (result.getDimSize(2) - 1) * strides[0] + conv.getWindowHeight(),
          columns =
              (result.getDimSize(3) - 1) * strides[1] + conv.getWindowWidth();
  if (rows > input.getPaddedHeight() || columns > input.getPaddedWidth())
    return conv.emitOpError("expects an input of at least ")
           << rows << "x" << columns << " with its border, but the plan says "
           << input.getPaddedHeight() << "x" << input.getPaddedWidth();
  return success();
}

FailureOr<LayerSpec::Kind> mobileone::getPlannedKind(ConvOp conv,
                                                     const Layout &input) {
  auto attr = conv->getAttrOfType<PackingAttr>(kPackingAttr);
  if (!attr)
    return conv.emitOpError("expects a plan, but ")
           << kPackingAttr << " is missing; run mobileone-plan first";
  bool isImage = input.kind != Layout::Panels;
  if (!canPack(conv, isImage, attr.getValue()))
    return conv.emitOpError("cannot be computed as the plan says: ") << attr;
  if (attr.getValue() != Packing::pointwise &&
      failed(verifyBorder(conv, input)))
    return failure();
  switch (attr.getValue()) {
  case Packing::dense:
    return LayerSpec::Dense;
  case Packing::depthwise:
    return LayerSpec::Depthwise;
  case Packing::pointwise:
    return LayerSpec::Pointwise;
  }
  llvm_unreachable("unknown packing");
}

LayerSpec mobileone::getLayer(LayerSpec::Kind kind, const SingleBranch &ops,
                              const Layout &input, const Layout &result) {
  ConvOp conv = ops.conv;
  int64_t inputs = conv.getInput().getType().getDimSize(1);
  return {kind,
          result,
          conv.getKernelHeight(),
          conv.getKernelWidth(),
          conv.getStrides()[0],
          kind == LayerSpec::Pointwise ? 1 : conv.getDilations()[0],
          ops.squeezeExcite ? Activation::None : getActivation(ops),
          input.kind == Layout::Interleaved && input.channels != inputs,
          kind == LayerSpec::Pointwise && conv.isQuantized(),
          ops.dequantize || (ops.quantize && !ops.squeezeExcite)};
}

Activation mobileone::getActivation(const SingleBranch &ops) {
  if (!ops.activation)
    return Activation::None;
  switch (ActivationOp(ops.activation).getKind()) {
  case ActivationKind::relu:
    return Activation::Relu;
  case ActivationKind::gelu:
    return Activation::Gelu;
  case ActivationKind::hardswish:
    return Activation::Hardswish;
  case ActivationKind::silu:
    return Activation::Silu;
  }
  llvm_unreachable("unknown activation");
}
