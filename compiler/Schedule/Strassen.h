// How Strassen's algorithm cuts a product of pixels by a matrix; no MLIR.
#ifndef MOBILEONE_COMPILER_SCHEDULE_STRASSEN_H
#define MOBILEONE_COMPILER_SCHEDULE_STRASSEN_H

#include "compiler/Machine/IsaLevel.h"
#include "compiler/Schedule/LoopNest.h"

namespace mobileone {

/// Products of halves of a level; there would be eight.
inline constexpr int64_t kStrassenProducts = 7;

/// One of the products in a band: half the columns, half the panels, half the
/// depth; with two levels also half the rows, and of panels and depth halves of
/// halves. None where `nest` is no product by a matrix, the bands do not cover
/// it, or there are no halves.
std::optional<LoopNest> getStrassenPart(const LoopNest &nest,
                                        const Strassen &strassen);

/// With two levels: one of the seven products that are made of seven.
LoopNest getStrassenHalf(const LoopNest &nest, const Strassen &strassen);

/// Schedules by `levels` levels of this algorithm: the best one first, by the
/// model of a core. Sums are made at run time, those of two levels before.
llvm::SmallVector<Schedule> rankStrassen(const LoopNest &nest, int64_t levels,
                                         std::optional<Loop> split,
                                         const IsaLevel &level);

/// Whether it is faster than `classical`.
bool gainsFromStrassen(const LoopNest &nest, const Strassen &strassen,
                       const Schedule &classical, const IsaLevel &level);

/// Elements of a matrix of `elements` with the sums that are made before, in
/// the place of quarters.
inline int64_t countSumElements(int64_t elements, int64_t levels) {
  for (; levels != 0; --levels)
    elements = elements / 4 * kStrassenProducts;
  return elements;
}

/// Units of work that workers share: for each band, tiles of the left panels;
/// with two levels, of the left ones of halves.
int64_t countStrassenUnits(const PerLoop &extents, const Schedule &schedule);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_SCHEDULE_STRASSEN_H
