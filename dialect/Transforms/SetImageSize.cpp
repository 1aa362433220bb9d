// Gives a network the shapes of another image size.
#include "dialect/Transforms/Passes.h"

#include "dialect/IR/MobileOneOps.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/FormatVariadic.h"

namespace mobileone {
#define GEN_PASS_DEF_MOBILEONESETIMAGESIZEPASS
#include "dialect/Transforms/Passes.h.inc"
} // namespace mobileone

using namespace mlir;
using namespace mobileone;

/// The shape of the one result of `op`, now that its operands have theirs.
static SmallVector<int64_t> getOutputShape(Operation *op) {
  ArrayRef<int64_t> input =
      cast<RankedTensorType>(op->getOperand(0).getType()).getShape();
  return llvm::TypeSwitch<Operation *, SmallVector<int64_t>>(op)
      .Case([&](BlockOp block) {
        return llvm::to_vector(
            block.getYield().getResult().getType().getShape());
      })
      .Case([&](ConvOp conv) { return conv.getOutputShape(input); })
      .Case([&](ReadImageOp read) {
        int64_t channels = read.getOutput().getType().getDimSize(1);
        return SmallVector<int64_t>{input[0], channels, input[1], input[2]};
      })
      .Case([&](ChannelsLastOp) {
        return SmallVector<int64_t>{input[0], input[2], input[3], input[1]};
      })
      .Case<GlobalAveragePoolOp, GlobalSumPoolOp, LinearOp>([&](Operation *) {
        return llvm::to_vector(
            cast<RankedTensorType>(op->getResult(0).getType()).getShape());
      })
      .Default([&](Operation *) { return llvm::to_vector(input); });
}

namespace {

struct SetImageSize
    : mobileone::impl::MobileOneSetImageSizePassBase<SetImageSize> {
  using MobileOneSetImageSizePassBase::MobileOneSetImageSizePassBase;

  void runOnOperation() override {
    if (failed(run(getOperation())))
      signalPassFailure();
  }

  LogicalResult run(func::FuncOp network);
  /// Gives the ops of `body` their shapes, one after the other.
  LogicalResult setShapes(Block &body);
  /// Refuses a value that is too large to be counted.
  LogicalResult checkSize(Operation *op, StringRef what, RankedTensorType type);
  /// "for images of 448x448 "
  std::string describe() {
    return llvm::formatv("for images of {0}x{1} ", height.getValue(),
                         width.getValue());
  }
};

} // namespace

LogicalResult SetImageSize::checkSize(Operation *op, StringRef what,
                                      RankedTensorType type) {
  if (MobileOneDialect::isPlain(type))
    return success();
  return op->emitOpError(describe())
         << "expects " << what << " of at most 2^31 values, but got " << type;
}

LogicalResult SetImageSize::setShapes(Block &body) {
  for (Operation &op : body.without_terminator()) {
    if (!isa_and_nonnull<MobileOneDialect>(op.getDialect()))
      return op.emitOpError("has a shape of which nothing is known: expects "
                            "ops of the mobileone dialect");
    if (op.hasAttr(kLayoutAttr))
      return op.emitOpError("is planned for its size already");
    if (auto block = dyn_cast<BlockOp>(op)) {
      Block &inner = block.getBody().front();
      inner.getArgument(0).setType(block.getInput().getType());
      if (failed(setShapes(inner)))
        return failure();
    }
    SmallVector<int64_t> shape = getOutputShape(&op);
    if (llvm::any_of(shape, [](int64_t extent) { return extent < 1; }))
      return op.emitOpError(describe())
             << "expects an input that its filter fits into, but got "
             << op.getOperand(0).getType();
    auto type = cast<RankedTensorType>(op.getResult(0).getType()).clone(shape);
    if (failed(checkSize(&op, "a result", type)))
      return failure();
    op.getResult(0).setType(type);
  }
  return success();
}

LogicalResult SetImageSize::run(func::FuncOp network) {
  if (network.isDeclaration() || network.getNumArguments() != 1 ||
      !network.getBody().hasOneBlock())
    return network.emitOpError("expects a network of one image to give a size");
  BlockArgument image = network.getArgument(0);
  auto type = dyn_cast<RankedTensorType>(image.getType());
  if (!type || type.getRank() != 4)
    return network.emitOpError("expects an image of rank 4, but got ")
           << image.getType();
  if (height < 1 || width < 1)
    return network.emitOpError("expects a height and a width from 1 on, but "
                               "got ")
           << height.getValue() << " and " << width.getValue();
  SmallVector<int64_t> shape = llvm::to_vector(type.getShape());
  unsigned rows = getDimOfRows(image);
  shape[rows] = height;
  shape[rows + 1] = width;
  if (failed(checkSize(network, "an image", type.clone(shape))))
    return failure();
  image.setType(type.clone(shape));
  Block &body = network.getBody().front();
  if (failed(setShapes(body)))
    return failure();
  network.setType(FunctionType::get(&getContext(), body.getArgumentTypes(),
                                    body.getTerminator()->getOperandTypes()));
  return success();
}
