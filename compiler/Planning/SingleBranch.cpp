// The ops of a block whose branches are folded.
#include "compiler/Planning/SingleBranch.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mobileone;

/// Notes `op`, if it may stand behind those that are known.
static bool addOp(SingleBranch &ops, Operation &op) {
  if (ops.quantize || static_cast<bool>(ops.conv) == isa<ConvOp>(op))
    return false;
  return TypeSwitch<Operation &, bool>(op)
      .Case([&](ConvOp conv) {
        ops.conv = conv;
        return true;
      })
      .Case([&](DequantizeOp dequantize) {
        if (ops.dequantize || ops.squeezeExcite || ops.activation)
          return false;
        ops.dequantize = dequantize;
        return true;
      })
      .Case([&](SqueezeExciteOp squeezeExcite) {
        if (ops.squeezeExcite || ops.activation)
          return false;
        ops.squeezeExcite = squeezeExcite;
        return true;
      })
      .Case([&](ActivationOp activation) {
        if (ops.activation)
          return false;
        ops.activation = activation;
        return true;
      })
      .Case([&](QuantizeOp quantize) {
        ops.quantize = quantize;
        return true;
      })
      .Default(false);
}

FailureOr<SingleBranch> mobileone::matchSingleBranch(BlockOp block) {
  SingleBranch ops;
  Value current = block.getBody().getArgument(0);
  for (Operation &op : block.getBody().front()) {
    if (isa<YieldOp>(op))
      return ops.conv && op.getOperand(0) == current
                 ? FailureOr<SingleBranch>(ops)
                 : block.emitOpError("expects one convolution per block");
    bool isChain = op.getNumOperands() == 1 && op.getOperand(0) == current &&
                   addOp(ops, op);
    if (!isChain)
      return op.emitOpError("expects a block of one convolution, then at most "
                            "a dequantize, a squeeze_excite, an activation and "
                            "a quantize; run mobileone-reparameterize first");
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
