// Sums of halves for Strassen's algorithm, as linalg ops on slices.
#ifndef MOBILEONE_COMPILER_CODEGEN_STRASSENSUMS_H
#define MOBILEONE_COMPILER_CODEGEN_STRASSENSUMS_H

#include "compiler/Schedule/LoopNest.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mobileone {

/// What W starts from: the difference of two biases, [P][16] -> [H][W][P][16].
mlir::Value broadcastDifference(mlir::ImplicitLocOpBuilder &b, mlir::Value x,
                                mlir::Value y, mlir::Value output);

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
