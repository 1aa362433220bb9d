// Chooses which blocks work in bands of rows, and their height.
#ifndef MOBILEONE_COMPILER_PLANNING_CHOOSEBANDS_H
#define MOBILEONE_COMPILER_PLANNING_CHOOSEBANDS_H

#include "dialect/IR/MobileOneOps.h"

namespace mobileone {

/// Whether two layers that read `input` and `middle` bytes gain from working in
/// turns, band by band of rows.
bool gainsFromBands(int64_t input, int64_t middle);

/// Rows of a result of `height` x `width` pixels in one band.
int64_t chooseBandRows(int64_t height, int64_t width);

/// Blocks that become one kernel.
struct Fusion {
  llvm::SmallVector<BlockOp> blocks;
  BandsAttr bands;
};

/// `block`, a stem, and the depthwise and pointwise block behind it; none if
/// they are not such.
std::optional<Fusion> fuseStem(BlockOp block);

/// The depthwise and the pointwise block that read `input` and work in place;
/// none if there is no such pair, or if it gains nothing.
std::optional<Fusion> fusePair(mlir::Value input);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_PLANNING_CHOOSEBANDS_H
