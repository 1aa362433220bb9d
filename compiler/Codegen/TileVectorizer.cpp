// Pulls the values of a tile through a chain of linalg ops: the bias is the
// accumulators' start, the activation stands in the store.
#include "compiler/Codegen/TileVectorizer.h"

#include "compiler/Schedule/Chain.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mobileone;

/// Offsets at all steps of `tile` along `loops`, the first of them outside.
static SmallVector<PerLoop> getOffsets(const PerLoop &tile,
                                       ArrayRef<Loop> loops) {
  PerLoop start = tile;
  for (Loop loop : tile.getResultLoops())
    start[loop] = 0;
  start.depth.assign(start.depth.size(), 0);
  SmallVector<PerLoop> offsets{start};
  for (Loop loop : loops) {
    SmallVector<PerLoop> next;
    for (const PerLoop &offset : offsets)
      for (int64_t i = 0; i != tile[loop]; ++i) {
        next.push_back(offset);
        next.back()[loop] = i;
      }
    offsets = std::move(next);
  }
  return offsets;
}

TileVectorizer::TileVectorizer(ImplicitLocOpBuilder &builder,
                               linalg::LinalgOp root,
                               ArrayRef<OpFoldResult> base, const PerLoop &tile,
                               const Schedule &schedule)
    : b(builder), root(root), dims(findContraction(root)), base(base),
      tile(tile), schedule(schedule),
      points(getOffsets(tile, tile.getVectorLoops())) {}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

SmallVector<AffineExpr> TileVectorizer::getIndexExprs(AffineMap map,
                                                      const PerLoop &offset) {
  SmallVector<AffineExpr> places;
  for (auto [d, distance] : llvm::enumerate(dims.toDims(offset)))
    places.push_back(b.getAffineDimExpr(d) + distance);
  SmallVector<AffineExpr> exprs;
  for (AffineExpr result : map.getResults())
    exprs.push_back(
        simplifyAffineExpr(result.replaceDims(places), places.size(), 0));
  return exprs;
}

SmallVector<Value> TileVectorizer::getIndices(ArrayRef<AffineExpr> exprs) {
  SmallVector<Value> indices;
  for (AffineExpr expr : exprs)
    indices.push_back(getValueOrCreateConstantIndexOp(
        b, b.getLoc(),
        affine::makeComposedFoldedAffineApply(
            b, b.getLoc(), AffineMap::get(base.size(), 0, expr), base)));
  return indices;
}

TileVectorizer::Key TileVectorizer::getKey(Value source,
                                           ArrayRef<AffineExpr> exprs) {
  Key key{source.getAsOpaquePointer(), {}};
  for (AffineExpr expr : exprs)
    key.second.push_back(expr.getAsOpaquePointer());
  return key;
}

Value TileVectorizer::readElement(Value source, AffineMap map,
                                  const PerLoop &offset) {
  PerLoop first = offset;
  first.depth.back() = 0;
  SmallVector<AffineExpr> exprs = getIndexExprs(map, first);
  Value &row = rows[getKey(source, exprs)];
  Type elementType = cast<ShapedType>(source.getType()).getElementType();
  if (!row)
    row = vector::TransferReadOp::create(
        b, VectorType::get(tile.depth.back(), elementType), source,
        getIndices(exprs), arith::getZeroConstant(b, b.getLoc(), elementType),
        ArrayRef<bool>{true});
  Value scalar = vector::ExtractOp::create(b, row, offset.depth.back());
  return vector::BroadcastOp::create(
      b, VectorType::get(tile.lanes, elementType), scalar);
}

Value TileVectorizer::read(Value source, AffineMap map, const PerLoop &offset) {
  auto type = dyn_cast<RankedTensorType>(source.getType());
  Type elementType = type ? type.getElementType() : source.getType();
  auto vectorType = VectorType::get(tile.lanes, elementType);
  if (!type)
    return vector::BroadcastOp::create(b, vectorType, source);

  SmallVector<AffineExpr> exprs = getIndexExprs(map, offset);
  Value &value = reads[getKey(source, exprs)];
  if (value)
    return value;

  unsigned lanes = dims.getDim({Loop::Lanes});
  bool isStep = map.getNumDims() == base.size() && !tile.depth.empty();
  if (schedule.byElement && isStep && !map.isFunctionOfDim(lanes))
    return value = readElement(source, map, offset);
  SmallVector<Value> indices = getIndices(exprs);
  if (map.isFunctionOfDim(lanes)) {
    assert(map.getResults().back() == b.getAffineDimExpr(lanes) &&
           "lanes are contiguous");
    return value = vector::TransferReadOp::create(
               b, vectorType, source, indices,
               arith::getZeroConstant(b, b.getLoc(), elementType),
               ArrayRef<bool>{true});
  }
  Value scalar = tensor::ExtractOp::create(b, source, indices);
  return value = vector::BroadcastOp::create(b, vectorType, scalar);
}

