// Sums of halves for Strassen's algorithm.
#include "compiler/Codegen/StrassenSums.h"

#include "compiler/Codegen/StrassenLoops.h"
#include "compiler/Conversion/MobileOneToLinalg/KernelPieces.h"
#include "dialect/IR/MobileOneAttrs.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mobileone;

using Values = SmallVector<Value>;

/// Steps of a panel whose sums are made while they are in the cache.
static constexpr int64_t kWeightSteps = 16;
/// Vectors of such a sum that are made at a time.
static constexpr int64_t kWeightVectors = 4;

template <typename Op>
static Value combine(ImplicitLocOpBuilder &b, Value x, Value y, Value output) {
  unsigned rank = cast<RankedTensorType>(output.getType()).getRank();
  AffineMap identity = b.getMultiDimIdentityMap(rank);
  return makeGeneric(b, {x, y}, output, {identity, identity, identity}, rank, 0,
                     [](ImplicitLocOpBuilder &nb, ValueRange s) -> Value {
                       return Op::create(nb, s[0], s[1]);
                     });
}

static Value makeSum(ImplicitLocOpBuilder &b, Value x, Value y, Value output) {
  return combine<arith::AddFOp>(b, x, y, output);
}

static Value makeDifference(ImplicitLocOpBuilder &b, Value x, Value y,
                            Value output) {
  return combine<arith::SubFOp>(b, x, y, output);
}

Value mobileone::broadcastDifference(ImplicitLocOpBuilder &b, Value x, Value y,
                                     Value output) {
  AffineMap identity = b.getMultiDimIdentityMap(4),
            perChannel = identity.getMinorSubMap(2);
  return makeGeneric(b, {x, y}, output, {perChannel, perChannel, identity}, 4,
                     0, [](ImplicitLocOpBuilder &nb, ValueRange s) -> Value {
                       return arith::SubFOp::create(nb, s[0], s[1]);
                     });
}

/// x - output into `output`.
static Value subtractFrom(ImplicitLocOpBuilder &b, Value x, Value output) {
  AffineMap identity = b.getMultiDimIdentityMap(3);
  return makeGeneric(b, x, output, {identity, identity}, 3, 0,
                     [](ImplicitLocOpBuilder &nb, ValueRange s) -> Value {
                       return arith::SubFOp::create(nb, s[0], s[1]);
                     });
}

namespace {

/// One part of a buffer of sums.
class SumPart {
public:
  /// `vectors` are made at a time.
  SumPart(ImplicitLocOpBuilder &b, Slice slice, int64_t vectors)
      : b(b), slice(std::move(slice)) {
    schedule.tile.pixels = {1};
    schedule.tile.panels = vectors;
    schedule.tile.lanes = kPanel;
    schedule.order = schedule.tile.getResultLoops();
  }

  /// Puts what `make` makes there into `buffer`, and returns it.
  Value store(Value &buffer, function_ref<Value(Value output)> make) {
    Value sum = make(slice.extract(b, buffer));
    sum.getDefiningOp()->setAttr(kScheduleAttr,
                                 ScheduleAttr::get(b.getContext(), schedule));
    buffer = slice.insert(b, sum, buffer);
    return sum;
  }

private:
  ImplicitLocOpBuilder &b;
  Slice slice;
  Schedule schedule;
};

} // namespace

