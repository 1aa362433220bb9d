// Schedules as attributes, and whether they fit an op.
#include "compiler/Schedule/VerifySchedule.h"

#include "compiler/Schedule/Chain.h"
#include "compiler/Schedule/LoopDims.h"
#include "mlir/IR/Builders.h"
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

DictionaryAttr mobileone::toAttr(const Schedule &schedule,
                                 MLIRContext *context) {
  Builder b(context);
  SmallVector<Loop> loops = schedule.tile.getResultLoops();
  auto getNumber = [&](Loop loop) -> int64_t {
    return llvm::find(loops, loop) - loops.begin();
  };
  SmallVector<NamedAttribute> fields{
      b.getNamedAttr("tile",
                     b.getDenseI64ArrayAttr(llvm::map_to_vector(
                         loops, [&](Loop l) { return schedule.tile[l]; }))),
      b.getNamedAttr("order", b.getDenseI64ArrayAttr(llvm::map_to_vector(
                                  schedule.order, getNumber)))};
  if (!schedule.tile.depth.empty())
    fields.push_back(b.getNamedAttr(
        "reduction", b.getDenseI64ArrayAttr(schedule.tile.depth)));
  if (schedule.hoistInvariants)
    fields.push_back(b.getNamedAttr("hoist", b.getUnitAttr()));
  if (schedule.prefetch)
    fields.push_back(b.getNamedAttr("prefetch", b.getUnitAttr()));
  if (schedule.byElement)
    fields.push_back(b.getNamedAttr("by_element", b.getUnitAttr()));
  if (schedule.split)
    fields.push_back(b.getNamedAttr(
        "split", b.getI64IntegerAttr(getNumber(*schedule.split))));
  return b.getDictionaryAttr(fields);
}

/// Checks the names of all fields, and those that are there or not.
static LogicalResult
verifyFields(DictionaryAttr attr,
             function_ref<InFlightDiagnostic()> emitError) {
  for (NamedAttribute field : attr) {
    StringRef name = field.getName();
    bool isFlag = name == "hoist" || name == "prefetch" || name == "by_element";
    if (isFlag && !isa<UnitAttr>(field.getValue()))
      return emitError() << "expects " << name << " without a value, but got "
                         << field.getValue();
    if (!isFlag && name != "tile" && name != "order" && name != "reduction" &&
        name != "split")
      return emitError() << "expects tile, order, reduction, hoist, prefetch, "
                            "by_element or split, but got "
                         << name;
  }
  return success();
}

/// A field that is a list; of another length where it is none.
static SmallVector<int64_t> readList(DictionaryAttr attr, StringRef name,
                                     size_t size) {
  if (auto array = attr.getAs<DenseI64ArrayAttr>(name))
    return llvm::to_vector(array.asArrayRef());
  return SmallVector<int64_t>(attr.contains(name) ? size + 1 : 0);
}

FailureOr<Schedule>
mobileone::readSchedule(linalg::LinalgOp op, Attribute value,
                        function_ref<InFlightDiagnostic()> emitError) {
  auto attr = dyn_cast<DictionaryAttr>(value);
  if (!attr)
    return emitError() << "expects a dictionary as schedule, but got " << value;
  if (failed(verifyFields(attr, emitError)))
    return failure();
  LoopNest nest = getLoopNest(findContraction(op));
  const PerLoop &extents = nest.extents;
  SmallVector<Loop> loops = extents.getResultLoops();
  size_t depth = extents.depth.size();
  SmallVector<int64_t> sizes = readList(attr, "tile", loops.size());
  SmallVector<int64_t> order = readList(attr, "order", loops.size());
  SmallVector<int64_t> steps = readList(attr, "reduction", depth);
  if (sizes.size() != loops.size() || order.size() != loops.size() ||
      steps.size() != depth)
    return emitError() << "expects a schedule with a tile and an order of "
                       << loops.size() << " and a reduction of " << depth
                       << " numbers, but got " << attr;
  if (llvm::any_of(sizes, [](int64_t size) { return size < 1; }))
    return emitError() << "expects tiles of at least 1, but got " << attr;
  Schedule schedule;
  schedule.tile = extents;
  for (auto [loop, size] : llvm::zip_equal(loops, sizes))
    schedule.tile[loop] = size;
  int64_t most = getMaxTile(nest.bits);
  int64_t vectors = countVectors(schedule.tile, extents, most);
  if (multiply({vectors, schedule.tile.lanes}, most) > most)
    return emitError() << "expects a tile of at most " << most
                       << " elements, but got " << attr;
  for (auto [size, extent] : llvm::zip_equal(steps, extents.depth))
    if (size < 1 || extent % size)
      return emitError() << "expects reduction steps that divide " << extent
                         << ", but got " << size;
  schedule.tile.depth.assign(steps.begin(), steps.end());
  steps.push_back(vectors);
  if (multiply(steps, kMaxUnrolled) > kMaxUnrolled)
    return emitError() << "expects at most " << kMaxUnrolled
                       << " vectors of arithmetic in a tile, but got " << attr;
  SmallVector<int64_t> sorted(order);
  llvm::sort(sorted);
  if (!llvm::equal(sorted, llvm::seq<int64_t>(0, loops.size())))
    return emitError() << "expects an order that names each of " << loops.size()
                       << " dimensions once, but got " << attr;
  for (int64_t number : order)
    schedule.order.push_back(loops[number]);
  schedule.hoistInvariants = attr.contains("hoist");
  schedule.prefetch = attr.contains("prefetch");
  if (schedule.prefetch &&
      (!nest.isMatrixProduct() || schedule.tile.depth == extents.depth))
    return emitError() << "expects a loop over the steps of a matrix to "
                          "prefetch for, but got "
                       << attr;
  schedule.byElement = attr.contains("by_element");
  if (schedule.byElement && !nest.readsStepsInRow(schedule.tile))
    return emitError() << "expects steps of a matrix that lie side by side for "
                          "each pixel, but got "
                       << attr;
  if (Attribute split = attr.get("split")) {
    auto number = dyn_cast<IntegerAttr>(split);
    // A vector is not shared.
    if (!number || !number.getType().isSignlessInteger(64) ||
        number.getInt() < 0 || number.getInt() + 1 >= int64_t(loops.size()) ||
        op != findSplitOp(op->getParentOfType<func::FuncOp>()))
      return emitError() << "expects to split a parallel dimension of a kernel "
                            "that does nothing else, but got "
                         << attr;
    schedule.split = loops[number.getInt()];
  }
  return schedule;
}

FailureOr<Schedule> mobileone::getSchedule(linalg::LinalgOp op) {
  Attribute attr = op->getAttr(kScheduleAttr);
  if (!attr)
    return op.emitOpError("expects the attribute ") << kScheduleAttr;
  return readSchedule(op, attr, [&] { return op.emitOpError(); });
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
