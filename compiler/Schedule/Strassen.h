// How Strassen's algorithm cuts a product of pixels by a matrix; no MLIR.
#ifndef MOBILEONE_COMPILER_SCHEDULE_STRASSEN_H
#define MOBILEONE_COMPILER_SCHEDULE_STRASSEN_H

#include "compiler/Machine/IsaLevel.h"
#include "compiler/Schedule/LoopNest.h"

namespace mobileone {

/// One of the seven products in a band of `rows` rows: half the columns, half
/// the panels, half the depth. None where `nest` is no product by a matrix, the
/// bands do not cover it, or there are no halves.
std::optional<LoopNest> getStrassenPart(const LoopNest &nest, int64_t rows);

/// Schedules by this algorithm: the best one first, by the model of a core.
llvm::SmallVector<Schedule> rankStrassen(const LoopNest &nest,
                                         std::optional<Loop> split,
                                         const IsaLevel &level);

/// Whether such a schedule is faster than `classical`.
bool gainsFromStrassen(const LoopNest &nest, const Schedule &strassen,
                       const Schedule &classical, const IsaLevel &level);

/// Rows of a band that are multiplied together: all, or half of the only band,
/// so that two workers can have rows of their own.
int64_t getGroupRows(const PerLoop &extents, const Strassen &strassen);

/// Units of work that workers share: for each group of rows, tiles of the left
/// panels.
int64_t countStrassenUnits(const PerLoop &extents, const Schedule &schedule);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_SCHEDULE_STRASSEN_H
