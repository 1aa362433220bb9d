// Lowers what stands between the caller's image and the first blocks.
#include "compiler/Conversion/MobileOneToLinalg/NetworkLowering.h"

#include "compiler/Conversion/MobileOneToLinalg/PackWeights.h"

#include <numeric>

using namespace mlir;
using namespace mobileone;

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

/// One panel where a loop over pixels would else find them in few sets of the
/// first-level cache, which then evict each other. Cores have 64 sets of
/// 64-byte lines, and a line is a panel.
static int64_t getWantedGap(int64_t channels) {
  constexpr int64_t sets = 64, few = 8;
  return sets / std::gcd(sets, getPanelCount(channels)) <= few ? 1 : 0;
}

Layout NetworkLowering::getPanelLayout(Value value) const {
  ArrayRef<int64_t> shape = cast<RankedTensorType>(value.getType()).getShape();
  Border border = getWantedBorder(value);
  // A pair that works in place needs a spare row above.
  if (findPair(value))
    ++border.top;
  return {Layout::Panels, shape[2], shape[3],
          shape[1],       border,   getWantedGap(shape[1])};
}

void NetworkLowering::noteImage(Layout layout, Value value,
                                ValueRange normalization) {
  SmallVector<Value> inputs(imageInputs);
  llvm::append_range(inputs, normalization);
  images.insert({value, {layout, inputs, value.getLoc()}});
}

LogicalResult NetworkLowering::lower(ReadImageOp op) {
  auto source = dyn_cast<BlockArgument>(op.getImage());
  if (!source || source.getOwner()->getParentOp() != network)
    return op.emitOpError("expects the image to be the network's argument");
  if (!images.empty())
    return op.emitOpError(
        "expects no block and no other read_image to read the same image");
  Layout layout = getPanelLayout(op.getOutput());
  layout.kind = Layout::Interleaved;
  layout.channels = op.getImage().getType().getDimSize(3);
  layout.isReversed = op.isReversed();
  SmallVector<Value> normalization;
  if (op.getImage().getType().getElementType().isInteger(8)) {
    // (byte / 255 - mean) / std = byte * scale + shift, for a row of pixels.
    // Alpha becomes zero, and no layer reads it.
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
    for (auto [values, name] :
         {std::pair(&scale, "image.scale"), std::pair(&shift, "image.shift")})
      normalization.push_back(
          constant(op.getLoc(), makeWeights(op.getContext(), length,
                                            ArrayRef<float>(*values), name)));
  }
  noteImage(layout, op.getOutput(), normalization);
  return success();
}

LogicalResult NetworkLowering::addArguments(RankedTensorType result) {
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
  // Bytes lose their sign: the buffer dialects know only i8.
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
  body.addArgument(
      MemRefType::get(result.getNumElements(), result.getElementType()), loc);
  network.setFunctionType(builder.getFunctionType(body.getArgumentTypes(), {}));
  if (!isPlanar)
    return success();
  Layout layout = getPanelLayout(image);
  layout.kind = Layout::Planar;
  noteImage(layout, image);
  return success();
}

Lowered NetworkLowering::getLowered(Value value) {
  auto image = images.find(value);
  if (image != images.end() && !lowered.contains(value)) {
    const Image &i = image->second;
    func::FuncOp kernel =
        kernels.getReadImage(ValueRange(i.inputs).getTypes(), i.layout);
    lowered[value] = call(i.loc, kernel, i.inputs, i.layout);
  }
  return lowered.at(value);
}
