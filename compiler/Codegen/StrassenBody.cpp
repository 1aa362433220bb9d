// Seven products of halves, as linalg ops on slices.
#include "compiler/Codegen/StrassenBody.h"

#include "compiler/Codegen/StrassenSums.h"
#include "compiler/Conversion/MobileOneToLinalg/KernelPieces.h"
#include "compiler/Schedule/LoopDims.h"
#include "compiler/Schedule/Strassen.h"
#include "dialect/IR/MobileOneAttrs.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mobileone;

StrassenBody::StrassenBody(linalg::LinalgOp root, const MatrixChain &chain,
                           const Schedule &schedule)
    : b(root.getLoc(), root), chain(chain), schedule(schedule) {
  linalg::LinalgOp product = chain.product;
  LoopNest nest = getLoopNest(product);
  int64_t rows = schedule.strassen->rows;
  part = getStrassenPart(nest, rows)->extents;
  bands = nest.extents.pixels[0] / rows;
  groupRows = getGroupRows(nest.extents, *schedule.strassen);
  pixels = product.getDpsInputs()[0];
  filter = product.getDpsInputs()[1];
  bias = linalg::LinalgOp(chain.bias).getDpsInputs()[0];
  destination = getDestination(root);
  this->schedule.strassen.reset();
  this->schedule.split.reset();
}

SmallVector<RankedTensorType> StrassenBody::getScratchTypes() const {
  int64_t panels = *schedule.tile.panels;
  Type element = getElementTypeOrSelf(pixels);
  SmallVector<RankedTensorType> types(
      4, RankedTensorType::get({part.pixels[0], part.pixels[1], part.depth[0]},
                               element));
  types.append(
      2, RankedTensorType::get({panels, part.depth[0], part.lanes}, element));
  types.append(
      2, RankedTensorType::get(
             {part.pixels[0], part.pixels[1], panels, part.lanes}, element));
  return types;
}

StrassenBody::State::State(ValueRange values)
    : s(values.take_front(4)), t(values.slice(4, 2)), u(values[6]),
      w(values[7]), result(values[8]) {}

StrassenBody::Values StrassenBody::State::toValues() const {
  Values values(s);
  llvm::append_range(values, t);
  values.append({u, w, result});
  return values;
}

Value StrassenBody::multiplyAdd(Value x, Value y, Value sums, Value next) {
  auto product = cast<linalg::GenericOp>(chain.product.getOperation());
  SmallVector<AffineMap> maps = product.getIndexingMapsArray();
  Values inputs{x, y};
  if (next && schedule.prefetch) {
    inputs.push_back(next);
    maps.insert(maps.begin() + 2, maps[1]);
  }
  return makeGeneric(
      b, inputs, sums, maps, 4, 1, [](ImplicitLocOpBuilder &nb, ValueRange s) {
        return mobileone::multiplyAdd(nb, {s[0], s[1], s.back()});
      });
}

Value StrassenBody::attach(Value sums) {
  Schedule own = schedule;
  auto op = sums.getDefiningOp<linalg::LinalgOp>();
  linalg::LinalgOp product = findContraction(op);
  own.prefetch =
      product.getNumReductionLoops() && product.getNumDpsInputs() > 2;
  if (!product.getNumReductionLoops()) {
    own.tile.depth.clear();
    own.byElement = false;
  }
  op->setAttr(kScheduleAttr, ScheduleAttr::get(b.getContext(), own));
  return sums;
}

Value StrassenBody::finish(Value sums) {
  for (linalg::LinalgOp op : chain.after)
    sums = clone(b, op, sums.getType(), sums)->getResult(0);
  return attach(sums);
}

Value StrassenBody::getPixels(Value row, OpFoldResult column, OpFoldResult k) {
  return Slice({row, column, k}, {groupRows, part.pixels[1], part.depth[0]})
      .extract(b, pixels);
}

Value StrassenBody::getWeights(Value panel, OpFoldResult k) {
  return Slice({panel, k, b.getIndexAttr(0)},
               {*schedule.tile.panels, part.depth[0], part.lanes})
      .extract(b, filter);
}

