// Seven calls of a product of halves, and passes over the result between them.
#include "compiler/Codegen/NestedStrassen.h"

#include "compiler/Codegen/StrassenLoops.h"
#include "compiler/Codegen/StrassenSums.h"
#include "compiler/Conversion/MobileOneToLinalg/KernelPieces.h"
#include "compiler/Schedule/Strassen.h"
#include "dialect/IR/MobileOneAttrs.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/SymbolTable.h"

using namespace mlir;
using namespace mobileone;

/// That of one of the seven products.
static Schedule getInnerSchedule(const Schedule &schedule) {
  Schedule inner = schedule;
  inner.strassen->rows /= 2;
  inner.strassen->levels = 1;
  return inner;
}

NestedStrassen::NestedStrassen(ImplicitLocOpBuilder &b,
                               const MatrixProduct &product,
                               std::pair<int64_t, int64_t> origin,
                               const Schedule &schedule, func::FuncOp kernel)
    : b(b), product(product), firstRow(origin.first),
      firstColumn(origin.second), schedule(schedule),
      half(getStrassenHalf(product.nest, *schedule.strassen)) {
  defineProduct(kernel);
}

/// Behind the filter, the scratch and the result: where the rows and panels of
/// the result begin, the panels of the filter, and a range of units.
static constexpr unsigned kIndices = 5;

void NestedStrassen::defineProduct(func::FuncOp kernel) {
  const PerLoop &extents = half.extents;
  int64_t rows = extents.pixels[0];
  Schedule inner = getInnerSchedule(schedule);
  scratch = StrassenBody(b, {half}, inner).getScratchTypes();
  scratch.insert(
      scratch.begin(),
      RankedTensorType::get({rows, extents.pixels[1], extents.depth[0]},
                            b.getF32Type()));
  auto filter = cast<RankedTensorType>(product.filter.getType());
  SmallVector<Type> state(scratch.begin(), scratch.end()), arguments{filter};
  state.push_back(product.result.getType());
  llvm::append_range(arguments, state);
  arguments.append(kIndices, b.getIndexType());
  function = func::FuncOp::create(kernel.getLoc(),
                                  (kernel.getName() + ".product").str(),
                                  b.getFunctionType(arguments, state));
  function.setPrivate();
  for (unsigned i = 0; i != 1 + state.size(); ++i)
    function.setArgAttr(i, "bufferization.writable", b.getBoolAttr(i != 0));
  SymbolTable(kernel->getParentOfType<ModuleOp>())
      .insert(function, kernel->getIterator());

  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(function.addEntryBlock());
  ValueRange values = ValueRange(function.getArguments()).drop_front(),
             indices = values.take_back(kIndices);
  OpFoldResult zero = b.getIndexAttr(0);
  Slice weights({indices[2], zero, zero},
                {filter.getDimSize(0) / kStrassenProducts, filter.getDimSize(1),
                 extents.lanes}),
      box({indices[0], b.getIndexAttr(firstColumn), indices[1], zero},
          {rows, extents.pixels[1], *extents.panels, extents.lanes});
  Value result = values[scratch.size()];
  MatrixProduct part{half, values[0],
                     weights.extract(b, function.getArgument(0)), /*bias=*/{},
                     box.extract(b, result)};
  Values made =
      StrassenBody(b, part, inner)
          .build(values.slice(1, scratch.size() - 1), indices[3], indices[4]);
  made.insert(made.begin(), values[0]);
  made.back() = box.insert(b, made.back(), result);
  func::ReturnOp::create(b, made);
}

SmallVector<RankedTensorType> NestedStrassen::getScratchTypes() const {
  return scratch;
}

Value NestedStrassen::index(int64_t value) {
  return arith::ConstantIndexOp::create(b, value);
}

/// Gives the elements of `value` a schedule by `tile`.
static Value attachSchedule(Builder &b, Value value, const PerLoop &tile) {
  Schedule schedule;
  schedule.tile = tile;
  schedule.order = tile.getResultLoops();
  value.getDefiningOp()->setAttr(kScheduleAttr,
                                 ScheduleAttr::get(b.getContext(), schedule));
  return value;
}

