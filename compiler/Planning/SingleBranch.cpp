// The ops of a block whose branches are folded.
#include "compiler/Planning/SingleBranch.h"

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
    bool isRest = ops.conv && isa<SqueezeExciteOp, ActivationOp>(op) &&
                  !ops.activation &&
                  !(isa<SqueezeExciteOp>(op) && ops.squeezeExcite);
    if (!isChain || !(isConv || isRest))
      return op.emitOpError("expects a block of one convolution, then at most "
                            "a squeeze_excite and an activation; run "
                            "mobileone-reparameterize first");
    if (isConv)
      ops.conv = cast<ConvOp>(op);
    else if (isa<ActivationOp>(op))
      ops.activation = cast<ActivationOp>(op);
    else
      ops.squeezeExcite = cast<SqueezeExciteOp>(op);
    current = op.getResult(0);
  }
  llvm_unreachable("a block ends with a yield");
}

bool mobileone::isImage(Value value) {
  return isa<BlockArgument>(value) || value.getDefiningOp<ReadImageOp>();
}

bool mobileone::isSquare(ConvOp conv, int64_t kernel, int64_t stride,
                         int64_t padding) {
  auto isAll = [](ArrayRef<int64_t> values, int64_t value) {
    return llvm::all_of(values, [&](int64_t v) { return v == value; });
  };
  return conv.getKernelHeight() == kernel && conv.getKernelWidth() == kernel &&
         isAll(conv.getStrides(), stride) &&
         isAll(conv.getPadding(), padding) &&
         (kernel == 1 || isAll(conv.getDilations(), 1));
}
