// The meaning of each mobileone op, as a function from tensors to a tensor.
#ifndef MOBILEONE_DIALECT_INTERPRETER_OPERATORS_H
#define MOBILEONE_DIALECT_INTERPRETER_OPERATORS_H

#include "dialect/IR/MobileOneOps.h"
#include "dialect/Interpreter/Interpreter.h"

namespace mobileone {

Tensor64 evaluate(ReadImageOp op, const Tensor64 &image);
Tensor64 evaluate(ConvOp op, const Tensor64 &input);
Tensor64 evaluate(BatchNormOp op, const Tensor64 &input);
Tensor64 evaluate(AddOp op, llvm::ArrayRef<const Tensor64 *> branches);
Tensor64 evaluate(SqueezeExciteOp op, const Tensor64 &input);
Tensor64 evaluate(ActivationOp op, const Tensor64 &input);
Tensor64 evaluate(QuantizeOp op, const Tensor64 &input);
Tensor64 evaluate(DequantizeOp op, const Tensor64 &input);
Tensor64 evaluate(GlobalAveragePoolOp op, const Tensor64 &input);
Tensor64 evaluate(GlobalSumPoolOp op, const Tensor64 &input);
Tensor64 evaluate(LinearOp op, const Tensor64 &input);
Tensor64 evaluate(SoftmaxOp op, const Tensor64 &input);
Tensor64 evaluate(ChannelsLastOp op, const Tensor64 &input);

} // namespace mobileone

#endif // MOBILEONE_DIALECT_INTERPRETER_OPERATORS_H
