// Several layers as one kernel, in bands of rows.
#include "compiler/Conversion/MobileOneToLinalg/Kernels.h"

#include "compiler/Codegen/Schedule.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mobileone;

namespace {

/// The rows of one layer's result that the next layer reads for a band. Where
/// those of two bands overlap, `carry` keeps what the next band needs again.
struct Window {
  Value rows, carry;
};

/// What goes from band to band: a window behind every layer but the last.
struct State {
  SmallVector<Window> windows;
  Value result;

  SmallVector<Value> toValues() const {
    SmallVector<Value> values;
    for (const Window &window : windows) {
      values.push_back(window.rows);
      if (window.carry)
        values.push_back(window.carry);
    }
    values.push_back(result);
    return values;
  }
};

/// Builds the body of one kernel.
class BandBody {
public:
  BandBody(ImplicitLocOpBuilder &b, const BandShape &shape,
           ValueRange arguments)
      : b(b), shape(shape), layers(shape.layers), arguments(arguments) {}

  /// The bands from `begin` to `end`.
  Value build(Value result, Value begin, Value end);

private:
  State makeState(ValueRange values) const;
  /// What `then` or `otherwise` makes of the state.
  State branch(Value condition, State state, function_ref<State(State)> then,
               function_ref<State(State)> otherwise);
  /// Zeros at both sides of all windows' rows.
  State clearSides(State state);
  /// Zeros above the first rows.
  State clearCarries(State state);
  /// Computes what bands share, above those that begin at `row`.
  State computeCarries(State state, OpFoldResult row);
  Value copy(Value from, const Slice &source, Value into, const Slice &target);
  /// Computes `rows[i]` new rows of each layer `i`, those of the last one from
  /// `row` on.
  State compute(State state, OpFoldResult row, ArrayRef<int64_t> rows);
  /// The last layer's `count` rows from `row` on, which are made of `source`.
  State computeLast(State state, Value source, OpFoldResult row, int64_t count);
  /// `count` rows of the caller's image; the first one is `above` rows above
  /// those that row `row` of the last layer is made of.
  Value getImageRows(OpFoldResult row, int64_t above, int64_t count);
  Value makeLayer(const BandLayer &layer, ValueRange inputs, Value source,
                  Value output);

  ImplicitLocOpBuilder &b;
  const BandShape &shape;
  ArrayRef<BandLayer> layers;
  ValueRange arguments;
  Value image; // the caller's, unless in place
};

} // namespace

/// The scratch buffers, then the result.
State BandBody::makeState(ValueRange values) const {
  State state;
  auto next = values.begin();
  for (const BandLayer &reader : layers.drop_front()) {
    state.windows.push_back({*next++, {}});
    if (reader.getSharedRows())
      state.windows.back().carry = *next++;
  }
  state.result = *next;
  return state;
}

State BandBody::branch(Value condition, State state,
                       function_ref<State(State)> then,
                       function_ref<State(State)> otherwise) {
  auto op = scf::IfOp::create(b, ValueRange(state.toValues()).getTypes(),
                              condition, /*withElseRegion=*/true);
  for (auto [block, make] : {std::pair(op.thenBlock(), then),
                             std::pair(op.elseBlock(), otherwise)}) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(block);
    scf::YieldOp::create(b, make(state).toValues());
  }
  return makeState(op.getResults());
}

State BandBody::clearSides(State state) {
  SmallVector<int64_t> counts = shape.getNewRows();
  for (auto [i, window] : llvm::enumerate(state.windows))
    window.rows = mobileone::clearSides(
        b, layers[i].result, 0, layers[i + 1].getSharedRows() + counts[i],
        window.rows);
  return state;
}

State BandBody::clearCarries(State state) {
  for (auto [i, window] : llvm::enumerate(state.windows))
    if (int64_t shared = layers[i + 1].getSharedRows())
      window.carry = clearRows(b, layers[i].result, 0, shared, window.carry);
  return state;
}

