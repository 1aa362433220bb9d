// Passes that leave a dialect.
#ifndef MOBILEONE_COMPILER_CONVERSION_PASSES_H
#define MOBILEONE_COMPILER_CONVERSION_PASSES_H

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/Pass.h"
#include "runtime/mobileone.h"

namespace mobileone {

/// What an object tells of its layers while it runs.
enum class Instrument : uint32_t {
  None = MOBILEONE_INSTRUMENT_NONE,
  Layers = MOBILEONE_INSTRUMENT_LAYERS,
  Tensors = MOBILEONE_INSTRUMENT_TENSORS
};

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "compiler/Conversion/Passes.h.inc"

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CONVERSION_PASSES_H
