// Passes that choose tiles and loop orders.
#ifndef MOBILEONE_COMPILER_SCHEDULE_PASSES_H
#define MOBILEONE_COMPILER_SCHEDULE_PASSES_H

#include "compiler/Machine/Target.h"
#include "compiler/Schedule/Algorithm.h"
#include "dialect/IR/MobileOneOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace mobileone {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "compiler/Schedule/Passes.h.inc"

} // namespace mobileone

#endif // MOBILEONE_COMPILER_SCHEDULE_PASSES_H
