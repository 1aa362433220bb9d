// Several layers as one kernel, in bands of rows.
#include "compiler/Conversion/MobileOneToLinalg/Kernels.h"

#include "compiler/Codegen/Schedule.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include <fmt/format.h>

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

  Value build(Value result);

private:
  State makeState(ValueRange values) const;
  State clear(State state);
  /// Computes `rows[i]` new rows of each layer `i`, those of the last one from
  /// `row` on.
  State compute(State state, OpFoldResult row, ArrayRef<int64_t> rows);
  /// What `count` rows of the first layer are made of.
  Value getSource(const State &state, OpFoldResult row, int64_t count);
  Value makeLayer(const BandLayer &layer, ValueRange inputs, Value source,
                  Value output);
  /// row * scale + offset
  OpFoldResult getRow(OpFoldResult row, int64_t scale, int64_t offset);

  ImplicitLocOpBuilder &b;
  const BandShape &shape;
  ArrayRef<BandLayer> layers;
  ValueRange arguments;
};

} // namespace

std::string BandShape::getName() const {
  const BandLayer &first = layers.front();
  std::string name =
      inPlace ? fmt::format("pair_{}", inPlace->getName())
              : fmt::format(
                    "stem_{}_{}",
                    getImageForm(first.inputs == 3, first.result.kind).str(),
                    first.result.getName());
  for (const BandLayer &layer : layers)
    if (layer.kind != BandLayer::ReadImage) {
      const Layout &result = layer.result;
      name += fmt::format("_to_{}{}",
                          &layer == &layers.back()
                              ? result.getName()
                              : std::to_string(result.channels),
                          getSuffix(layer.activation).str());
    }
  return name;
}

SmallVector<int64_t> BandShape::getNewRows() const {
  SmallVector<int64_t> counts(layers.size(), rows);
  for (size_t i = layers.size() - 1; i; --i)
    counts[i - 1] = counts[i] * layers[i].stride;
  return counts;
}

SmallVector<RankedTensorType>
BandShape::getScratchTypes(MLIRContext *context) const {
  SmallVector<RankedTensorType> types;
  SmallVector<int64_t> counts = getNewRows();
  for (auto [i, next] : llvm::enumerate(ArrayRef(layers).drop_front())) {
    Layout layout = layers[i].result;
    layout.border.top = layout.border.bottom = 0;
    // A few rows fit into a cache's sets as they are.
    layout.gap = 0;
    layout.height = next.getSharedRows() + counts[i];
    types.push_back(layout.getType(context));
    layout.height = next.getSharedRows();
    if (layout.height)
      types.push_back(layout.getType(context));
  }
  return types;
}

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

/// Zeros above the first rows and at both sides of all rows.
State BandBody::clear(State state) {
  SmallVector<int64_t> counts = shape.getNewRows();
  for (auto [i, window] : llvm::enumerate(state.windows)) {
    const Layout &layout = layers[i].result;
    int64_t shared = layers[i + 1].getSharedRows();
    window.rows = clearSides(b, layout, 0, shared + counts[i], window.rows);
    if (shared)
      window.carry = clearRows(b, layout, 0, shared, window.carry);
  }
  return state;
}

OpFoldResult BandBody::getRow(OpFoldResult row, int64_t scale, int64_t offset) {
  AffineExpr d = b.getAffineDimExpr(0);
  return affine::makeComposedFoldedAffineApply(
      b, b.getLoc(), AffineMap::get(1, 0, d * scale + offset), {row});
}

Value BandBody::getSource(const State &state, OpFoldResult row, int64_t count) {
  const BandLayer &layer = layers.front();
  if (shape.inPlace) {
    // A window of three rows begins one row above its middle.
    OpFoldResult first =
        getRow(row, layer.stride, shape.inPlace->border.top - 1);
    return getRows(b, *shape.inPlace, first, layer.getInputRows(count))
        .extract(b, state.result);
  }
  int64_t scale = 1;
  for (const BandLayer &next : layers)
    scale *= next.stride;
  Layout image = layer.result;
  image.border = {};
  return getRows(b, image, getRow(row, scale, 0), count)
      .extract(b, flattenImage(b, image.kind, arguments[0]));
}

Value BandBody::makeLayer(const BandLayer &layer, ValueRange inputs,
                          Value source, Value output) {
  switch (layer.kind) {
  case BandLayer::ReadImage:
    return makeReadRows(b, source, inputs.size() == 3 ? inputs[1] : Value(),
                        inputs.size() == 3 ? inputs[2] : Value(), output);
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

State BandBody::compute(State state, OpFoldResult row, ArrayRef<int64_t> rows) {
  auto at = [&](int64_t index) { return OpFoldResult(b.getIndexAttr(index)); };
  auto copy = [&](Value from, const Slice &source, Value into,
                  const Slice &target) {
    return target.insert(
        b, makeCopy(b, source.extract(b, from), target.extract(b, into)), into);
  };
  ValueRange rest = arguments;
  Value source = getSource(state, row, rows.front());
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
  const BandLayer &last = layers.back();
  Slice target = getInsideOfRows(
      b, last.result, getRow(row, 1, last.result.border.top), rows.back());
  Value result = makeLayer(last, rest.take_front(last.inputs), source,
                           target.extract(b, state.result));
  state.result = target.insert(b, result, state.result);
  return state;
}

Value BandBody::build(Value result) {
  const Layout &layout = layers.back().result;
  if (!shape.inPlace)
    result = clearBorder(b, layout, result);
  size_t scratch = shape.getScratchTypes(b.getContext()).size();
  SmallVector<Value> buffers(arguments.take_back(scratch));
  buffers.push_back(result);
  State state = clear(makeState(buffers));

  SmallVector<int64_t> full = shape.getNewRows();
  int64_t count = std::numeric_limits<int64_t>::max();
  for (auto [layer, rows] : llvm::zip_equal(layers, full))
    count = std::min(count, layer.result.height / rows);
  int64_t end = count * full.back();
  if (count) {
    auto loop = scf::ForOp::create(
        b, arith::ConstantIndexOp::create(b, 0),
        arith::ConstantIndexOp::create(b, end),
        arith::ConstantIndexOp::create(b, full.back()), state.toValues());
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    State next = compute(makeState(loop.getRegionIterArgs()),
                         loop.getInductionVar(), full);
    scf::YieldOp::create(b, next.toValues());
    state = makeState(loop.getResults());
  }
  SmallVector<int64_t> last;
  for (auto [layer, rows] : llvm::zip_equal(layers, full))
    last.push_back(layer.result.height - count * rows);
  if (last.back())
    state = compute(state, b.getIndexAttr(end), last);
  // In place, the last row of the input lies below the result.
  if (shape.inPlace)
    state.result = clearRows(b, layout, layout.border.top + layout.height, 1,
                             state.result);
  return state.result;
}

func::FuncOp KernelLibrary::getBands(TypeRange inputs, const BandShape &shape) {
  MLIRContext *context = module.getContext();
  SmallVector<RankedTensorType> scratch = shape.getScratchTypes(context);
  SmallVector<Type> all(inputs);
  all.append(scratch.begin(), scratch.end());
  func::FuncOp kernel = getOrCreate(
      shape.getName(), all, shape.layers.back().result.getType(context),
      [&](ImplicitLocOpBuilder &b, ValueRange arguments, Value result) {
        return BandBody(b, shape, arguments).build(result);
      },
      scratch.size());
  kernel->setAttr(kBandRowsAttr,
                  IntegerAttr::get(IndexType::get(context), shape.rows));
  return kernel;
}