void NestedStrassen::makePixels(const Place &at, Values &state,
                                ArrayRef<Half> halves, Body body) {
  const PerLoop &extents = half.extents;
  int64_t rows = extents.pixels[0], depth = extents.depth[0];
  AffineExpr d0 = b.getAffineDimExpr(0), d1 = b.getAffineDimExpr(1);
  OpFoldResult zero = b.getIndexAttr(0);
  SmallVector<AffineMap> maps(halves.size() + 1, b.getMultiDimIdentityMap(3));
  auto makePixel = [&](Value row, Value column, Value all) -> Value {
    Values inputs;
    for (Half half : halves)
      inputs.push_back(Slice({makeIndex(b, d0 + d1 + (half.isLower ? rows : 0),
                                        {at.row, row}),
                              column, b.getIndexAttr(half.isRight ? depth : 0)},
                             {1, 1, depth})
                           .extract(b, product.pixels));
    Slice pixel({row, column, zero}, {1, 1, depth});
    Value made =
        makeGeneric(b, inputs, pixel.extract(b, all), maps, 3, 0, body);
    PerLoop tile;
    tile.pixels = {1};
    tile.panels = 1;
    tile.lanes = kPanel;
    return pixel.insert(b, attachSchedule(b, made, tile), all);
  };
  state[0] = makeLoop(
      b, index(0), index(rows), 1, state[0], [&](Value row, Values all) {
        return makeLoop(b, index(0), index(extents.pixels[1]), 1, all,
                        [&](Value column, Values all) {
                          return Values{makePixel(row, column, all[0])};
                        });
      })[0];
}

void NestedStrassen::multiply(const Place &at, Values &state,
                              WeightHalf weights, Half result) {
  const PerLoop &extents = half.extents;
  AffineExpr d0 = b.getAffineDimExpr(0);
  int64_t filter =
      cast<RankedTensorType>(product.filter.getType()).getDimSize(0) /
      kStrassenProducts;
  Values operands{product.filter};
  llvm::append_range(operands, state);
  operands.append(
      {makeIndex(b, d0 + firstRow + (result.isLower ? extents.pixels[0] : 0),
                 at.row),
       index(result.isRight ? *extents.panels : 0),
       index(static_cast<int64_t>(weights) * filter), at.begin, at.end});
  state = llvm::to_vector(
      ValueRange(func::CallOp::create(b, function, operands).getResults()));
}

void NestedStrassen::make(const Place &at, Values &state, Half result,
                          MakePanels makePanels) {
  const PerLoop &extents = half.extents;
  int64_t count = *schedule.tile.panels, panels = *extents.panels;
  AffineExpr d0 = b.getAffineDimExpr(0), d1 = b.getAffineDimExpr(1);
  PerLoop tile;
  tile.pixels = {1, 1};
  tile.panels = count;
  tile.lanes = extents.lanes;
  auto makeTile = [&](Value row, Value column, Value panel, Value all) {
    auto getSlice = [&](Half which) {
      int64_t first = firstRow + (which.isLower ? extents.pixels[0] : 0);
      return Slice({makeIndex(b, d0 + d1 + first, {at.row, row}),
                    makeIndex(b, d0 + firstColumn, column),
                    makeIndex(b, d0 + (which.isRight ? panels : 0), panel),
                    b.getIndexAttr(0)},
                   {1, 1, count, extents.lanes});
    };
    Slice slice = getSlice(result);
    Value made = makePanels(
        panel, [&](Half which) { return getSlice(which).extract(b, all); },
        slice.extract(b, all));
    return Values{slice.insert(b, attachSchedule(b, made, tile), all)};
  };
  // The tiles of a worker are side by side in both halves of the panels.
  auto makePixel = [&](Value row, Value column, Values all) {
    return makeLoop(b, index(0), index(panels), panels / 2, all,
                    [&](Value side, Values all) {
                      auto getPanel = [&](Value number) {
                        return makeIndex(b, d0 * count + d1, {number, side});
                      };
                      return makeLoop(b, getPanel(at.begin), getPanel(at.end),
                                      count, all, [&](Value panel, Values all) {
                                        return makeTile(row, column, panel,
                                                        all[0]);
                                      });
                    });
  };
  state.back() =
      makeLoop(b, index(0), index(extents.pixels[0]), 1, state.back(),
               [&](Value row, Values all) {
                 return makeLoop(b, index(0), index(extents.pixels[1]), 1, all,
                                 [&](Value column, Values all) {
                                   return makePixel(row, column, all);
                                 });
               })[0];
}

Value NestedStrassen::getBias(Value panel, bool isRight) {
  int64_t first = isRight ? *half.extents.panels : 0;
  return Slice({makeIndex(b, b.getAffineDimExpr(0) + first, panel),
                b.getIndexAttr(0)},
               {*schedule.tile.panels, half.extents.lanes})
      .extract(b, product.bias);
}