Values mobileone::makePixelSums(ImplicitLocOpBuilder &b, const PerLoop &part,
                                Value pixels, Value firstRow, ValueRange sums) {
  int64_t columns = part.pixels[1], depth = part.depth[0];
  AffineExpr d0 = b.getAffineDimExpr(0), d1 = b.getAffineDimExpr(1);
  OpFoldResult zero = b.getIndexAttr(0), middle = b.getIndexAttr(depth);
  auto makePixel = [&](Value row, Value column, Values s) {
    Value y = makeIndex(b, d0 + d1, {firstRow, row}),
          right = makeIndex(b, d0 + columns, column);
    auto getPixel = [&](OpFoldResult x, OpFoldResult k) {
      return Slice({y, x, k}, {1, 1, depth}).extract(b, pixels);
    };
    Value a11 = getPixel(column, zero), a12 = getPixel(column, middle),
          a21 = getPixel(right, zero), a22 = getPixel(right, middle);
    SumPart part(b, Slice({row, column, zero}, {1, 1, depth}), 1);
    Value s1 =
        part.store(s[0], [&](Value to) { return makeSum(b, a21, a22, to); });
    Value s2 = part.store(
        s[1], [&](Value to) { return makeDifference(b, s1, a11, to); });
    part.store(s[2], [&](Value to) { return makeDifference(b, a11, a21, to); });
    part.store(s[3], [&](Value to) { return makeDifference(b, a12, s2, to); });
    return s;
  };
  Value begin = arith::ConstantIndexOp::create(b, 0),
        rows = arith::ConstantIndexOp::create(b, part.pixels[0]),
        end = arith::ConstantIndexOp::create(b, columns);
  return makeLoop(b, begin, rows, 1, sums, [&](Value row, Values s) {
    return makeLoop(b, begin, end, 1, s, [&](Value column, Values s) {
      return makePixel(row, column, s);
    });
  });
}

/// Some steps of a panel in all quarters of the weights.
struct WeightSteps {
  Value b11, b12, b21, b22;
};

/// Calls `make` for all steps of `panels` panels from `first` on, with the part
/// of the sums' buffers for them.
static Values
forWeights(ImplicitLocOpBuilder &b, const PerLoop &part, Value filter,
           Value first, int64_t panels, ValueRange sums,
           function_ref<Values(const WeightSteps &, SumPart, Values)> make) {
  int64_t depth = part.depth[0], half = *part.panels;
  AffineExpr d0 = b.getAffineDimExpr(0), d1 = b.getAffineDimExpr(1);
  OpFoldResult zero = b.getIndexAttr(0);
  auto makeSteps = [&](Value p, Value k, Values t) {
    Value left = makeIndex(b, d0 + d1, {first, p}),
          right = makeIndex(b, d0 + d1 + half, {first, p}),
          lower = makeIndex(b, d0 + depth, k);
    SmallVector<int64_t> size{1, kWeightSteps, kPanel};
    auto getSteps = [&](Value panel, Value step) {
      return Slice({panel, step, zero}, size).extract(b, filter);
    };
    WeightSteps steps{getSteps(left, k), getSteps(right, k),
                      getSteps(left, lower), getSteps(right, lower)};
    return make(steps, SumPart(b, Slice({p, k, zero}, size), kWeightVectors),
                t);
  };
  auto index = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(b, value);
  };
  return makeLoop(b, index(0), index(panels), 1, sums, [&](Value p, Values t) {
    return makeLoop(b, index(0), index(depth), kWeightSteps, t,
                    [&](Value k, Values t) { return makeSteps(p, k, t); });
  });
}

Values mobileone::makeFirstWeightSums(ImplicitLocOpBuilder &b,
                                      const PerLoop &part, Value filter,
                                      Value first, int64_t panels,
                                      ValueRange sums) {
  return forWeights(b, part, filter, first, panels, sums,
                    [&](const WeightSteps &w, SumPart part, Values t) {
                      Value t1 = part.store(t[0], [&](Value to) {
                        return makeDifference(b, w.b12, w.b11, to);
                      });
                      part.store(t[1], [&](Value to) {
                        return makeDifference(b, w.b22, t1, to);
                      });
                      return t;
                    });
}

Values mobileone::makeLastWeightSums(ImplicitLocOpBuilder &b,
                                     const PerLoop &part, Value filter,
                                     Value first, int64_t panels,
                                     ValueRange sums) {
  return forWeights(
      b, part, filter, first, panels, sums,
      [&](const WeightSteps &w, SumPart part, Values t) {
        part.store(t[0], [&](Value to) {
          return makeDifference(b, w.b22, w.b12, to);
        });
        part.store(t[1], [&](Value to) { return subtractFrom(b, w.b21, to); });
        return t;
      });
}
