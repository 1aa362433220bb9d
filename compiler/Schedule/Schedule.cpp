// Schedules as attributes, and the chains of ops that they are for.
#include "compiler/Schedule/Schedule.h"

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

bool mobileone::readsStepsInRow(linalg::LinalgOp op, const Schedule &schedule) {
  if (!isMatrixProduct(op) || schedule.reductionTile.back() < 2)
    return false;
  AffineMap map = op.getMatchingIndexingMap(op.getDpsInputOperand(0));
  return map.getResults().back() ==
         getAffineDimExpr(op.getNumParallelLoops(), op.getContext());
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

bool Schedule::operator==(const Schedule &other) const {
  return tile == other.tile && order == other.order &&
         reductionTile == other.reductionTile &&
         hoistInvariants == other.hoistInvariants &&
         prefetch == other.prefetch && byElement == other.byElement &&
         split == other.split;
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
  if (byElement)
    fields.push_back(b.getNamedAttr("by_element", b.getUnitAttr()));
  if (split)
    fields.push_back(b.getNamedAttr("split", b.getI64IntegerAttr(*split)));
  return b.getDictionaryAttr(fields);
}

void mobileone::writeSchedules(raw_ostream &os,
                               ArrayRef<KernelSchedules> kernels) {
  os << "{\n";
  llvm::interleave(
      kernels, os,
      [&](const KernelSchedules &kernel) {
        if (kernel.bandRows)
          os << "  // bands of " << kernel.bandRows << " rows\n";
        StringRef name = kernel.name;
        bool isPlain = !name.empty() && !llvm::isDigit(name.front()) &&
                       llvm::all_of(name, [](char c) {
                         return llvm::isAlnum(c) || c == '_';
                       });
        // Another name stands in quotes, as an attribute is printed.
        os << "  ";
        if (isPlain)
          os << name;
        else
          os << kernel.name;
        os << " = " << kernel.schedules;
      },
      ",\n");
  os << "\n}\n";
}
