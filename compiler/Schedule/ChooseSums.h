// When sums of weights are made for Strassen's algorithm.
#ifndef MOBILEONE_COMPILER_SCHEDULE_CHOOSESUMS_H
#define MOBILEONE_COMPILER_SCHEDULE_CHOOSESUMS_H

#include "compiler/Schedule/Algorithm.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/BuiltinOps.h"

namespace mobileone {

/// Whether the weights of the chain that `op` ends are constants, and sums of
/// them, for so many levels, not too large for one.
bool canSumWeights(mlir::linalg::LinalgOp op, int64_t levels);

/// Lets some of `ops`, the ends of chains with schedules, have the sums of
/// their weights made when the network is compiled: those that would make them
/// the most often at run time, as long as all weights of `module` grow by a
/// tenth at most; with Strassen2 all whose weights are constants.
void chooseSums(mlir::ModuleOp module,
                llvm::ArrayRef<mlir::linalg::LinalgOp> ops,
                Algorithm algorithm);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_SCHEDULE_CHOOSESUMS_H
