// What a register tile costs: a small model of one core; no MLIR.
#ifndef MOBILEONE_COMPILER_SCHEDULE_TILEMODEL_H
#define MOBILEONE_COMPILER_SCHEDULE_TILEMODEL_H

#include "compiler/Machine/IsaLevel.h"
#include "compiler/Schedule/LoopNest.h"

namespace mobileone {

/// Costs of the register tiles of one kernel on one core.
class TileModel {
public:
  /// Sums are made by `product`, one of the level's. `byElement` is that of a
  /// Schedule. `nest`, `product` and `level` must outlive the model.
  TileModel(const LoopNest &nest, const Product &product, const IsaLevel &level,
            bool byElement)
      : nest(nest), product(product), level(level), byElement(byElement) {}

  /// Whether all that one step of `tile` needs is in registers.
  bool fits(const PerLoop &tile) const;
  /// Whether all weights of a window stay in registers from tile to tile.
  bool holdsWindow(const PerLoop &tile) const;
  /// Cycles of the whole kernel, up to a common factor.
  double getCycles(const PerLoop &tile) const;

private:
  /// Registers that hold the lanes.
  int64_t countParts(const PerLoop &tile) const;
  bool fitsWindow(const PerLoop &tile) const;
  double getTileCycles(const PerLoop &tile) const;

  const LoopNest &nest;
  const Product &product;
  const IsaLevel &level;
  bool byElement;
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_SCHEDULE_TILEMODEL_H
