// Pulls the values of a tile through a chain of linalg ops: the bias is the
// accumulators' start, the activation stands in the store.
#include "compiler/Codegen/TileVectorizer.h"

#include "compiler/Codegen/VectorBody.h"
#include "compiler/Schedule/Chain.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mobileone;

TileVectorizer::TileVectorizer(ImplicitLocOpBuilder &builder,
                               linalg::LinalgOp root,
                               ArrayRef<OpFoldResult> base, const PerLoop &tile,
                               const Schedule &schedule, const IsaLevel &level)
    : b(builder), root(root), tile(tile), schedule(schedule), level(level),
      reader(builder, LoopDims(findContraction(root)), base, tile) {}

TileVectorizer::Points TileVectorizer::evaluateOperand(OpOperand &operand,
                                                       Value destination) {
  auto op = cast<linalg::LinalgOp>(operand.getOwner());
  if (isComputedInPlace(operand))
    return evaluate(operand.get().getDefiningOp<linalg::LinalgOp>(),
                    op.isDpsInit(&operand) ? destination : Value());
  if (!destination)
    destination = operand.get();
  AffineMap map = op.getMatchingIndexingMap(&operand);
  return llvm::map_to_vector(reader.getPoints(), [&](const PerLoop &point) {
    return reader.read(destination, map, point);
  });
}

