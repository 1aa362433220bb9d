// Reference interpreter: what train-time and single-branch IR mean, in float64.
#ifndef MOBILEONE_DIALECT_INTERPRETER_INTERPRETER_H
#define MOBILEONE_DIALECT_INTERPRETER_INTERPRETER_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <vector>

namespace mobileone {

/// A dense tensor in row-major order.
struct Tensor64 {
  llvm::SmallVector<int64_t> shape;
  std::vector<double> values;
};

/// Runs `func` on `image`, its only argument, and returns its results. All
/// arithmetic is done in double, whatever the element types say, and so exactly
/// on integers; only quantize and dequantize round to floats, as they say. A
/// byte of a ui8 image is a value of 0 to 255. `onResult` sees each op's result
/// in the order of execution, a block's after those inside of it.
///
/// Emits an error at an op that it does not know. The IR is taken as verified.
llvm::FailureOr<std::vector<Tensor64>> interpret(
    mlir::func::FuncOp func, const Tensor64 &image,
    llvm::function_ref<void(mlir::Operation *, const Tensor64 &)> onResult =
        nullptr);

} // namespace mobileone

#endif // MOBILEONE_DIALECT_INTERPRETER_INTERPRETER_H
