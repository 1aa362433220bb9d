// The ops of a block whose branches are folded.
#ifndef MOBILEONE_COMPILER_PLANNING_SINGLEBRANCH_H
#define MOBILEONE_COMPILER_PLANNING_SINGLEBRANCH_H

#include "dialect/IR/MobileOneOps.h"

namespace mobileone {

/// quantize(act(se(dequantize(conv)))): null where an op is not there.
struct SingleBranch {
  ConvOp conv;
  DequantizeOp dequantize;
  SqueezeExciteOp squeezeExcite;
  ActivationOp activation;
  QuantizeOp quantize;
};

/// Finds the ops of a block, or says what is there that must not be.
mlir::FailureOr<SingleBranch> matchSingleBranch(BlockOp block);

/// What gives the floats that a squeeze_excite of these reads.
inline mlir::Operation *getSums(SingleBranch ops) {
  return ops.dequantize ? ops.dequantize.getOperation()
                        : ops.conv.getOperation();
}

/// Whether the value is the network's image: its argument, or what reads it.
bool isImage(mlir::Value value);

/// Whether the filter is `kernel` x `kernel` without dilation, and stride and
/// padding are these in both directions.
bool isSquare(ConvOp conv, int64_t kernel, int64_t stride, int64_t padding);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_PLANNING_SINGLEBRANCH_H
