// Lowers what stands between the caller's image and the first blocks.
#include "compiler/Conversion/MobileOneToLinalg/NetworkLowering.h"

#include "compiler/Conversion/MobileOneToLinalg/PackWeights.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"

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

Layout mobileone::getPanelLayout(Value value) {
  ArrayRef<int64_t> shape = cast<RankedTensorType>(value.getType()).getShape();
  return {Layout::Panels, shape[2], shape[3], shape[1], getWantedBorder(value)};
}

/// The image that stands for `value`, read from `source`.
Image NetworkLowering::makeImage(Value source, Layout::Kind kind, Value value) {
  Layout layout = getPanelLayout(value);
  layout.kind = kind;
  return {cast<RankedTensorType>(source.getType()),
          layout,
          {source},
          value.getLoc()};
}

LogicalResult NetworkLowering::lower(ReadImageOp op) {
  auto source = dyn_cast<BlockArgument>(op.getImage());
  if (!source || source.getOwner()->getParentOp() != network)
    return op.emitOpError("expects the image to be the network's argument");
  Image image = makeImage(source, Layout::Interleaved, op.getOutput());
  if (image.type.getElementType().isInteger(8)) {
    // (byte / 255 - mean) / std = byte * scale + shift, for a row of pixels.
    SmallVector<float> scale, shift;
    for (int64_t w = 0; w != image.layout.width; ++w)
      for (int64_t c = 0; c != image.layout.channels; ++c) {
        scale.push_back(static_cast<float>(1 / (255 * op.getStd()[c])));
        shift.push_back(static_cast<float>(-op.getMean()[c] / op.getStd()[c]));
      }
    auto length = static_cast<int64_t>(scale.size());
    for (auto [values, name] :
         {std::pair(&scale, "image.scale"), std::pair(&shift, "image.shift")})
      image.inputs.push_back(
          constant(op.getLoc(), makeWeights(op.getContext(), length,
                                            ArrayRef<float>(*values), name)));
  }
  images.insert({op.getOutput(), image});
  return success();
}

LogicalResult NetworkLowering::noteArgument(BlockArgument image) {
  auto type = dyn_cast<RankedTensorType>(image.getType());
  if (!type || type.getRank() != 4 || !type.hasStaticShape() ||
      type.getDimSize(0) != 1)
    return network.emitOpError("expects one image of static shape, but got ")
           << image.getType();
  // What a read_image reads is laid out by that op.
  if (!llvm::all_of(image.getUsers(), llvm::IsaPred<ReadImageOp>))
    images.insert({image, makeImage(image, Layout::Planar, image)});
  return success();
}

Lowered NetworkLowering::getLowered(Value value) {
  auto image = images.find(value);
  if (image != images.end() && !lowered.contains(value)) {
    const Image &i = image->second;
    lowered[value] =
        call(i.loc, kernels.getReadImage(i.type, i.layout), i.inputs, i.layout);
  }
  return lowered.at(value);
}

/// A 3x3 convolution of stride 2 that pads by 1, without squeeze-and-excite:
/// its windows share one row.
static bool halvesRows(const SingleBranch &ops) {
  ConvOp conv = ops.conv;
  auto isAll = [](ArrayRef<int64_t> values, int64_t value) {
    return llvm::all_of(values, [&](int64_t v) { return v == value; });
  };
  return !ops.squeezeExcite && conv.getKernelHeight() == 3 &&
         conv.getKernelWidth() == 3 && isAll(conv.getStrides(), 2) &&
         isAll(conv.getPadding(), 1);
}

LogicalResult NetworkLowering::fuseStem(BlockOp block,
                                        const SingleBranch &stem) {
  auto image = images.find(block.getInput());
  if (image == images.end() || lowered.contains(block.getInput()) ||
      !block.getInput().hasOneUse() || !block.getOutput().hasOneUse())
    return failure();
  auto next = dyn_cast<BlockOp>(*block.getOutput().user_begin());
  ConvOp stemConv = stem.conv;
  if (!next || !halvesRows(stem) || stemConv.getGroups() != 1)
    return failure();
  // What is wrong with the next block is said when its turn comes.
  ScopedDiagnosticHandler silence(block.getContext(),
                                  [](Diagnostic &) { return success(); });
  FailureOr<SingleBranch> depthwise = matchSingleBranch(next);
  if (failed(depthwise) || !halvesRows(*depthwise) ||
      !depthwise->conv.isDepthwise())
    return failure();

  const Image &source = image->second;
  StemShape shape{source.layout,
                  getPanelLayout(block.getOutput()),
                  getPanelLayout(next.getOutput()),
                  source.isBytes(),
                  stem.activation,
                  depthwise->activation};
  SmallVector<Value> inputs(source.inputs);
  for (ConvOp conv : {stemConv, depthwise->conv}) {
    bool isStem = conv == stemConv;
    inputs.push_back(
        constant(conv.getLoc(), isStem ? packDense(conv.getFilter())
                                       : packDepthwise(conv.getFilter())));
    inputs.push_back(constant(conv.getLoc(), packPerChannel(getBias(conv))));
  }
  for (RankedTensorType type : shape.getScratchTypes(block.getContext()))
    inputs.push_back(bufferization::AllocTensorOp::create(
        builder, block.getLoc(), type, ValueRange{}));
  lowered[next.getOutput()] =
      call(builder.getFusedLoc({block.getLoc(), next.getLoc()}),
           kernels.getStem(source.type, shape), inputs, shape.result);
  lowered[block.getOutput()] = {};
  return success();
}
