// Seven products of halves, as linalg ops on slices.
#include "compiler/Codegen/StrassenBody.h"

#include "compiler/Codegen/StrassenLoops.h"
#include "compiler/Codegen/StrassenSums.h"
#include "compiler/Conversion/MobileOneToLinalg/KernelPieces.h"
#include "compiler/Schedule/Chain.h"
#include "compiler/Schedule/Strassen.h"
#include "dialect/IR/MobileOneAttrs.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mobileone;

StrassenBody::StrassenBody(ImplicitLocOpBuilder &b,
                           const MatrixProduct &product,
                           const Schedule &schedule)
    : b(b), product(product), schedule(schedule), strassen(*schedule.strassen),
      part(getStrassenPart(product.nest, strassen)->extents) {
  this->schedule.strassen.reset();
  this->schedule.split.reset();
}

SmallVector<RankedTensorType> StrassenBody::getScratchTypes() const {
  int64_t panels = *schedule.tile.panels;
  Type element = b.getF32Type();
  SmallVector<RankedTensorType> types(
      4, RankedTensorType::get({part.pixels[0], part.pixels[1], part.depth[0]},
                               element));
  types.append(
      2, RankedTensorType::get(
             {part.pixels[0], part.pixels[1], panels, part.lanes}, element));
  if (strassen.sums == Strassen::Run)
    types.append(
        2, RankedTensorType::get({panels, part.depth[0], part.lanes}, element));
  return types;
}

StrassenBody::State::State(ValueRange values)
    : s(values.take_front(4)), u(values[4]), w(values[5]),
      t(values.drop_front(6).drop_back()), result(values.back()) {}

StrassenBody::Values StrassenBody::State::toValues() const {
  Values values(s);
  values.append({u, w});
  llvm::append_range(values, t);
  values.push_back(result);
  return values;
}

Value StrassenBody::getWeights(WeightHalf half, Value left,
                               const State &state) {
  AffineExpr d0 = b.getAffineDimExpr(0);
  int64_t panels = *part.panels, depth = part.depth[0];
  auto slice = [&](Value panel, int64_t k) {
    return Slice({panel, b.getIndexAttr(k), b.getIndexAttr(0)},
                 {*schedule.tile.panels, depth, part.lanes})
        .extract(b, product.filter);
  };
  if (strassen.sums == Strassen::Compile)
    return slice(makeIndex(b, d0 + static_cast<int64_t>(half) * panels, left),
                 0);
  switch (half) {
  case WeightHalf::B11:
    return slice(left, 0);
  case WeightHalf::B21:
    return slice(left, depth);
  case WeightHalf::B22:
    return slice(getRight(left), depth);
  case WeightHalf::T1:
  case WeightHalf::T3:
    return state.t[0];
  case WeightHalf::T2:
  case WeightHalf::T4:
    return state.t[1];
  }
  llvm_unreachable("unknown half");
}

Value StrassenBody::getNextWeights(WeightHalf half, Value left,
                                   const State &state) {
  AffineExpr d0 = b.getAffineDimExpr(0);
  int64_t tile = *schedule.tile.panels;
  // Behind the last panels of all, these once more.
  Value next = arith::MinUIOp::create(
      b, makeIndex(b, d0 + tile, left),
      arith::ConstantIndexOp::create(b, *part.panels - tile));
  if (strassen.sums == Strassen::Compile)
    return getWeights(half, next, state);
  switch (half) {
  case WeightHalf::B11:
  case WeightHalf::B21:
    return getWeights(half, next, state);
  case WeightHalf::T2: // of which the next one's is made, as of all others
    return Slice({getRight(next), b.getIndexAttr(0), b.getIndexAttr(0)},
                 {tile, part.depth[0], part.lanes})
        .extract(b, product.filter);
  case WeightHalf::T1:
    return getWeights(WeightHalf::B22, next, state);
  default:
    return {};
  }
}

Value StrassenBody::multiplyAdd(Value x, WeightHalf half, const Place &at,
                                const State &state, Value sums) {
  AffineExpr h, w, p, n, k;
  bindDims(b.getContext(), h, w, p, n, k);
  auto map = [&](ArrayRef<AffineExpr> results) {
    return AffineMap::get(5, 0, results, b.getContext());
  };
  Values inputs{x, getWeights(half, at.left, state)};
  SmallVector<AffineMap> maps{map({h, w, k}), map({p, k, n})};
  if (schedule.prefetch)
    if (Value next = getNextWeights(half, at.left, state)) {
      inputs.push_back(next);
      maps.push_back(maps.back());
    }
  maps.push_back(map({h, w, p, n}));
  return makeGeneric(
      b, inputs, sums, maps, 4, 1, [](ImplicitLocOpBuilder &nb, ValueRange s) {
        return mobileone::multiplyAdd(nb, {s[0], s[1], s.back()});
      });
}

Value StrassenBody::attach(Value sums) {
  Schedule own = schedule;
  auto op = sums.getDefiningOp<linalg::LinalgOp>();
  linalg::LinalgOp contraction = findContraction(op);
  own.prefetch =
      contraction.getNumReductionLoops() && contraction.getNumDpsInputs() > 2;
  if (!contraction.getNumReductionLoops()) {
    own.tile.depth.clear();
    own.byElement = false;
  }
  op->setAttr(kScheduleAttr, ScheduleAttr::get(b.getContext(), own));
  return sums;
}

Value StrassenBody::finish(Value sums) {
  for (linalg::LinalgOp op : product.after)
    sums = clone(b, op, sums.getType(), sums)->getResult(0);
  return attach(sums);
}