/// row * scale + offset
static OpFoldResult getRow(ImplicitLocOpBuilder &b, OpFoldResult row,
                           int64_t scale, int64_t offset) {
  AffineExpr d = b.getAffineDimExpr(0);
  return affine::makeComposedFoldedAffineApply(
      b, b.getLoc(), AffineMap::get(1, 0, d * scale + offset), {row});
}

/// What `count` rows of the first layer in place are made of.
static Value getRowsInPlace(ImplicitLocOpBuilder &b, const BandShape &shape,
                            Value image, OpFoldResult row, int64_t count) {
  const BandLayer &layer = shape.layers.front();
  // A window of three rows begins one row above its middle.
  OpFoldResult first =
      getRow(b, row, layer.stride, shape.inPlace->border.top - 1);
  return getRows(b, *shape.inPlace, first, layer.getInputRows(count))
      .extract(b, image);
}

Value BandBody::getImageRows(OpFoldResult row, int64_t above, int64_t count) {
  int64_t scale = 1;
  for (const BandLayer &next : layers)
    scale *= next.stride;
  Layout layout = layers.front().result;
  layout.border = {};
  return getRows(b, layout, getRow(b, row, scale, -above), count)
      .extract(b, image);
}

Value BandBody::makeLayer(const BandLayer &layer, ValueRange inputs,
                          Value source, Value output) {
  switch (layer.kind) {
  case BandLayer::ReadImage:
    return makeReadRows(b, source, inputs.drop_front(2), output);
  case BandLayer::Dense:
    return makeDense(b, layers.front().result.kind, source, inputs[0],
                     inputs[1], output, layer.stride, layer.activation);
  case BandLayer::Depthwise:
    return makeDepthwise(b, source, inputs[0], inputs[1], output, layer.stride,
                         layer.activation);
  case BandLayer::Pointwise:
    return makePointwise(b, source, inputs[0], inputs[1], output,
                         layer.activation);
  }
  llvm_unreachable("unknown layer");
}

Value BandBody::copy(Value from, const Slice &source, Value into,
                     const Slice &target) {
  return target.insert(
      b, makeCopy(b, source.extract(b, from), target.extract(b, into)), into);
}

State BandBody::computeCarries(State state, OpFoldResult row) {
  // From the last window that has a carry back to the image: how many rows.
  SmallVector<int64_t> rows(state.windows.size(), 0);
  size_t count = 0;
  for (size_t i = rows.size(); i-- > 0;) {
    int64_t shared = layers[i + 1].getSharedRows();
    if (shared && !count)
      count = i + 1;
    if (count)
      rows[i] =
          i + 1 == count ? shared : layers[i + 1].getInputRows(rows[i + 1]);
  }
  ValueRange rest = arguments;
  Value source = count ? getImageRows(row, rows[0], rows[0]) : Value();
  for (size_t i = 0; i != count; ++i) {
    const BandLayer &layer = layers[i];
    Window &window = state.windows[i];
    int64_t shared = layers[i + 1].getSharedRows();
    Slice target = getInsideOfRows(b, layer.result, b.getIndexAttr(0), rows[i]);
    Value result = makeLayer(layer, rest.take_front(layer.inputs), source,
                             target.extract(b, window.rows));
    window.rows = target.insert(b, result, window.rows);
    rest = rest.drop_front(layer.inputs);
    window.carry =
        copy(window.rows,
             getRows(b, layer.result, b.getIndexAttr(rows[i] - shared), shared),
             window.carry, getRows(b, layer.result, b.getIndexAttr(0), shared));
    source = getRows(b, layer.result, b.getIndexAttr(0), rows[i])
                 .extract(b, window.rows);
  }
  return state;
}

