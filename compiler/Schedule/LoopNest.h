// What a kernel computes, as far as its loops and their costs go; no MLIR. This
// folder knows cores and loops, but no layers: all that it asks of an op are
// its maps and shapes.
#ifndef MOBILEONE_COMPILER_SCHEDULE_LOOPNEST_H
#define MOBILEONE_COMPILER_SCHEDULE_LOOPNEST_H

#include "dialect/IR/Schedule.h"

namespace mobileone {

/// How a kernel reads an input.
struct Access {
  /// For each index of the input: by how much a step of each loop moves it.
  llvm::SmallVector<PerLoop, 4> strides;
  unsigned bits = 32; // of an element

  /// Whether it reads a vector, not one element for all lanes.
  bool hasLanes() const;
  /// Different elements or vectors that `tile` reads in one iteration.
  int64_t countReads(const PerLoop &tile) const;
};

struct LoopNest {
  PerLoop extents;
  llvm::SmallVector<Access, 2> inputs;
  unsigned bits = 32; // of an element of the result
  /// Whether the last loop of the depth is a group: steps that one product
  /// takes together. A tile has all of it.
  bool hasGroups = false;

  bool isReduction() const { return !extents.depth.empty(); }
  /// Whether vectors are multiplied by vectors, lane by lane (depthwise):
  /// neighbouring results share what they read.
  bool isWindow() const;
  /// Whether it is a product of pixels by a matrix [panel][step][lane], of
  /// groups [panel][step][lane][group].
  bool isMatrixProduct() const;
  /// Whether the unrolled steps of a pixel of a matrix product lie side by side
  /// in memory.
  bool readsStepsInRow(const PerLoop &tile) const;
  /// Steps of the depth that one product takes.
  int64_t getGroup() const { return hasGroups ? extents.depth.back() : 1; }
};

/// One run of equal tiles along a loop.
struct Segment {
  int64_t start, tile, count;
};

/// Splits `extent` into the fewest tiles of at most `tile`, of sizes that
/// differ by one at most, so that no small remainder is left.
llvm::SmallVector<Segment> splitEvenly(int64_t extent, int64_t tile);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_SCHEDULE_LOOPNEST_H
