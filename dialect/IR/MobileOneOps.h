// The mobileone dialect: ops of a MobileOne network.
#ifndef MOBILEONE_DIALECT_IR_MOBILEONEOPS_H
#define MOBILEONE_DIALECT_IR_MOBILEONEOPS_H

#include "dialect/IR/MobileOneAttrs.h"
#include "dialect/IR/Weights.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialect/IR/MobileOneOpsDialect.h.inc"

#define GET_OP_CLASSES
#include "dialect/IR/MobileOneOps.h.inc"

namespace mobileone {

/// Which dimension of a network's image counts its rows; the next one counts
/// its columns. The caller's pixels are NHWC, else an image is NCHW.
unsigned getDimOfRows(mlir::BlockArgument image);

} // namespace mobileone

#endif // MOBILEONE_DIALECT_IR_MOBILEONEOPS_H