Value StrassenBody::getBias(Value panel) {
  return Slice({panel, b.getIndexAttr(0)}, {*schedule.tile.panels, part.lanes})
      .extract(b, bias);
}

Value StrassenBody::getSums(Value sums, Value row) {
  OpFoldResult zero = b.getIndexAttr(0);
  return Slice({row, zero, zero}, {groupRows, part.pixels[1], part.depth[0]})
      .extract(b, sums);
}

void StrassenBody::write(Value &into, ArrayRef<OpFoldResult> place,
                         function_ref<Value(Value)> make) {
  Slice slice(place,
              {groupRows, part.pixels[1], *schedule.tile.panels, part.lanes});
  into = slice.insert(b, make(slice.extract(b, into)), into);
}

StrassenBody::State StrassenBody::multiplyFirst(const Place &at, State state) {
  AffineExpr d0 = b.getAffineDimExpr(0);
  int64_t tile = *schedule.tile.panels, panels = *part.panels;
  OpFoldResult zero = b.getIndexAttr(0), middle = b.getIndexAttr(part.depth[0]);
  // Behind the last panels of all, these once more.
  Value nextLeft = arith::MinUIOp::create(
            b, makeIndex(b, d0 + tile, at.left),
            arith::ConstantIndexOp::create(b, panels - tile)),
        nextRight = makeIndex(b, d0 + panels, nextLeft);
  SmallVector<OpFoldResult> group{at.row, zero, zero, zero};
  AffineMap identity = b.getMultiDimIdentityMap(4),
            perChannel = identity.getMinorSubMap(2);
  Value u, w;
  write(state.u, group, [&](Value to) {
    Value start = clone(b, chain.bias, to.getType(), {getBias(at.left), to})
                      ->getResult(0);
    return u = attach(multiplyAdd(getPixels(at.imageRow, zero, zero),
                                  getWeights(at.left, zero), start,
                                  getWeights(nextLeft, zero)));
  });
  write(state.result, {at.imageRow, zero, at.left, zero}, [&](Value c11) {
    return finish(multiplyAdd(getPixels(at.imageRow, zero, middle),
                              getWeights(at.left, middle), makeCopy(b, u, c11),
                              getWeights(nextLeft, middle)));
  });
  write(state.u, group, [&](Value to) {
    return u = attach(multiplyAdd(getSums(state.s[1], at.row), state.t[1], to,
                                  getWeights(nextRight, zero)));
  });
  write(state.w, group, [&](Value to) {
    Value difference =
        makeGeneric(b, {getBias(at.right), getBias(at.left)}, to,
                    {perChannel, perChannel, identity}, 4, 0,
                    [](ImplicitLocOpBuilder &nb, ValueRange s) -> Value {
                      return arith::SubFOp::create(nb, s[0], s[1]);
                    });
    return w = attach(multiplyAdd(getSums(state.s[0], at.row), state.t[0],
                                  difference, getWeights(nextRight, middle)));
  });
  write(state.result, {at.imageRow, zero, at.right, zero}, [&](Value c12) {
    return finish(multiplyAdd(getSums(state.s[3], at.row),
                              getWeights(at.right, middle),
                              makeSum(b, u, w, c12)));
  });
  return state;
}

StrassenBody::State StrassenBody::multiplyLast(const Place &at, State state) {
  OpFoldResult zero = b.getIndexAttr(0), middle = b.getIndexAttr(part.depth[0]),
               half = b.getIndexAttr(part.pixels[1]);
  SmallVector<OpFoldResult> group{at.row, zero, zero, zero};
  Value u;
  write(state.u, group, [&](Value to) {
    return u = attach(multiplyAdd(getSums(state.s[2], at.row), state.t[0], to));
  });
  Value w = Slice(group, {groupRows, part.pixels[1], *schedule.tile.panels,
                          part.lanes})
                .extract(b, state.w);
  write(state.result, {at.imageRow, half, at.right, zero},
        [&](Value c22) { return finish(makeSum(b, u, w, c22)); });
  write(state.result, {at.imageRow, half, at.left, zero}, [&](Value c21) {
    return finish(multiplyAdd(getPixels(at.imageRow, half, middle), state.t[1],
                              makeCopy(b, u, c21)));
  });
  return state;
}

