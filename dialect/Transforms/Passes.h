// Passes from the mobileone dialect into itself.
#ifndef MOBILEONE_DIALECT_TRANSFORMS_PASSES_H
#define MOBILEONE_DIALECT_TRANSFORMS_PASSES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace mobileone {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "dialect/Transforms/Passes.h.inc"

/// Adds the patterns that fold train-time branches into convolutions. They
/// leave f64 weights behind, which the pass rounds.
void populateReparameterizePatterns(mlir::RewritePatternSet &patterns);

} // namespace mobileone

#endif // MOBILEONE_DIALECT_TRANSFORMS_PASSES_H
