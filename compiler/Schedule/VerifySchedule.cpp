// What schedules are for, and what they may say.
#include "compiler/Schedule/Schedule.h"

#include "compiler/Schedule/TileModel.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mobileone;

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

/// Whether `expr` is a sum of dimensions, each times a number.
static bool isSumOfDims(AffineExpr expr) {
  if (isa<AffineDimExpr, AffineConstantExpr>(expr))
    return true;
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return false;
  if (binary.getKind() == AffineExprKind::Mul)
    return isa<AffineConstantExpr>(binary.getRHS()) &&
           isSumOfDims(binary.getLHS());
  return binary.getKind() == AffineExprKind::Add &&
         isSumOfDims(binary.getLHS()) && isSumOfDims(binary.getRHS());
}

/// Whether the elements that the lanes of a vector read lie side by side, or
/// are one.
static bool hasContiguousLanes(AffineMap map, unsigned lanes) {
  ArrayRef<AffineExpr> results = map.getResults();
  if (!llvm::all_of(results, isSumOfDims))
    return false;
  if (!map.isFunctionOfDim(lanes))
    return true;
  return results.back() == getAffineDimExpr(lanes, map.getContext()) &&
         llvm::none_of(results.drop_back(), [&](AffineExpr expr) {
           return expr.isFunctionOfDim(lanes);
         });
}

static LogicalResult verifyMaps(linalg::LinalgOp op) {
  unsigned parallel = op.getNumParallelLoops();
  for (OpOperand &operand : op->getOpOperands()) {
    Type element = getElementTypeOrSelf(operand.get());
    if (!element.isF32() && !element.isSignlessInteger(8))
      return op.emitOpError("expects elements of f32 or i8, but got ")
             << element;
    AffineMap map = op.getMatchingIndexingMap(&operand);
    AffineMap leading =
        AffineMap::getMultiDimIdentityMap(map.getNumDims(), op.getContext())
            .getMajorSubMap(parallel);
    if (op.isDpsInit(&operand) ? map != leading
                               : !hasContiguousLanes(map, parallel - 1))
      return op.emitOpError("expects the last parallel dimension to be the "
                            "last of each operand that has it, and a result "
                            "of the parallel dimensions in order, but got ")
             << AffineMapAttr::get(map);
  }
  return success();
}

/// Checks that the op's body can be done on vectors.
static LogicalResult verifyBody(linalg::LinalgOp op) {
  auto isNumber = [](Type type) { return type.isIntOrFloat(); };
  for (Operation &scalar : *op.getBlock()) {
    bool isKnown = isa<linalg::YieldOp, arith::ConstantOp>(scalar) ||
                   OpTrait::hasElementwiseMappableTraits(&scalar);
    if (!isKnown || !llvm::all_of(scalar.getOperandTypes(), isNumber) ||
        !llvm::all_of(scalar.getResultTypes(), isNumber))
      return op.emitOpError("expects elementwise arithmetic on numbers, but "
                            "got ")
             << scalar.getName();
  }
  return success();
}

LogicalResult mobileone::verifyKernelOp(linalg::LinalgOp op) {
  if (!op.hasPureTensorSemantics() || op.hasDynamicShape() ||
      op.getNumDpsInits() != 1)
    return op.emitOpError("expects tensors of static shape and one output");
  SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
  auto isParallel = [](utils::IteratorType type) {
    return type == utils::IteratorType::parallel;
  };
  if (!op.getNumParallelLoops() ||
      !std::is_partitioned(iterators.begin(), iterators.end(), isParallel))
    return op.emitOpError("expects parallel dimensions before the others");
  if (llvm::is_contained(op.getStaticLoopRanges(), 0))
    return op.emitOpError("expects at least one element in each dimension");
  return success(succeeded(verifyMaps(op)) && succeeded(verifyBody(op)));
}

//===----------------------------------------------------------------------===//
// Schedules
//===----------------------------------------------------------------------===//

/// Floats in the registers of the largest level.
static int64_t getMaxTile() {
  int64_t most = 0;
  for (const IsaLevel &level : getIsaLevels())
    most = std::max<int64_t>(most, level.registers * level.vectorBits / 32);
  return most;
}

/// Vectors of arithmetic that code is written out for. More take the compiler
/// long and the processor's cache whole.
static constexpr int64_t kMaxUnrolled = 4096;

/// Elements of a tile, at most `limit` + 1.
static int64_t countElements(ArrayRef<int64_t> tile, ArrayRef<int64_t> extents,
                             int64_t limit) {
  int64_t count = std::min(tile.back(), limit + 1);
  for (auto [size, extent] : llvm::zip(tile.drop_back(), extents))
    count = std::min(count * std::min({size, extent, limit + 1}), limit + 1);
  return count;
}

