// What a register tile costs: a small model of one core.
#ifndef MOBILEONE_COMPILER_SCHEDULE_TILEMODEL_H
#define MOBILEONE_COMPILER_SCHEDULE_TILEMODEL_H

#include "compiler/Machine/IsaLevel.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mobileone {

/// Costs of a register tile of one linalg op on one core.
class TileModel {
public:
  /// `reductionTile` must outlive the model. `byElement` is that of a Schedule.
  TileModel(mlir::linalg::LinalgOp op, llvm::ArrayRef<int64_t> reductionTile,
            bool byElement, const IsaLevel &level);

  /// Lanes of a tile: a panel, or one register of a window, so that more of its
  /// weights stay in registers.
  static int64_t getLanes(mlir::linalg::LinalgOp op, const IsaLevel &level);

  bool fits(llvm::ArrayRef<int64_t> tile) const;
  /// Whether all weights of a window stay in registers from tile to tile.
  bool holdsWindow(llvm::ArrayRef<int64_t> tile) const;
  /// Cycles of the whole op, up to a common factor.
  double getCycles(llvm::ArrayRef<int64_t> tile) const;

private:
  bool isLaneOperand(mlir::AffineMap map) const {
    return map.isFunctionOfDim(parallel - 1);
  }
  /// Different elements or vectors of an operand that one tile reads in one
  /// iteration; `steps` bounds the reduction dimensions.
  int64_t getReads(mlir::AffineMap map, llvm::ArrayRef<int64_t> tile,
                   llvm::ArrayRef<int64_t> steps) const;
  bool fitsWindow(llvm::ArrayRef<int64_t> tile,
                  llvm::ArrayRef<int64_t> window) const;
  double getTileCycles(llvm::ArrayRef<int64_t> tile) const;

  llvm::SmallVector<mlir::AffineMap> inputs;
  llvm::SmallVector<int64_t> extents;
  const IsaLevel &level;
  llvm::ArrayRef<int64_t> reductionTile;
  unsigned parallel;
  bool isWindow, byElement;
  /// Registers that hold the lanes.
  int64_t parts;
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_SCHEDULE_TILEMODEL_H
