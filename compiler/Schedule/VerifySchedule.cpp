// Whether a schedule fits an op.
#include "compiler/Schedule/VerifySchedule.h"

#include "compiler/Schedule/Chain.h"
#include "compiler/Schedule/LoopDims.h"
#include "compiler/Schedule/Strassen.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mobileone;

/// Elements in the registers of the largest level.
static int64_t getMaxTile(unsigned bits) {
  int64_t most = 0;
  for (const IsaLevel &level : getIsaLevels())
    most = std::max<int64_t>(most, level.registers * level.getLanes(bits));
  return most;
}

/// Vectors of arithmetic that code is written out for. More take the compiler
/// long and the processor's cache whole.
static constexpr int64_t kMaxUnrolled = 4096;

/// The product of `numbers`, at most `limit` + 1.
static int64_t multiply(ArrayRef<int64_t> numbers, int64_t limit) {
  int64_t product = 1;
  for (int64_t number : numbers)
    product = std::min(product * std::min(number, limit + 1), limit + 1);
  return product;
}

/// Vectors of the largest tile that is computed, at most `limit` + 1.
static int64_t countVectors(const PerLoop &tile, const PerLoop &extents,
                            int64_t limit) {
  return multiply(llvm::map_to_vector(tile.getVectorLoops(),
                                      [&](Loop loop) {
                                        return std::min(tile[loop],
                                                        extents[loop]);
                                      }),
                  limit);
}

/// Checks that the schedule has sizes for the loops of the kernel and no
/// others.
static LogicalResult verifyLoops(const PerLoop &tile, const PerLoop &extents,
                                 Attribute attr,
                                 function_ref<InFlightDiagnostic()> emitError) {
  if (tile.pixels.size() == extents.pixels.size() &&
      tile.depth.size() == extents.depth.size() &&
      tile.panels.has_value() == extents.panels.has_value())
    return success();
  return emitError() << "expects " << extents.pixels.size()
                     << " sizes of pixels, " << extents.panels.has_value()
                     << " of panels and " << extents.depth.size()
                     << " of depth, but got " << attr;
}

/// Whether the last input of a product of two is the weights or, unused by the
/// body, like these.
static bool hasWeightsLast(linalg::LinalgOp op) {
  auto isUsed = [&](unsigned i) {
    return op.payloadUsesValueFromOperand(op.getDpsInputOperand(i));
  };
  unsigned count = op.getNumDpsInputs();
  if (count < 2 || count > 3 || !isUsed(0) || !isUsed(1))
    return false;
  if (count == 2)
    return true;
  OpOperand *weights = op.getDpsInputOperand(1),
            *next = op.getDpsInputOperand(2);
  return !isUsed(2) && weights->get().getType() == next->get().getType() &&
         op.getMatchingIndexingMap(weights) == op.getMatchingIndexingMap(next);
}