/// Reads the fields that are lists; fails where one has not its length.
static LogicalResult readLists(DictionaryAttr attr, size_t parallel,
                               size_t reductions, Schedule &schedule) {
  auto read = [&](StringRef name, size_t size,
                  SmallVectorImpl<int64_t> &values) {
    auto array = attr.getAs<DenseI64ArrayAttr>(name);
    if (array)
      values.assign(array.asArrayRef().begin(), array.asArrayRef().end());
    return values.size() == size && (array || !attr.contains(name));
  };
  return success(read("tile", parallel, schedule.tile) &&
                 read("order", parallel, schedule.order) &&
                 read("reduction", reductions, schedule.reductionTile));
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

FailureOr<Schedule>
Schedule::read(linalg::LinalgOp op, Attribute value,
               function_ref<InFlightDiagnostic()> emitError) {
  auto attr = dyn_cast<DictionaryAttr>(value);
  if (!attr)
    return emitError() << "expects a dictionary as schedule, but got " << value;
  if (failed(verifyFields(attr, emitError)))
    return failure();
  linalg::LinalgOp contraction = findContraction(op);
  SmallVector<int64_t> extents = contraction.getStaticLoopRanges();
  unsigned parallel = op.getNumParallelLoops();
  ArrayRef<int64_t> reductions = ArrayRef(extents).drop_front(parallel);
  Schedule schedule;
  if (failed(readLists(attr, parallel, reductions.size(), schedule)))
    return emitError() << "expects a schedule with a tile and an order of "
                       << parallel << " and a reduction of "
                       << reductions.size() << " numbers, but got " << attr;
  if (llvm::any_of(schedule.tile, [](int64_t size) { return size < 1; }))
    return emitError() << "expects tiles of at least 1, but got " << attr;
  int64_t most = getMaxTile();
  if (countElements(schedule.tile, extents, most) > most)
    return emitError() << "expects a tile of at most " << most
                       << " elements, but got " << attr;
  for (auto [size, extent] :
       llvm::zip_equal(schedule.reductionTile, reductions))
    if (size < 1 || extent % size)
      return emitError() << "expects reduction steps that divide " << extent
                         << ", but got " << size;
  int64_t vectors =
      countElements(schedule.tile, extents, most) / schedule.tile.back();
  SmallVector<int64_t> steps(schedule.reductionTile);
  steps.push_back(vectors);
  if (countElements(steps, reductions, kMaxUnrolled) > kMaxUnrolled)
    return emitError() << "expects at most " << kMaxUnrolled
                       << " vectors of arithmetic in a tile, but got " << attr;
  SmallVector<int64_t> sorted(schedule.order);
  llvm::sort(sorted);
  if (!llvm::equal(sorted, llvm::seq<int64_t>(0, parallel)))
    return emitError() << "expects an order that names each of " << parallel
                       << " dimensions once, but got " << attr;
  schedule.hoistInvariants = attr.contains("hoist");
  schedule.prefetch = attr.contains("prefetch");
  if (schedule.prefetch && (!isMatrixProduct(contraction) ||
                            schedule.reductionTile.front() == extents.back()))
    return emitError() << "expects a loop over the steps of a matrix to "
                          "prefetch for, but got "
                       << attr;
  schedule.byElement = attr.contains("by_element");
  if (schedule.byElement && !readsStepsInRow(contraction, schedule))
    return emitError() << "expects steps of a matrix that lie side by side for "
                          "each pixel, but got "
                       << attr;
  if (Attribute split = attr.get("split")) {
    auto dim = dyn_cast<IntegerAttr>(split);
    // The last parallel dimension is the lanes of a vector.
    if (!dim || !dim.getType().isSignlessInteger(64) || dim.getInt() < 0 ||
        dim.getInt() + 1 >= parallel ||
        op != findSplitOp(op->getParentOfType<func::FuncOp>()))
      return emitError() << "expects to split a parallel dimension of a kernel "
                            "that does nothing else, but got "
                         << attr;
    schedule.split = dim.getInt();
  }
  return schedule;
}

FailureOr<Schedule> Schedule::fromAttr(linalg::LinalgOp op) {
  Attribute attr = op->getAttr(kScheduleAttr);
  if (!attr)
    return op.emitOpError("expects the attribute ") << kScheduleAttr;
  return read(op, attr, [&] { return op.emitOpError(); });
}

LogicalResult
Schedule::verifyRegisters(linalg::LinalgOp op, const IsaLevel &level,
                          function_ref<InFlightDiagnostic()> emitError) const {
  linalg::LinalgOp contraction = findContraction(op);
  if (!contraction.getNumReductionLoops())
    return success();
  int64_t lanes = tile.back(), most = getMaxTile();
  int64_t vectors =
      countElements(tile, contraction.getStaticLoopRanges(), most) / lanes;
  int64_t registers = vectors * llvm::divideCeil(lanes * 32, level.vectorBits);
  // One vector at a time always goes, if through memory.
  if (vectors > 1 && registers > level.registers)
    return emitError() << "expects sums in at most " << level.registers
                       << " registers of " << level.name << ", but got a tile "
                       << "of " << registers;
  return success();
}