Value StrassenBody::getPixels(Value row, OpFoldResult column, OpFoldResult k) {
  return Slice({row, column, k},
               {part.pixels[0], part.pixels[1], part.depth[0]})
      .extract(b, product.pixels);
}

Value StrassenBody::getBias(Value panel) {
  return Slice({panel, b.getIndexAttr(0)}, {*schedule.tile.panels, part.lanes})
      .extract(b, product.bias);
}

Value StrassenBody::getRight(Value left) {
  return makeIndex(b, b.getAffineDimExpr(0) + *part.panels, left);
}

void StrassenBody::write(Value &into, ArrayRef<OpFoldResult> place,
                         function_ref<Value(Value)> make) {
  Slice slice(place, {part.pixels[0], part.pixels[1], *schedule.tile.panels,
                      part.lanes});
  into = slice.insert(b, make(slice.extract(b, into)), into);
}

static Value makeZeros(ImplicitLocOpBuilder &b, Value output) {
  return makeGeneric(
      b, {}, output, {b.getMultiDimIdentityMap(4)}, 4, 0,
      [](ImplicitLocOpBuilder &nb, ValueRange) { return makeConstant(nb, 0); });
}

Value StrassenBody::startU(const Place &at, Value output) {
  return product.bias ? startSums(b, getBias(at.left), output)
                      : makeZeros(b, output);
}

Value StrassenBody::startW(const Place &at, Value output) {
  if (!product.bias)
    return makeZeros(b, output);
  return broadcastDifference(b, getBias(getRight(at.left)), getBias(at.left),
                             output);
}

Value StrassenBody::startResult(ValueRange terms, Value output) {
  SmallVector<AffineMap> maps(terms.size() + 1, b.getMultiDimIdentityMap(4));
  return makeGeneric(b, terms, output, maps, 4, 0,
                     [&](ImplicitLocOpBuilder &nb, ValueRange s) {
                       Value sum = s[0];
                       for (Value term : s.drop_front().drop_back())
                         sum = arith::AddFOp::create(nb, sum, term);
                       return product.bias
                                  ? sum
                                  : arith::AddFOp::create(nb, s.back(), sum);
                     });
}

StrassenBody::State StrassenBody::multiplyFirst(const Place &at, State state) {
  OpFoldResult zero = b.getIndexAttr(0), middle = b.getIndexAttr(part.depth[0]);
  SmallVector<OpFoldResult> all(4, zero);
  Value u, w;
  write(state.u, all, [&](Value to) {
    return u = attach(multiplyAdd(getPixels(at.row, zero, zero),
                                  WeightHalf::B11, at, state, startU(at, to)));
  });
  write(state.result, {at.row, zero, at.left, zero}, [&](Value c11) {
    return finish(multiplyAdd(getPixels(at.row, zero, middle), WeightHalf::B21,
                              at, state, startResult(u, c11)));
  });
  write(state.u, all, [&](Value to) {
    return u = attach(multiplyAdd(state.s[1], WeightHalf::T2, at, state, to));
  });
  write(state.w, all, [&](Value to) {
    return w = attach(multiplyAdd(state.s[0], WeightHalf::T1, at, state,
                                  startW(at, to)));
  });
  write(state.result, {at.row, zero, getRight(at.left), zero}, [&](Value c12) {
    return finish(multiplyAdd(state.s[3], WeightHalf::B22, at, state,
                              startResult({u, w}, c12)));
  });
  return state;
}

StrassenBody::State StrassenBody::multiplyLast(const Place &at, State state) {
  OpFoldResult zero = b.getIndexAttr(0), middle = b.getIndexAttr(part.depth[0]),
               half = b.getIndexAttr(part.pixels[1]);
  SmallVector<OpFoldResult> all(4, zero);
  Value u;
  write(state.u, all, [&](Value to) {
    return u = attach(multiplyAdd(state.s[2], WeightHalf::T3, at, state, to));
  });
  write(state.result, {at.row, half, getRight(at.left), zero},
        [&](Value c22) { return finish(startResult({u, state.w}, c22)); });
  write(state.result, {at.row, half, at.left, zero}, [&](Value c21) {
    return finish(multiplyAdd(getPixels(at.row, half, middle), WeightHalf::T4,
                              at, state, startResult(u, c21)));
  });
  return state;
}

StrassenBody::State StrassenBody::makePanels(const Place &at, State state) {
  int64_t tile = *schedule.tile.panels;
  bool isRun = strassen.sums == Strassen::Run;
  if (isRun)
    state.t =
        makeFirstWeightSums(b, part, product.filter, at.left, tile, state.t);
  state = multiplyFirst(at, std::move(state));
  if (isRun)
    state.t =
        makeLastWeightSums(b, part, product.filter, at.left, tile, state.t);
  return multiplyLast(at, std::move(state));
}

SmallVector<Value> StrassenBody::build(ValueRange scratch, Value begin,
                                       Value end) {
  int64_t tile = *schedule.tile.panels;
  AffineExpr d0 = b.getAffineDimExpr(0);
  Values values(scratch);
  values.push_back(product.result);
  return makeBandLoop(
      b, product.nest.extents.pixels[0] / strassen.rows, *part.panels / tile,
      begin, end, values,
      [&](Value band, Value first, Value last, Values values) {
        State state(values);
        Value row = makeIndex(b, d0 * part.pixels[0], band);
        state.s = makePixelSums(b, part, product.pixels, row, state.s);
        return makeLoop(b, first, last, 1, state.toValues(),
                        [&](Value number, Values values) {
                          Place at{row, makeIndex(b, d0 * tile, number)};
                          return makePanels(at, State(values)).toValues();
                        });
      });
}
