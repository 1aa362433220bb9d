// Schedules as attributes, and the chains of ops that they are for.
#include "compiler/Codegen/Schedule.h"

#include "mlir/IR/Builders.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mobileone;

SmallVector<Segment> mobileone::splitEvenly(int64_t extent, int64_t tile) {
  int64_t count = llvm::divideCeil(extent, tile);
  int64_t small = extent / count, large = extent % count;
  SmallVector<Segment> segments;
  if (large)
    segments.push_back({0, small + 1, large});
  segments.push_back({large * (small + 1), small, count - large});
  return segments;
}

SmallVector<Value, 2> mobileone::makeAllUnits(OpBuilder &builder, Location loc,
                                              func::FuncOp kernel) {
  auto units = kernel->getAttrOfType<IntegerAttr>(kUnitsAttr);
  return {arith::ConstantIndexOp::create(builder, loc, 0),
          arith::ConstantIndexOp::create(builder, loc, units.getInt())};
}

bool mobileone::isComputedInPlace(OpOperand &operand) {
  auto user = dyn_cast<linalg::LinalgOp>(operand.getOwner());
  auto producer = operand.get().getDefiningOp<linalg::LinalgOp>();
  if (!user || !producer || !operand.get().hasOneUse())
    return false;
  auto isLeading = [](linalg::LinalgOp op, OpOperand &o, unsigned count) {
    AffineMap map = op.getMatchingIndexingMap(&o);
    return map.getNumResults() == count &&
           map == AffineMap::getMultiDimIdentityMap(map.getNumDims(),
                                                    map.getContext())
                      .getMajorSubMap(count);
  };
  unsigned parallel = producer.getNumParallelLoops();
  return user.getNumParallelLoops() == parallel &&
         isLeading(user, operand, parallel) &&
         isLeading(producer, *producer.getDpsInitOperand(0), parallel);
}

bool mobileone::isChainEnd(linalg::LinalgOp op) {
  return llvm::none_of(op->getUses(), isComputedInPlace);
}

Value mobileone::getDestination(linalg::LinalgOp root) {
  Value destination = root.getDpsInitOperand(0)->get();
  while (auto producer = destination.getDefiningOp<linalg::LinalgOp>()) {
    if (!isComputedInPlace(*producer->getUses().begin()))
      break;
    destination = producer.getDpsInitOperand(0)->get();
  }
  return destination;
}

bool mobileone::isSlidingWindow(linalg::LinalgOp op) {
  unsigned lanes = op.getNumParallelLoops() - 1;
  return op.getNumReductionLoops() && op.getNumDpsInputs() == 2 &&
         llvm::all_of(op.getDpsInputOperands(), [&](OpOperand *input) {
           return op.getMatchingIndexingMap(input).isFunctionOfDim(lanes);
         });
}

bool mobileone::isMatrixProduct(linalg::LinalgOp op) {
  unsigned parallel = op.getNumParallelLoops();
  if (op.getNumReductionLoops() != 1 || parallel < 3 ||
      op.getNumDpsInputs() != 2)
    return false;
  MLIRContext *context = op.getContext();
  return op.getMatchingIndexingMap(op.getDpsInputOperand(1)) ==
         AffineMap::get(parallel + 1, 0,
                        {getAffineDimExpr(parallel - 2, context),
                         getAffineDimExpr(parallel, context),
                         getAffineDimExpr(parallel - 1, context)},
                        context);
}

linalg::LinalgOp mobileone::findContraction(linalg::LinalgOp op) {
  for (linalg::LinalgOp current = op; current;) {
    if (current.getNumReductionLoops())
      return current;
    OpOperand *init = current.getDpsInitOperand(0);
    if (!isComputedInPlace(*init))
      break;
    current = init->get().getDefiningOp<linalg::LinalgOp>();
  }
  return op;
}

SmallVector<linalg::LinalgOp> mobileone::getScheduledOps(func::FuncOp kernel) {
  SmallVector<linalg::LinalgOp> all, contractions;
  kernel.walk([&](linalg::LinalgOp op) {
    if (!isChainEnd(op))
      return;
    all.push_back(op);
    if (findContraction(op).getNumReductionLoops())
      contractions.push_back(op);
  });
  return contractions.empty() ? all : contractions;
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
  return success();
}