State BandBody::compute(State state, OpFoldResult row, ArrayRef<int64_t> rows) {
  auto at = [&](int64_t index) { return OpFoldResult(b.getIndexAttr(index)); };
  ValueRange rest = arguments;
  Value source = shape.inPlace
                     ? getRowsInPlace(b, shape, state.result, row, rows.front())
                     : getImageRows(row, /*above=*/0, rows.front());
  for (auto [i, window] : llvm::enumerate(state.windows)) {
    const BandLayer &layer = layers[i], &next = layers[i + 1];
    const Layout &layout = layer.result;
    int64_t shared = next.getSharedRows();
    Slice carry = getRows(b, layout, at(0), shared);
    if (shared)
      window.rows = copy(window.carry, carry, window.rows, carry);

    Slice target = getInsideOfRows(b, layout, at(shared), rows[i]);
    Value result = makeLayer(layer, rest.take_front(layer.inputs), source,
                             target.extract(b, window.rows));
    window.rows = target.insert(b, result, window.rows);
    rest = rest.drop_front(layer.inputs);

    // Below the last row of the whole image.
    int64_t filled = shared + rows[i], wanted = next.getInputRows(rows[i + 1]);
    window.rows = clearRows(b, layout, filled, wanted - filled, window.rows);
    if (shared)
      window.carry = copy(window.rows, getRows(b, layout, at(rows[i]), shared),
                          window.carry, carry);
    source = getRows(b, layout, at(0), wanted).extract(b, window.rows);
  }
  return computeLast(state, source, row, rows.back());
}

State BandBody::computeLast(State state, Value source, OpFoldResult row,
                            int64_t count) {
  const BandLayer &last = layers.back();
  size_t first = 0;
  for (const BandLayer &layer : layers.drop_back())
    first += layer.inputs;
  Slice target = getInsideOfRows(
      b, last.result, getRow(b, row, 1, last.result.border.top), count);
  Value result = makeLayer(last, arguments.slice(first, last.inputs), source,
                           target.extract(b, state.result));
  state.result = target.insert(b, result, state.result);
  return state;
}

Value BandBody::build(Value result, Value begin, Value end) {
  auto index = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(b, value);
  };
  auto compare = [&](arith::CmpIPredicate predicate, Value a, int64_t c) {
    return arith::CmpIOp::create(b, predicate, a, index(c)).getResult();
  };
  auto toRow = [&](Value unit) { return getRow(b, unit, shape.rows, 0); };
  auto keep = [](State state) { return state; };
  Value isFirst = compare(arith::CmpIPredicate::eq, begin, 0);
  Value isLast = compare(arith::CmpIPredicate::uge, end, shape.getBands());

  const Layout &layout = layers.back().result;
  if (!shape.inPlace)
    image = readImage(b, arguments[0], arguments[1]);
  size_t scratch = shape.getScratchTypes(b.getContext()).size();
  SmallVector<Value> buffers(arguments.take_back(scratch));
  buffers.push_back(result);
  State state = clearSides(makeState(buffers));
  if (!shape.inPlace)
    state = branch(
        isFirst, state,
        [&](State first) {
          first.result = clearBorder(b, layout, first.result);
          return clearCarries(first);
        },
        [&](State other) { return computeCarries(other, toRow(begin)); });

  // All full bands, but for the one that is computed from its tail.
  int64_t count = shape.getFullBands();
  Value upper = arith::MinUIOp::create(b, end, index(count));
  Value lastUnit = shape.inPlace
                       ? arith::SubIOp::create(b, end, index(1)).getResult()
                       : Value();
  if (shape.inPlace)
    upper = arith::SelectOp::create(b, isLast, upper, lastUnit);
  auto loop = scf::ForOp::create(b, begin, upper, index(1), state.toValues());
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    State next = compute(makeState(loop.getRegionIterArgs()),
                         toRow(loop.getInductionVar()), shape.getNewRows());
    scf::YieldOp::create(b, next.toValues());
  }
  state = makeState(loop.getResults());

  auto computeRest = [&](State last) {
    SmallVector<int64_t> rest;
    for (auto [layer, rows] : llvm::zip_equal(layers, shape.getNewRows()))
      rest.push_back(layer.result.height - count * rows);
    if (rest.back())
      last = compute(last, b.getIndexAttr(count * shape.rows), rest);
    // In place, the last row of the input lies below the result.
    if (shape.inPlace)
      last.result = clearRows(b, layout, layout.border.top + layout.height, 1,
                              last.result);
    return last;
  };
  auto finish = [&](State other) {
    Value tail = arguments.drop_back(scratch).back();
    return computeLast(other, tail, toRow(lastUnit), shape.rows);
  };
  if (shape.inPlace)
    return branch(isLast, state, computeRest, finish).result;
  if (shape.getBands() != count)
    state = branch(isLast, state, computeRest, keep);
  return state.result;
}

