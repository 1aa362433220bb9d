// What a kernel's function says of itself to the passes behind the conversion.
#ifndef MOBILEONE_COMPILER_CONTRACT_KERNELFUNCTION_H
#define MOBILEONE_COMPILER_CONTRACT_KERNELFUNCTION_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mobileone {

/// The attribute of a kernel that multiplies by Strassen's algorithm: levels.
inline constexpr llvm::StringLiteral kStrassenAttr = "mobileone.strassen";

/// The attribute of a constant that holds sums of weights for it, made for this
/// module alone.
inline constexpr llvm::StringLiteral kWeightSumsAttr = "mobileone.weight_sums";

/// The attribute of a kernel that works in bands: their rows.
inline constexpr llvm::StringLiteral kBandRowsAttr = "mobileone.band_rows";

/// The attribute of a kernel that workers may share, whose last two arguments
/// are a range of units: how many units it has.
inline constexpr llvm::StringLiteral kUnitsAttr = "mobileone.units";

/// The attribute of an argument of such a kernel, a buffer of which each worker
/// needs one of its own: its size. Of a network: what all of them need.
inline constexpr llvm::StringLiteral kWorkerBytesAttr =
    "mobileone.worker_bytes";

/// The same for a buffer that belongs to a share of the units, and lives on in
/// the next kernel with the same number of units.
inline constexpr llvm::StringLiteral kShareBytesAttr = "mobileone.share_bytes";

/// Checks that a kernel with `kUnitsAttr` takes a range of units.
mlir::LogicalResult verifyUnits(mlir::func::FuncOp kernel);

/// The range of all units of such a kernel, for a call of it.
llvm::SmallVector<mlir::Value, 2> makeAllUnits(mlir::OpBuilder &builder,
                                               mlir::Location loc,
                                               mlir::func::FuncOp kernel);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CONTRACT_KERNELFUNCTION_H