StrassenBody::State
StrassenBody::forGroups(const Range &groups, Value firstRow, Value left,
                        State state,
                        function_ref<State(const Place &, State)> make) {
  AffineExpr d0 = b.getAffineDimExpr(0), d1 = b.getAffineDimExpr(1);
  return State(makeLoop(b, groups.begin, groups.end, 1, state.toValues(),
                        [&](Value group, Values values) {
                          Value row = makeIndex(b, d0 * groupRows, group);
                          Place at{row, makeIndex(b, d0 + d1, {firstRow, row}),
                                   left, makeIndex(b, d0 + *part.panels, left)};
                          return make(at, State(values)).toValues();
                        }));
}

StrassenBody::State StrassenBody::makePanels(const Range &units, Value firstRow,
                                             Value number, State state) {
  int64_t tile = *schedule.tile.panels, tiles = *part.panels / tile;
  AffineExpr d0 = b.getAffineDimExpr(0), d1 = b.getAffineDimExpr(1);
  Value left = makeIndex(b, d0 * tile, number);
  AffineExpr first = (d0 - d1).ceilDiv(tiles);
  Range groups{makeIndex(b, first, {units.begin, number}),
               makeIndex(b, first, {units.end, number})};
  Value isAny = arith::CmpIOp::create(b, arith::CmpIPredicate::slt,
                                      groups.begin, groups.end);
  auto op = scf::IfOp::create(b, ValueRange(state.toValues()).getTypes(), isAny,
                              /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(op.elseBlock());
  scf::YieldOp::create(b, state.toValues());
  b.setInsertionPointToStart(op.thenBlock());
  state.t = makeFirstWeightSums(b, part, filter, left, tile, state.t);
  state = forGroups(
      groups, firstRow, left, state,
      [&](const Place &at, State state) { return multiplyFirst(at, state); });
  state.t = makeLastWeightSums(b, part, filter, left, tile, state.t);
  state = forGroups(
      groups, firstRow, left, state,
      [&](const Place &at, State state) { return multiplyLast(at, state); });
  scf::YieldOp::create(b, state.toValues());
  return State(op.getResults());
}

Value StrassenBody::build(ValueRange scratch, Value begin, Value end) {
  int64_t rows = part.pixels[0], groups = rows / groupRows,
          tiles = *part.panels / *schedule.tile.panels, units = groups * tiles;
  AffineExpr d0 = b.getAffineDimExpr(0), d1 = b.getAffineDimExpr(1);
  auto index = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(b, value);
  };
  Values values(scratch);
  values.push_back(destination);
  Value zero = index(0), all = index(units), tileCount = index(tiles);
  end = arith::MinSIOp::create(b, end, index(bands * units));
  return makeLoop(
             b, makeIndex(b, d0.floorDiv(units), begin),
             makeIndex(b, d0.ceilDiv(units), end), 1, values,
             [&](Value band, Values values) {
               State state(values);
               Value row = makeIndex(b, d0 * rows, band);
               Range range{
                   arith::MaxSIOp::create(
                       b, zero, makeIndex(b, d0 - d1 * units, {begin, band})),
                   arith::MinSIOp::create(
                       b, all, makeIndex(b, d0 - d1 * units, {end, band}))};
               state.s = makePixelSums(
                   b, part, pixels, row,
                   makeIndex(b, d0.floorDiv(tiles) * groupRows, range.begin),
                   makeIndex(b, d0.ceilDiv(tiles) * groupRows, range.end),
                   state.s);
               return makeLoop(b, zero, tileCount, 1, state.toValues(),
                               [&](Value number, Values values) {
                                 return makePanels(range, row, number,
                                                   State(values))
                                     .toValues();
                               });
             })
      .back();
}