LogicalResult
mobileone::verifySchedule(linalg::LinalgOp op, const Schedule &schedule,
                          function_ref<InFlightDiagnostic()> emitError) {
  Attribute attr = ScheduleAttr::get(op.getContext(), schedule);
  LoopNest nest = getLoopNest(findContraction(op));
  if (failed(verifyLoops(schedule.tile, nest.extents, attr, emitError)))
    return failure();
  if (schedule.strassen) {
    std::optional<LoopNest> part = getStrassenPart(nest, *schedule.strassen);
    if (!part || op != findSplitOp(op->getParentOfType<func::FuncOp>()) ||
        !matchMatrixChain(op) ||
        (schedule.strassen->levels == 2 && !findWholeResult(op)) ||
        *part->extents.panels % *schedule.tile.panels)
      return emitError()
             << "expects for Strassen's algorithm a product of pixels by a "
                "matrix, alone in its kernel, an even number of columns, rows "
                "that divide the image's, and whole tiles in half the panels; "
                "for 2 levels an even number of rows, whole tiles in a quarter "
                "of the panels, and a result that is put back to where its "
                "output was taken from; but got "
             << attr;
    nest = *part;
  }
  const PerLoop &extents = nest.extents, &tile = schedule.tile;
  int64_t most = getMaxTile(nest.bits);
  int64_t vectors = countVectors(tile, extents, most);
  if (multiply({vectors, tile.lanes}, most) > most)
    return emitError() << "expects a tile of at most " << most
                       << " elements, but got " << attr;
  for (auto [size, extent] : llvm::zip_equal(tile.depth, extents.depth))
    if (extent % size)
      return emitError() << "expects steps of the depth that divide " << extent
                         << ", but got " << size;
  if (nest.hasGroups && tile.depth.back() != nest.getGroup())
    return emitError() << "expects whole groups of " << nest.getGroup()
                       << " steps, but got " << attr;
  SmallVector<int64_t> steps(ArrayRef<int64_t>(tile.depth));
  steps.push_back(vectors);
  if (multiply(steps, kMaxUnrolled) > kMaxUnrolled)
    return emitError() << "expects at most " << kMaxUnrolled
                       << " vectors of arithmetic in a tile, but got " << attr;
  if (schedule.prefetch &&
      (!nest.isMatrixProduct() || tile.depth == extents.depth ||
       !hasWeightsLast(findContraction(op))))
    return emitError() << "expects a loop over the steps of a matrix to "
                          "prefetch for, but got "
                       << attr;
  // What comes next is fetched by whole lines of these.
  bool fetchesNext =
      schedule.strassen || findContraction(op).getNumDpsInputs() == 3;
  if (schedule.prefetch && fetchesNext && extents.lanes % tile.depth.front())
    return emitError() << "expects steps that divide " << extents.lanes
                       << " to prefetch for, but got " << attr;
  if (schedule.byElement && !nest.readsStepsInRow(tile))
    return emitError() << "expects steps of a matrix that lie side by side for "
                          "each pixel, but got "
                       << attr;
  if (schedule.split && op != findSplitOp(op->getParentOfType<func::FuncOp>()))
    return emitError() << "expects to split a kernel that does nothing else, "
                          "but got "
                       << attr;
  return success();
}

FailureOr<const IsaLevel *> mobileone::getIsaLevel(Location loc,
                                                   StringRef name) {
  if (const IsaLevel *level = findIsaLevel(name))
    return level;
  InFlightDiagnostic error = emitError(loc)
                             << "expects a known ISA level, but got " << name
                             << "; known are ";
  llvm::interleaveComma(getIsaLevels(), error,
                        [&](const IsaLevel &l) { error << l.name; });
  return error;
}

FailureOr<Schedule> mobileone::getSchedule(linalg::LinalgOp op) {
  auto attr = op->getAttrOfType<ScheduleAttr>(kScheduleAttr);
  if (!attr)
    return op.emitOpError("expects the attribute ") << kScheduleAttr;
  if (failed(verifySchedule(op, attr.getValue(),
                            [&] { return op.emitOpError(); })))
    return failure();
  return attr.getValue();
}

LogicalResult
mobileone::verifyRegisters(linalg::LinalgOp op, const Schedule &schedule,
                           const IsaLevel &level,
                           function_ref<InFlightDiagnostic()> emitError) {
  LoopNest nest = getLoopNest(findContraction(op));
  if (!nest.isReduction())
    return success();
  const PerLoop &tile = schedule.tile;
  int64_t vectors = countVectors(tile, nest.extents, getMaxTile(nest.bits));
  int64_t registers =
      vectors * llvm::divideCeil(tile.lanes, level.getLanes(nest.bits));
  // One vector at a time always goes, if through memory.
  if (vectors > 1 && registers > level.registers)
    return emitError() << "expects sums in at most " << level.registers
                       << " registers of " << level.name << ", but got a tile "
                       << "of " << registers;
  return success();
}
