// Sums of halves for Strassen's algorithm, as linalg ops on slices.
#ifndef MOBILEONE_COMPILER_CODEGEN_STRASSENSUMS_H
#define MOBILEONE_COMPILER_CODEGEN_STRASSENSUMS_H

#include "compiler/Schedule/LoopNest.h"
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

/// S1 to S4 (StrassenBody.h), [rows][columns][depth] of `part`, into `sums`: of
/// a band that begins at `firstRow` of `pixels` [H][W][K].
llvm::SmallVector<mlir::Value>
makePixelSums(mlir::ImplicitLocOpBuilder &b, const PerLoop &part,
              mlir::Value pixels, mlir::Value firstRow, mlir::ValueRange sums);

/// T1 and T2 of `panels` left panels from `first` on, [panels][depth][16] each,
/// into `sums`; then T3 and T4 into the same, T4 by the T2 that is there.
llvm::SmallVector<mlir::Value>
makeFirstWeightSums(mlir::ImplicitLocOpBuilder &b, const PerLoop &part,
                    mlir::Value filter, mlir::Value first, int64_t panels,
                    mlir::ValueRange sums);
llvm::SmallVector<mlir::Value>
makeLastWeightSums(mlir::ImplicitLocOpBuilder &b, const PerLoop &part,
                   mlir::Value filter, mlir::Value first, int64_t panels,
                   mlir::ValueRange sums);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CODEGEN_STRASSENSUMS_H
