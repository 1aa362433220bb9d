// The body of a linalg op on vectors.
#ifndef MOBILEONE_COMPILER_CODEGEN_VECTORBODY_H
#define MOBILEONE_COMPILER_CODEGEN_VECTORBODY_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mobileone {

/// What the body of `op`, elementwise arithmetic, makes of vectors of `lanes`
/// elements: `operands` stand for its arguments, null where one has no use.
mlir::Value cloneBody(mlir::ImplicitLocOpBuilder &b, mlir::linalg::LinalgOp op,
                      int64_t lanes, mlir::ValueRange operands);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CODEGEN_VECTORBODY_H