//===----------------------------------------------------------------------===//
// Computing
//===----------------------------------------------------------------------===//

Value TileVectorizer::cloneBody(linalg::LinalgOp op, ValueRange operands) {
  IRMapping mapping;
  mapping.map(op.getBlock()->getArguments(), operands);
  auto widen = [&](Value value) -> Value {
    if (Value mapped = mapping.lookupOrNull(value))
      return mapped;
    auto type = VectorType::get(tile.lanes, value.getType());
    Attribute attr;
    Value wide;
    if (matchPattern(value, m_Constant(&attr)))
      wide = arith::ConstantOp::create(b, DenseElementsAttr::get(type, {attr}));
    else
      wide = vector::BroadcastOp::create(b, type, value);
    mapping.map(value, wide);
    return wide;
  };
  for (Operation &scalar : op.getBlock()->without_terminator()) {
    if (isa<arith::ConstantOp>(scalar))
      continue;
    OperationState state(b.getLoc(), scalar.getName());
    for (Value operand : scalar.getOperands())
      state.operands.push_back(widen(operand));
    for (Type type : scalar.getResultTypes())
      state.types.push_back(VectorType::get(tile.lanes, type));
    state.attributes = llvm::to_vector(scalar.getAttrs());
    mapping.map(scalar.getResults(), b.create(state)->getResults());
  }
  return widen(op.getBlock()->getTerminator()->getOperand(0));
}

TileVectorizer::Points TileVectorizer::evaluateOperand(OpOperand &operand,
                                                       Value tensor) {
  if (isComputedInPlace(operand))
    return evaluate(operand.get().getDefiningOp<linalg::LinalgOp>());
  auto op = cast<linalg::LinalgOp>(operand.getOwner());
  AffineMap map = op.getMatchingIndexingMap(&operand);
  return llvm::map_to_vector(
      points, [&](const PerLoop &point) { return read(tensor, map, point); });
}

TileVectorizer::Points TileVectorizer::accumulate(linalg::LinalgOp op,
                                                  Points sums) {
  rows.clear();
  SmallVector<Loop> loops;
  for (unsigned i = 0; i != tile.depth.size(); ++i)
    loops.push_back({Loop::Depth, i});
  // Steps outside, points inside: independent sums stand side by side.
  SmallVector<std::pair<unsigned, PerLoop>> products;
  for (const PerLoop &step : getOffsets(tile, loops))
    for (auto [i, point] : llvm::enumerate(points)) {
      products.push_back({i, point});
      products.back().second.depth = step.depth;
    }
  // Of a window that slides over vectors, each vector is read once, used by
  // all sums that want it, and forgotten.
  bool isWindow = getLoopNest(op).isWindow();
  if (isWindow) {
    AffineMap map = op.getMatchingIndexingMap(op.getDpsInputOperand(0));
    llvm::stable_sort(products, [&](const auto &a, const auto &b) {
      return map.compose(dims.toDims(a.second)) <
             map.compose(dims.toDims(b.second));
    });
  }
  for (const auto &[i, offset] : products) {
    if (!isWindow && i == 0)
      reads.clear();
    SmallVector<Value> operands;
    for (OpOperand *input : op.getDpsInputOperands())
      operands.push_back(
          read(input->get(), op.getMatchingIndexingMap(input), offset));
    operands.push_back(sums[i]);
    sums[i] = cloneBody(op, operands);
  }
  return sums;
}