void TileVectorizer::prefetch(linalg::LinalgOp op, scf::ForOp loop) {
  LoopNest nest = getLoopNest(op);
  const PerLoop &extents = nest.extents;
  int64_t steps = extents.countSteps() / nest.getGroup();
  int64_t pixels = 1, tilePixels = 1;
  AffineExpr pixel = b.getAffineConstantExpr(0);
  for (unsigned i = 0; i != extents.pixels.size(); ++i) {
    pixel = pixel * extents.pixels[i] + reader.getExpr({Loop::Pixels, i});
    pixels *= extents.pixels[i];
    tilePixels *= tile.pixels[i];
  }
  // A line holds the weights of one step. At step k of a tile that begins at
  // pixel m, that many of the panels' lines were passed:
  //   panels * (m * steps + k * tilePixels) / pixels
  int64_t panels = *tile.panels;
  AffineExpr nextPanel = reader.getExpr({Loop::Panels}) + panels;
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(loop);
  Value next =
      reader.getIndex(nextPanel * steps * pixels + pixel * (panels * steps));
  auto filter = cast<RankedTensorType>(op.getDpsInputs()[1].getType());
  auto type = MemRefType::get(filter.getShape(), filter.getElementType());
  Value lines = bufferization::ToBufferOp::create(b, type, op.getDpsInputs()[1],
                                                  /*readOnly=*/true);
  lines = memref::CollapseShapeOp::create(
      b, lines,
      nest.hasGroups ? ArrayRef<ReassociationIndices>{{0, 1}, {2, 3}}
                     : ArrayRef<ReassociationIndices>{{0, 1}, {2}});

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

void TileVectorizer::prefetchNext(linalg::LinalgOp op, Value source,
                                  scf::ForOp loop) {
  PerLoop extents = getExtents(op);
  int64_t step = tile.depth.front(), tilePixels = 1;
  AffineExpr pixel = b.getAffineConstantExpr(0);
  for (unsigned i = 0; i != extents.pixels.size(); ++i) {
    pixel = pixel * extents.pixels[i] + reader.getExpr({Loop::Pixels, i});
    tilePixels *= tile.pixels[i];
  }
  // Each iteration takes a line, so a tile takes one of `step` parts of a
  // panel: the first tile the first part, and so on.
  auto constant = [&](int64_t value) {
    return arith::ConstantIndexOp::create(b, value).getResult();
  };
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(loop);
  auto type = cast<RankedTensorType>(source.getType());
  int64_t panels = type.getDimSize(0), lanes = type.getDimSize(2);
  Value part =
      arith::MinUIOp::create(b, reader.getIndex(pixel.floorDiv(tilePixels)),
                             constant(panels * step - 1));
  Value panel = arith::DivUIOp::create(b, part, constant(step));
  Value start =
      arith::MulIOp::create(b, arith::RemUIOp::create(b, part, constant(step)),
                            constant(extents.countSteps() / step * lanes));
  Value lines = bufferization::ToBufferOp::create(
      b,
      MemRefType::get(type.getShape(), type.getElementType(),
                      StridedLayoutAttr::get(b.getContext(),
                                             ShapedType::kDynamic,
                                             {ShapedType::kDynamic, lanes, 1})),
      source, /*readOnly=*/true);
  lines = memref::CollapseShapeOp::create(
      b, lines, ArrayRef<ReassociationIndices>{{0}, {1, 2}});

  b.setInsertionPointToStart(loop.getBody());
  Value element = arith::AddIOp::create(
      b, start,
      arith::MulIOp::create(b, loop.getInductionVar(), constant(lanes / step)));
  memref::PrefetchOp::create(b, lines, ValueRange{panel, element},
                             /*isWrite=*/false, /*localityHint=*/2,
                             /*isDataCache=*/true);
}

TileVectorizer::Points TileVectorizer::reduce(linalg::LinalgOp op, Points sums,
                                              Products &products,
                                              TileReader &place,
                                              unsigned index) {
  if (index == tile.depth.size())
    return products.addTo(std::move(sums), place);
  int64_t extent = getExtents(op).depth[index], step = tile.depth[index];
  if (extent == step)
    return reduce(op, std::move(sums), products, place, index + 1);
  auto loop = scf::ForOp::create(b, arith::ConstantIndexOp::create(b, 0),
                                 arith::ConstantIndexOp::create(b, extent),
                                 arith::ConstantIndexOp::create(b, step), sums);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  OpOperand *last = op.getDpsInputOperand(op.getNumDpsInputs() - 1);
  if (schedule.prefetch && op.payloadUsesValueFromOperand(last))
    prefetch(op, loop);
  else if (schedule.prefetch)
    prefetchNext(op, last->get(), loop);
  TileReader inside = place.enter({Loop::Depth, index}, loop.getInductionVar());
  sums = reduce(op, llvm::to_vector(ValueRange(loop.getRegionIterArgs())),
                products, inside, index + 1);
  scf::YieldOp::create(b, sums);
  return llvm::to_vector(ValueRange(loop.getResults()));
}

TileVectorizer::Points TileVectorizer::evaluate(linalg::LinalgOp op,
                                                Value destination) {
  OpOperand *init = op.getDpsInitOperand(0);
  Points outputs;
  if (op.payloadUsesValueFromOperand(init))
    outputs = evaluateOperand(*init, destination);
  if (op.getNumReductionLoops())
    return reduce(op, std::move(outputs), *makeProducts(op, schedule, level),
                  reader);

  SmallVector<Points> inputs;
  for (OpOperand *input : op.getDpsInputOperands())
    inputs.push_back(evaluateOperand(*input));
  Points results;
  for (int64_t i = 0; i != tile.countVectors(); ++i) {
    SmallVector<Value> operands;
    for (const Points &input : inputs)
      operands.push_back(input[i]);
    operands.push_back(outputs.empty() ? Value() : outputs[i]);
    results.push_back(cloneBody(b, op, tile.lanes, operands));
  }
  return results;
}

Value TileVectorizer::write(Value destination) {
  AffineMap map = root.getMatchingIndexingMap(root.getDpsInitOperand(0));
  Points results = evaluate(root, destination);
  for (auto [point, result] : llvm::zip_equal(reader.getPoints(), results))
    destination = vector::TransferWriteOp::create(b, result, destination,
                                                  reader.getIndices(map, point),
                                                  ArrayRef<bool>{true})
                      ->getResult(0);
  return destination;
}
