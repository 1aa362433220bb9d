// Loops over the bands and tiles of a kernel by Strassen's algorithm.
#ifndef MOBILEONE_COMPILER_CODEGEN_STRASSENLOOPS_H
#define MOBILEONE_COMPILER_CODEGEN_STRASSENLOOPS_H

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mobileone {

/// A loop from `lower` to `upper` that hands on `state`.
llvm::SmallVector<mlir::Value>
makeLoop(mlir::ImplicitLocOpBuilder &b, mlir::Value lower, mlir::Value upper,
         int64_t step, mlir::ValueRange state,
         llvm::function_ref<llvm::SmallVector<mlir::Value>(
             mlir::Value, llvm::SmallVector<mlir::Value>)>
             body);

/// `expr` of `operands`.
mlir::Value makeIndex(mlir::ImplicitLocOpBuilder &b, mlir::AffineExpr expr,
                      mlir::ValueRange operands);

/// A loop over those of `bands` bands of `tiles` tiles each that have units
/// from `begin` to `end`: tiles count through a band, then through the next.
/// `body` gets the number of a band, and of its tiles the first and the one
/// behind the last.
llvm::SmallVector<mlir::Value>
makeBandLoop(mlir::ImplicitLocOpBuilder &b, int64_t bands, int64_t tiles,
             mlir::Value begin, mlir::Value end, mlir::ValueRange state,
             llvm::function_ref<llvm::SmallVector<mlir::Value>(
                 mlir::Value band, mlir::Value first, mlir::Value last,
                 llvm::SmallVector<mlir::Value>)>
                 body);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CODEGEN_STRASSENLOOPS_H
