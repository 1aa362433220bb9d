// Chains of linalg ops that are computed in registers, one after the other.
#include "compiler/Schedule/Chain.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mobileone;

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
  if (findContraction(producer).getNumReductionLoops() &&
      (user.getNumReductionLoops() || !user.isDpsInit(&operand)))
    return false;
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

/// Whether two boxes of one tensor have no element in common.
static bool areDisjoint(tensor::ExtractSliceOp a, tensor::ExtractSliceOp b) {
  auto isStatic = [](tensor::ExtractSliceOp box) {
    return box && !ShapedType::isDynamicShape(box.getStaticOffsets()) &&
           !ShapedType::isDynamicShape(box.getStaticSizes()) &&
           llvm::all_of(box.getStaticStrides(),
                        [](int64_t stride) { return stride == 1; });
  };
  if (!isStatic(a) || !isStatic(b) || a.getSourceType() != b.getSourceType())
    return false;
  for (unsigned d = 0; d != a.getStaticSizes().size(); ++d)
    if (a.getStaticOffset(d) + a.getStaticSize(d) <= b.getStaticOffset(d) ||
        b.getStaticOffset(d) + b.getStaticSize(d) <= a.getStaticOffset(d))
      return true;
  return false;
}

linalg::LinalgOp mobileone::findSplitOp(func::FuncOp kernel) {
  linalg::LinalgOp main;
  SmallVector<linalg::FillOp> fills;
  bool isAlone = true;
  kernel.walk([&](linalg::LinalgOp op) {
    if (!isChainEnd(op))
      return;
    if (auto fill = dyn_cast<linalg::FillOp>(*op)) {
      fills.push_back(fill);
      return;
    }
    isAlone &= !main && op->getParentOp() == kernel;
    main = op;
  });
  // One loop is over the lanes of a vector, which is not shared.
  if (!main || !isAlone || main.getNumParallelLoops() < 2)
    return nullptr;
  auto box = getDestination(main).getDefiningOp<tensor::ExtractSliceOp>();
  bool areApart = llvm::all_of(fills, [&](linalg::FillOp fill) {
    auto own = fill.getOutputs()[0].getDefiningOp<tensor::ExtractSliceOp>();
    return fill->hasOneUse() && own && own->hasOneUse() &&
           own->getBlock() == fill->getBlock() &&
           isa<tensor::InsertSliceOp>(*fill->getUsers().begin()) &&
           areDisjoint(own, box);
  });
  return areApart ? main : nullptr;
}
