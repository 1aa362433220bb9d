// Lowers what stands between the caller's image and the first blocks.
#include "compiler/Conversion/MobileOneToLinalg/NetworkLowering.h"

#include "compiler/Contract/NetworkFunction.h"

using namespace mlir;
using namespace mobileone;

/// The caller's image, of which the network reads `layout`.
static Layout getSource(const Layout &layout, Type element) {
  Layout source = layout;
  source.border = {};
  source.element = element;
  return source;
}

/// (byte / 255 - mean) / std = byte * scale + shift, for a row of pixels. Alpha
/// becomes zero, and no layer reads it.
static std::pair<ElementsAttr, ElementsAttr>
getNormalization(ReadImageOp op, const Layout &layout) {
  int64_t elements = layout.channels, channels = op.getMean().size();
  SmallVector<float> scale(layout.width * elements, 0);
  SmallVector<float> shift(layout.width * elements, 0);
  for (int64_t w = 0; w != layout.width; ++w)
    for (int64_t c = 0; c != channels; ++c) {
      int64_t at = w * elements + op.getElement(c);
      scale[at] = static_cast<float>(1 / (255 * op.getStd()[c]));
      shift[at] = static_cast<float>(-op.getMean()[c] / op.getStd()[c]);
    }
  auto length = static_cast<int64_t>(scale.size());
  return {makeWeights(op.getContext(), length, ArrayRef<float>(scale),
                      "image.scale"),
          makeWeights(op.getContext(), length, ArrayRef<float>(shift),
                      "image.shift")};
}

LogicalResult NetworkLowering::lower(ReadImageOp op) {
  auto source = dyn_cast<BlockArgument>(op.getImage());
  if (!source || source.getOwner()->getParentOp() != network)
    return op.emitOpError("expects the image to be the network's argument");
  if (!images.empty())
    return op.emitOpError(
        "expects no block and no other read_image to read the same image");
  FailureOr<Layout> layout = getPlannedLayout(op, Layout::Interleaved);
  if (failed(layout))
    return failure();
  if (layout->isReversed != op.isReversed())
    return op.emitOpError("expects a layout of pixels in its own order, but "
                          "got ")
           << op->getAttr(kLayoutAttr);
  SmallVector<Value> inputs(imageInputs);
  bool isBytes = op.getImage().getType().getElementType().isInteger(8);
  if (isBytes) {
    auto [scale, shift] = getNormalization(op, *layout);
    for (ElementsAttr row : {scale, shift})
      inputs.push_back(constant(op.getLoc(), row));
  }
  // Bytes lose their sign: the buffer dialects know only i8.
  Type element = isBytes ? builder.getI8Type() : layout->element;
  images.insert({op.getOutput(),
                 {getSource(*layout, element), *layout, inputs, op.getLoc()}});
  return success();
}

LogicalResult NetworkLowering::notePlanarImage() {
  BlockArgument image = network.getArgument(0);
  auto attr = network.getArgAttrOfType<LayoutAttr>(0, kLayoutAttr);
  if (!attr)
    return network.emitOpError("expects a plan, but ")
           << kLayoutAttr
           << " of the image is missing; run mobileone-plan first";
  const Layout &layout = attr.getValue();
  if (layout.kind != Layout::Planar)
    return network.emitOpError("expects an image of planes, but got ") << attr;
  images.insert({image,
                 {getSource(layout, layout.element), layout, imageInputs,
                  image.getLoc()}});
  return success();
}

LogicalResult NetworkLowering::addArguments() {
  BlockArgument image = network.getArgument(0);
  auto type = dyn_cast<RankedTensorType>(image.getType());
  if (!type || type.getRank() != 4 || !type.hasStaticShape() ||
      type.getDimSize(0) != 1)
    return network.emitOpError("expects one image of static shape, but got ")
           << image.getType();
  if (Type element = type.getElementType();
      !element.isF32() && !element.isUnsignedInteger(8))
    return network.emitOpError("expects an image of f32 or ui8, but got ")
           << type;
  // What a read_image reads is laid out by that op.
  bool isPlanar = !llvm::all_of(image.getUsers(), llvm::IsaPred<ReadImageOp>);
  ArrayRef<int64_t> shape = type.getShape();
  Type element = type.getElementType();
  if (element.isInteger(8))
    element = builder.getI8Type();
  auto rows = isPlanar
                  ? MemRefType::get(shape.drop_front(), element)
                  : MemRefType::get({shape[1], shape[2] * shape[3]}, element);
  Block &body = network.getBody().front();
  Location loc = network.getLoc();
  imageInputs = {body.addArgument(rows, loc),
                 body.addArgument(builder.getIndexType(), loc)};
  for (Type type : network.getResultTypes()) {
    auto result = cast<RankedTensorType>(type);
    outputs.push_back(body.addArgument(
        MemRefType::get(result.getNumElements(), result.getElementType()),
        loc));
  }
  if (isPlanar && failed(notePlanarImage()))
    return failure();
  network.removeArgAttr(0, kLayoutAttr);
  for (unsigned i = 0; i != network.getNumResults(); ++i)
    network.removeResultAttr(i, builder.getStringAttr(kOutputNameAttr));
  network.setFunctionType(builder.getFunctionType(body.getArgumentTypes(), {}));
  return success();
}

bool NetworkLowering::isUnreadImage(Value value) const {
  return images.contains(value) && !lowered.contains(value);
}

Lowered NetworkLowering::getLowered(Value value) {
  if (isUnreadImage(value)) {
    const Image &image = images.at(value);
    lowered[value] = call(image.loc, image.source,
                          {LayerSpec::ReadImage, image.layout}, image.inputs);
  }
  return lowered.at(value);
}
