// Passes from linalg on tensors to vectors on one arena.
#ifndef MOBILEONE_COMPILER_CODEGEN_PASSES_H
#define MOBILEONE_COMPILER_CODEGEN_PASSES_H

#include "compiler/Machine/Target.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/Pass.h"

namespace mobileone {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "compiler/Codegen/Passes.h.inc"

class WeightPool;

/// Puts constants into `shared`, to which other modules of one object add, too;
/// the global in their place has no value.
std::unique_ptr<mlir::Pass> createMobileOneMergeWeightsPass(WeightPool &shared);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CODEGEN_PASSES_H