/// Notes that `kernel`'s argument is a buffer of `type` for each worker, or for
/// each share of the units.
static void setBytes(func::FuncOp kernel, unsigned argument, StringRef attr,
                     RankedTensorType type) {
  int64_t bytes = type.getNumElements() * static_cast<int64_t>(sizeof(float));
  kernel.setArgAttr(
      argument, attr,
      IntegerAttr::get(IndexType::get(kernel.getContext()), bytes));
}

func::FuncOp KernelLibrary::getBands(TypeRange inputs, const BandShape &shape) {
  MLIRContext *context = module.getContext();
  SmallVector<RankedTensorType> scratch = shape.getScratchTypes(context);
  SmallVector<Type> all(inputs);
  all.append(scratch.begin(), scratch.end());
  func::FuncOp kernel = getOrCreate(
      shape.getName(), all, shape.layers.back().result.getType(context),
      [&](ImplicitLocOpBuilder &b, ValueRange arguments, Value result) {
        ValueRange range = b.getBlock()->getArguments().take_back(2);
        return BandBody(b, shape, arguments).build(result, range[0], range[1]);
      },
      scratch.size(), shape.getBands());
  kernel->setAttr(kBandRowsAttr,
                  IntegerAttr::get(IndexType::get(context), shape.rows));
  for (auto [i, type] : llvm::enumerate(scratch))
    setBytes(kernel, inputs.size() + i, kWorkerBytesAttr, type);
  if (shape.inPlace)
    setBytes(kernel, inputs.size() - 1, kShareBytesAttr, scratch.front());
  return kernel;
}

func::FuncOp KernelLibrary::getTail(TypeRange inputs, const BandShape &shape) {
  RankedTensorType tail = shape.getScratchTypes(module.getContext()).front();
  const BandLayer &layer = shape.layers.front();
  func::FuncOp kernel = getOrCreate(
      "tail_" + shape.getName(), inputs, tail,
      [&](ImplicitLocOpBuilder &b, ValueRange arguments, Value result) {
        Value end = b.getBlock()->getArguments().back();
        Value hasTail = arith::CmpIOp::create(
            b, arith::CmpIPredicate::ult, end,
            arith::ConstantIndexOp::create(b, shape.getBands()));
        auto branch = scf::IfOp::create(b, tail, hasTail,
                                        /*withElseRegion=*/true);
        OpBuilder::InsertionGuard guard(b);
        b.setInsertionPointToStart(branch.thenBlock());
        OpFoldResult row = getRow(b, end, shape.rows, -shape.rows);
        scf::YieldOp::create(
            b,
            makeDepthwise(
                b, getRowsInPlace(b, shape, arguments.back(), row, shape.rows),
                arguments[0], arguments[1], result, layer.stride,
                layer.activation));
        b.setInsertionPointToStart(branch.elseBlock());
        scf::YieldOp::create(b, result);
        return branch.getResult(0);
      },
      /*scratch=*/0, shape.getBands());
  setBytes(kernel, inputs.size(), kShareBytesAttr, tail);
  return kernel;
}