bool Schedule::operator==(const Schedule &other) const {
  return tile == other.tile && order == other.order &&
         reductionTile == other.reductionTile &&
         hoistInvariants == other.hoistInvariants &&
         prefetch == other.prefetch && split == other.split;
}

int64_t Schedule::countTiles(linalg::LinalgOp op, int64_t dim) const {
  return llvm::divideCeil(findContraction(op).getStaticLoopRanges()[dim],
                          tile[dim]);
}

int64_t Schedule::countUnitsPerTile(linalg::LinalgOp op) const {
  int64_t panels = static_cast<int64_t>(order.size()) - 2;
  bool isOutside =
      split != panels && llvm::find(order, panels) < llvm::find(order, *split);
  return isOutside ? countTiles(op, panels) : 1;
}

DictionaryAttr Schedule::toAttr(MLIRContext *context) const {
  Builder b(context);
  SmallVector<NamedAttribute> fields{
      b.getNamedAttr("tile", b.getDenseI64ArrayAttr(tile)),
      b.getNamedAttr("order", b.getDenseI64ArrayAttr(order))};
  if (!reductionTile.empty())
    fields.push_back(
        b.getNamedAttr("reduction", b.getDenseI64ArrayAttr(reductionTile)));
  if (hoistInvariants)
    fields.push_back(b.getNamedAttr("hoist", b.getUnitAttr()));
  if (prefetch)
    fields.push_back(b.getNamedAttr("prefetch", b.getUnitAttr()));
  if (split)
    fields.push_back(b.getNamedAttr("split", b.getI64IntegerAttr(*split)));
  return b.getDictionaryAttr(fields);
}

FailureOr<Schedule> Schedule::fromAttr(linalg::LinalgOp op) {
  auto attr = op->getAttrOfType<DictionaryAttr>(kScheduleAttr);
  if (!attr)
    return op.emitOpError("expects the attribute ") << kScheduleAttr;
  auto read = [&](StringRef name, size_t size,
                  SmallVectorImpl<int64_t> &values) {
    auto array = attr.getAs<DenseI64ArrayAttr>(name);
    if (array)
      values.assign(array.asArrayRef().begin(), array.asArrayRef().end());
    return values.size() == size;
  };
  linalg::LinalgOp contraction = findContraction(op);
  SmallVector<int64_t> extents = contraction.getStaticLoopRanges();
  unsigned parallel = op.getNumParallelLoops();
  Schedule schedule;
  if (!read("tile", parallel, schedule.tile) ||
      !read("order", parallel, schedule.order) ||
      !read("reduction", extents.size() - parallel, schedule.reductionTile))
    return op.emitOpError("expects a schedule with a tile and an order of ")
           << parallel << " and a reduction of " << extents.size() - parallel
           << " numbers, but got " << attr;
  for (int64_t size : schedule.tile)
    if (size < 1)
      return op.emitOpError("expects tiles of at least 1, but got ") << attr;
  for (auto [size, extent] : llvm::zip_equal(
           schedule.reductionTile, ArrayRef(extents).drop_front(parallel)))
    if (size < 1 || extent % size)
      return op.emitOpError("expects reduction steps that divide ")
             << extent << ", but got " << size;
  SmallVector<int64_t> sorted(schedule.order);
  llvm::sort(sorted);
  if (!llvm::equal(sorted, llvm::seq<int64_t>(0, parallel)))
    return op.emitOpError("expects an order that names each of ")
           << parallel << " dimensions once, but got " << attr;
  schedule.hoistInvariants = attr.contains("hoist");
  schedule.prefetch = attr.contains("prefetch");
  if (schedule.prefetch && (!isMatrixProduct(contraction) ||
                            schedule.reductionTile.front() == extents.back()))
    return op.emitOpError("expects a loop over the steps of a matrix to "
                          "prefetch for, but got ")
           << attr;
  if (Attribute split = attr.get("split")) {
    auto dim = dyn_cast<IntegerAttr>(split);
    // The last parallel dimension is the lanes of a vector.
    if (!dim || dim.getInt() < 0 || dim.getInt() + 1 >= parallel ||
        op != findSplitOp(op->getParentOfType<func::FuncOp>()))
      return op.emitOpError("expects to split a parallel dimension of a kernel "
                            "that does nothing else, but got ")
             << attr;
    schedule.split = dim.getInt();
  }
  return schedule;
}