void TileVectorizer::prefetch(linalg::LinalgOp op, scf::ForOp loop) {
  PerLoop extents = getExtents(op);
  int64_t steps = extents.countSteps(), pixels = 1, tilePixels = 1;
  AffineExpr panel = b.getAffineDimExpr(dims.getDim({Loop::Panels}));
  AffineExpr pixel = b.getAffineConstantExpr(0);
  for (unsigned i = 0; i != extents.pixels.size(); ++i) {
    pixel = pixel * extents.pixels[i] +
            b.getAffineDimExpr(dims.getDim({Loop::Pixels, i}));
    pixels *= extents.pixels[i];
    tilePixels *= tile.pixels[i];
  }
  // A line holds the weights of one step. At step k of a tile that begins at
  // pixel m, that many of the panels' lines were passed:
  //   panels * (m * steps + k * tilePixels) / pixels
  int64_t panels = *tile.panels;
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(loop);
  Value next =
      getIndices((panel + panels) * steps * pixels + pixel * (panels * steps))
          .front();
  auto filter = cast<RankedTensorType>(op.getDpsInputs()[1].getType());
  auto type = MemRefType::get(filter.getShape(), filter.getElementType());
  Value lines = bufferization::ToBufferOp::create(b, type, op.getDpsInputs()[1],
                                                  /*readOnly=*/true);
  lines = memref::CollapseShapeOp::create(
      b, lines, ArrayRef<ReassociationIndices>{{0, 1}, {2}});

  b.setInsertionPointToStart(loop.getBody());
  auto constant = [&](int64_t value) {
    return arith::ConstantIndexOp::create(b, value).getResult();
  };
  Value line = arith::MulIOp::create(b, loop.getInductionVar(),
                                     constant(panels * tilePixels));
  line = arith::AddIOp::create(b, next, line);
  line = arith::DivUIOp::create(b, line, constant(pixels));
  line = arith::MinUIOp::create(b, line, constant(*extents.panels * steps - 1));
  memref::PrefetchOp::create(b, lines, ValueRange{line, constant(0)},
                             /*isWrite=*/false, /*localityHint=*/2,
                             /*isDataCache=*/true);
}

TileVectorizer::Points TileVectorizer::reduce(linalg::LinalgOp op, Points sums,
                                              unsigned index) {
  if (index == tile.depth.size())
    return accumulate(op, std::move(sums));
  int64_t extent = getExtents(op).depth[index], step = tile.depth[index];
  if (extent == step)
    return reduce(op, std::move(sums), index + 1);
  auto loop = scf::ForOp::create(b, arith::ConstantIndexOp::create(b, 0),
                                 arith::ConstantIndexOp::create(b, extent),
                                 arith::ConstantIndexOp::create(b, step), sums);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  if (schedule.prefetch)
    prefetch(op, loop);
  auto outside = std::exchange(reads, {});
  OpFoldResult &start = base[dims.getDim({Loop::Depth, index})];
  OpFoldResult before = std::exchange(start, loop.getInductionVar());
  sums = reduce(op, llvm::to_vector(ValueRange(loop.getRegionIterArgs())),
                index + 1);
  start = before;
  reads = std::move(outside);
  scf::YieldOp::create(b, sums);
  return llvm::to_vector(ValueRange(loop.getResults()));
}

TileVectorizer::Points TileVectorizer::evaluate(linalg::LinalgOp op,
                                                Value destination) {
  OpOperand *init = op.getDpsInitOperand(0);
  Points outputs;
  if (op.payloadUsesValueFromOperand(init))
    outputs = evaluateOperand(*init, destination ? destination : init->get());
  if (op.getNumReductionLoops())
    return reduce(op, std::move(outputs));

  SmallVector<Points> inputs;
  for (OpOperand *input : op.getDpsInputOperands())
    inputs.push_back(evaluateOperand(*input, input->get()));
  Points results;
  for (unsigned i = 0; i != points.size(); ++i) {
    SmallVector<Value> operands;
    for (const Points &input : inputs)
      operands.push_back(input[i]);
    operands.push_back(outputs.empty() ? Value() : outputs[i]);
    results.push_back(cloneBody(op, operands));
  }
  return results;
}

Value TileVectorizer::write(Value destination) {
  AffineMap map = root.getMatchingIndexingMap(root.getDpsInitOperand(0));
  Points results = evaluate(root, destination);
  for (auto [point, result] : llvm::zip_equal(points, results))
    destination =
        vector::TransferWriteOp::create(b, result, destination,
                                        getIndices(getIndexExprs(map, point)),
                                        ArrayRef<bool>{true})
            ->getResult(0);
  return destination;
}
