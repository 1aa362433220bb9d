// What schedules are for.
#include "compiler/Schedule/Chain.h"
#include "compiler/Schedule/LoopDims.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mobileone;

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
/// are one. Those of `group` may follow each lane.
static bool hasContiguousLanes(AffineMap map, unsigned lanes,
                               std::optional<unsigned> group) {
  ArrayRef<AffineExpr> results = map.getResults();
  if (!llvm::all_of(results, isSumOfDims))
    return false;
  if (!map.isFunctionOfDim(lanes))
    return true;
  if (group)
    results = results.drop_back();
  return results.back() == getAffineDimExpr(lanes, map.getContext()) &&
         llvm::none_of(results.drop_back(), [&](AffineExpr expr) {
           return expr.isFunctionOfDim(lanes);
         });
}

static LogicalResult verifyMaps(linalg::LinalgOp op) {
  for (OpOperand &operand : op->getOpOperands()) {
    Type element = getElementTypeOrSelf(operand.get());
    if (!element.isF32() && !element.isSignlessInteger(8) &&
        !element.isSignlessInteger(32))
      return op.emitOpError("expects elements of f32, i8 or i32, but got ")
             << element;
  }
  auto refuse = [&](AffineMap map) -> LogicalResult {
    return op.emitOpError("expects the last parallel dimension to be the last "
                          "of each operand that has it, and a result of the "
                          "parallel dimensions in order, but got ")
           << AffineMapAttr::get(map);
  };
  AffineMap result = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  if (result !=
      AffineMap::getMultiDimIdentityMap(op.getNumLoops(), op.getContext())
          .getMajorSubMap(op.getNumParallelLoops()))
    return refuse(result);
  unsigned lanes = LoopDims(op).getDim({Loop::Lanes});
  std::optional<unsigned> group = findGroup(op);
  for (OpOperand *input : op.getDpsInputOperands())
    if (AffineMap map = op.getMatchingIndexingMap(input);
        !hasContiguousLanes(map, lanes, group))
      return refuse(map);
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
  if (op.getNumReductionLoops() &&
      !op.payloadUsesValueFromOperand(op.getDpsInitOperand(0)))
    return op.emitOpError("expects a reduction that goes on with its output, "
                          "but got a body without it");
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
