// Sums of weights for Strassen's algorithm that are made when a network is
// compiled.
#ifndef MOBILEONE_COMPILER_CODEGEN_STRASSENWEIGHTS_H
#define MOBILEONE_COMPILER_CODEGEN_STRASSENWEIGHTS_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

namespace mobileone {

/// The matrices that pixels and their sums are multiplied by (StrassenBody.h),
/// in the order in which one level uses them: halves of the matrix and sums of
/// these.
enum class WeightHalf { B11, B21, T2, T1, B22, T3, T4 };

/// Of [P][K][16]: all of these as [7][P / 2][K / 2][16]. With a second level
/// the halves of each of these. The first two dimensions are one, as in the
/// matrix.
mlir::RankedTensorType getPackedSumsType(mlir::RankedTensorType matrix,
                                         int64_t levels);
mlir::ElementsAttr packWeightSums(mlir::ElementsAttr matrix, int64_t levels);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CODEGEN_STRASSENWEIGHTS_H
