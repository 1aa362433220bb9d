// Which dimension of a linalg op is which loop.
#include "compiler/Schedule/LoopDims.h"

#include "dialect/IR/Layout.h"

using namespace mlir;
using namespace mobileone;

LoopDims::LoopDims(linalg::LinalgOp op) {
  AffineMap result = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  unsigned rank = result.getNumResults(), depth = 0;
  for (unsigned dim = 0; dim != op.getNumLoops(); ++dim) {
    std::optional<unsigned> place =
        result.getResultPosition(getAffineDimExpr(dim, op.getContext()));
    if (!place)
      loops.push_back({Loop::Depth, depth++});
    else if (*place + 1 == rank)
      loops.push_back({Loop::Lanes});
    else if (*place + 2 == rank)
      loops.push_back({Loop::Panels});
    else
      loops.push_back({Loop::Pixels, *place});
  }
}

unsigned LoopDims::getDim(Loop loop) const {
  return llvm::find(loops, loop) - loops.begin();
}

PerLoop LoopDims::toLoops(ArrayRef<int64_t> values) const {
  PerLoop result;
  for (Loop loop : loops) {
    if (loop.role == Loop::Pixels)
      result.pixels.push_back(0);
    else if (loop.role == Loop::Depth)
      result.depth.push_back(0);
    else if (loop.role == Loop::Panels)
      result.panels = 0;
  }
  for (auto [loop, value] : llvm::zip_equal(loops, values))
    result[loop] = value;
  return result;
}

SmallVector<int64_t> LoopDims::toDims(const PerLoop &values) const {
  return llvm::map_to_vector(loops, [&](Loop loop) { return values[loop]; });
}

std::optional<unsigned> mobileone::findGroup(linalg::LinalgOp op) {
  if (op.getNumDpsInputs() != 2 || op.getNumReductionLoops() < 2)
    return std::nullopt;
  for (OpOperand *input : op.getDpsInputOperands())
    if (!getElementTypeOrSelf(input->get()).isInteger(8))
      return std::nullopt;
  unsigned group = op.getNumLoops() - 1, lanes = op.getNumParallelLoops() - 1;
  ArrayRef<AffineExpr>
      input = op.getMatchingIndexingMap(op.getDpsInputOperand(0)).getResults(),
      weights =
          op.getMatchingIndexingMap(op.getDpsInputOperand(1)).getResults();
  auto isDim = [&](AffineExpr expr, unsigned dim) {
    return expr == getAffineDimExpr(dim, op.getContext());
  };
  auto hasGroupOnly = [&](ArrayRef<AffineExpr> map) {
    return isDim(map.back(), group) &&
           llvm::none_of(map.drop_back(), [&](AffineExpr expr) {
             return expr.isFunctionOfDim(group);
           });
  };
  if (op.getStaticLoopRanges()[group] != kGroup || weights.size() < 2 ||
      input.empty() || !hasGroupOnly(input) || !hasGroupOnly(weights) ||
      !isDim(weights.drop_back().back(), lanes))
    return std::nullopt;
  return group;
}

PerLoop mobileone::getExtents(linalg::LinalgOp op) {
  return LoopDims(op).toLoops(op.getStaticLoopRanges());
}

/// By how much each dimension moves `expr`, a sum of dimensions, each times a
/// number.
static SmallVector<int64_t> getStrides(AffineExpr expr, unsigned dims) {
  AffineExpr zero = getAffineConstantExpr(0, expr.getContext());
  SmallVector<AffineExpr> point(dims, zero);
  auto evaluate = [&] {
    return cast<AffineConstantExpr>(
               simplifyAffineExpr(expr.replaceDims(point), dims, 0))
        .getValue();
  };
  int64_t start = evaluate();
  SmallVector<int64_t> strides;
  for (AffineExpr &coordinate : point) {
    coordinate = getAffineConstantExpr(1, expr.getContext());
    strides.push_back(evaluate() - start);
    coordinate = zero;
  }
  return strides;
}

LoopNest mobileone::getLoopNest(linalg::LinalgOp op) {
  LoopDims dims(op);
  LoopNest nest;
  nest.extents = dims.toLoops(op.getStaticLoopRanges());
  auto getBits = [](OpOperand &operand) {
    return getElementTypeOrSelf(operand.get()).getIntOrFloatBitWidth();
  };
  nest.bits = getBits(*op.getDpsInitOperand(0));
  nest.hasGroups = findGroup(op).has_value();
  for (OpOperand *input : op.getDpsInputOperands()) {
    if (!op.payloadUsesValueFromOperand(input))
      continue;
    Access access;
    access.bits = getBits(*input);
    for (AffineExpr expr : op.getMatchingIndexingMap(input).getResults())
      access.strides.push_back(
          dims.toLoops(getStrides(expr, op.getNumLoops())));
    nest.inputs.push_back(std::move(access));
  }
  return nest;
}
