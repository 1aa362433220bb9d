// The attributes of the dialect: of a plan, how values lie in memory and what
// is computed together; of a kernel, how its loops run.
#ifndef MOBILEONE_DIALECT_IR_MOBILEONEATTRS_H
#define MOBILEONE_DIALECT_IR_MOBILEONEATTRS_H

#include "dialect/IR/Layout.h"
#include "dialect/IR/Schedule.h"
#include "mlir/IR/Attributes.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/OpImplementation.h"

#include "dialect/IR/MobileOneOpsEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialect/IR/MobileOneAttrs.h.inc"

namespace mobileone {

/// The names under which a plan's attributes stand at ops.
inline constexpr llvm::StringLiteral kLayoutAttr = "mobileone.layout";
inline constexpr llvm::StringLiteral kPackingAttr = "mobileone.packing";
inline constexpr llvm::StringLiteral kBandsAttr = "mobileone.bands";

/// The name under which the name of an output stands at a function's result.
inline constexpr llvm::StringLiteral kOutputNameAttr = "mobileone.name";

/// The name under which the schedule of a chain stands at its last op.
inline constexpr llvm::StringLiteral kScheduleAttr = "mobileone.schedule";

} // namespace mobileone

#endif // MOBILEONE_DIALECT_IR_MOBILEONEATTRS_H