void NestedStrassen::add(const Place &at, Values &state, Half result,
                         Half term) {
  make(at, state, result, [&](Value, function_ref<Value(Half)> get, Value to) {
    AffineMap identity = b.getMultiDimIdentityMap(4);
    return makeGeneric(b, get(term), to, {identity, identity}, 4, 0,
                       [](ImplicitLocOpBuilder &nb, ValueRange s) {
                         return arith::AddFOp::create(nb, s[1], s[0]);
                       });
  });
}

void NestedStrassen::copy(const Place &at, Values &state, Half result,
                          Half source) {
  make(at, state, result, [&](Value, function_ref<Value(Half)> get, Value to) {
    return makeCopy(b, get(source), to);
  });
}

void NestedStrassen::finish(const Place &at, Values &state, Half result) {
  if (product.after.empty())
    return;
  make(at, state, result, [&](Value, function_ref<Value(Half)>, Value to) {
    for (linalg::LinalgOp op : product.after)
      to = clone(b, op, to.getType(), to)->getResult(0);
    return to;
  });
}

NestedStrassen::Values NestedStrassen::makeBand(const Place &at, Values state) {
  constexpr Half k11{false, false}, k12{false, true}, k21{true, false},
      k22{true, true};
  auto first = [](ImplicitLocOpBuilder &, ValueRange s) { return s[0]; };
  auto minus = [](ImplicitLocOpBuilder &nb, Value x, Value y) -> Value {
    return arith::SubFOp::create(nb, x, y);
  };
  auto plus = [](ImplicitLocOpBuilder &nb, Value x, Value y) -> Value {
    return arith::AddFOp::create(nb, x, y);
  };
  // W, from what the bias of the right panels has more.
  make(at, state, k22, [&](Value panel, function_ref<Value(Half)>, Value to) {
    return broadcastDifference(b, getBias(panel, true), getBias(panel, false),
                               to);
  });
  makePixels(at, state, {k21, k22},
             [&](ImplicitLocOpBuilder &nb, ValueRange s) {
               return plus(nb, s[0], s[1]);
             });
  multiply(at, state, WeightHalf::T1, k22);
  // U, from the bias.
  make(at, state, k12, [&](Value panel, function_ref<Value(Half)>, Value to) {
    return startSums(b, getBias(panel, false), to);
  });
  makePixels(at, state, k11, first);
  multiply(at, state, WeightHalf::B11, k12);
  copy(at, state, k11, k12);
  makePixels(at, state, k12, first);
  multiply(at, state, WeightHalf::B21, k11);
  finish(at, state, k11);
  // U'
  makePixels(at, state, {k21, k22, k11},
             [&](ImplicitLocOpBuilder &nb, ValueRange s) {
               return minus(nb, plus(nb, s[0], s[1]), s[2]);
             });
  multiply(at, state, WeightHalf::T2, k12);
  // U"
  copy(at, state, k21, k12);
  makePixels(at, state, {k11, k21},
             [&](ImplicitLocOpBuilder &nb, ValueRange s) {
               return minus(nb, s[0], s[1]);
             });
  multiply(at, state, WeightHalf::T3, k21);
  add(at, state, k12, k22);
  add(at, state, k22, k21);
  finish(at, state, k22);
  makePixels(at, state, k22, first);
  multiply(at, state, WeightHalf::T4, k21);
  finish(at, state, k21);
  makePixels(at, state, {k12, k21, k22, k11},
             [&](ImplicitLocOpBuilder &nb, ValueRange s) {
               return minus(nb, s[0], minus(nb, plus(nb, s[1], s[2]), s[3]));
             });
  multiply(at, state, WeightHalf::B22, k12);
  finish(at, state, k12);
  return state;
}

SmallVector<Value> NestedStrassen::build(ValueRange scratch, Value begin,
                                         Value end) {
  int64_t rows = schedule.strassen->rows;
  AffineExpr d0 = b.getAffineDimExpr(0);
  Values values(scratch);
  values.push_back(product.result);
  return makeBandLoop(
      b, product.nest.extents.pixels[0] / rows,
      *half.extents.panels / 2 / *schedule.tile.panels, begin, end, values,
      [&](Value band, Value first, Value last, Values values) {
        return makeBand({makeIndex(b, d0 * rows, band), first, last}, values);
      });
}
