// Passes that decide how a network is to be computed.
#ifndef MOBILEONE_COMPILER_PLANNING_PASSES_H
#define MOBILEONE_COMPILER_PLANNING_PASSES_H

#include "dialect/IR/MobileOneOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace mobileone {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "compiler/Planning/Passes.h.inc"

} // namespace mobileone

#endif // MOBILEONE_COMPILER_PLANNING_PASSES_H
