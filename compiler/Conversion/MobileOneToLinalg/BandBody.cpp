// Rows of bands, layer by layer.
#include "compiler/Conversion/MobileOneToLinalg/BandBody.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mobileone;

/// The scratch buffers, then the result.
BandState BandBody::makeState(ValueRange values) const {
  BandState state;
  auto next = values.begin();
  for (const LayerSpec &reader : layers.drop_front()) {
    state.windows.push_back({*next++, {}});
    if (reader.getSharedRows())
      state.windows.back().carry = *next++;
  }
  state.result = *next;
  return state;
}

BandState BandBody::branch(Value condition, BandState state,
                           function_ref<BandState(BandState)> then,
                           function_ref<BandState(BandState)> otherwise) {
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

BandState BandBody::clearSides(BandState state) {
  SmallVector<int64_t> counts = spec.getNewRows();
  for (auto [i, window] : llvm::enumerate(state.windows))
    window.rows = mobileone::clearSides(
        b, layers[i].result, 0, layers[i + 1].getSharedRows() + counts[i],
        window.rows);
  return state;
}

BandState BandBody::clearCarries(BandState state) {
  for (auto [i, window] : llvm::enumerate(state.windows))
    if (int64_t shared = layers[i + 1].getSharedRows())
      window.carry = clearRows(b, layers[i].result, 0, shared, window.carry);
  return state;
}

OpFoldResult mobileone::getRow(ImplicitLocOpBuilder &b, OpFoldResult row,
                               int64_t scale, int64_t offset) {
  AffineExpr d = b.getAffineDimExpr(0);
  return affine::makeComposedFoldedAffineApply(
      b, b.getLoc(), AffineMap::get(1, 0, d * scale + offset), {row});
}

Value mobileone::getRowsInPlace(ImplicitLocOpBuilder &b, const KernelSpec &spec,
                                Value image, OpFoldResult row, int64_t count) {
  const LayerSpec &layer = spec.layers.front();
  // A window of three rows begins one row above its middle.
  OpFoldResult first = getRow(b, row, layer.stride, spec.input.border.top - 1);
  return getRows(b, spec.input, first, layer.getInputRows(count))
      .extract(b, image);
}

Value BandBody::getImageRows(OpFoldResult row, int64_t above, int64_t count) {
  int64_t scale = 1;
  for (const LayerSpec &next : layers)
    scale *= next.stride;
  Layout layout = layers.front().result;
  layout.border = {};
  return getRows(b, layout, getRow(b, row, scale, -above), count)
      .extract(b, image);
}

Value BandBody::makeLayer(size_t index, Value source, Value output) {
  const LayerSpec &layer = layers[index];
  ValueRange inputs = own[index];
  switch (layer.kind) {
  case LayerSpec::ReadImage:
    return makeReadRows(b, source, inputs.drop_front(2), output);
  case LayerSpec::Dense:
    return makeDense(b, layers[index - 1].result, source, inputs, output,
                     layer);
  case LayerSpec::Depthwise:
    return makeDepthwise(b, source, inputs, output, layer);
  case LayerSpec::Pointwise:
    return makePointwise(b, source, inputs, output, layer);
  default:
    llvm_unreachable("no layer of bands");
  }
}

Value BandBody::copy(Value from, const Slice &source, Value into,
                     const Slice &target) {
  return target.insert(
      b, makeCopy(b, source.extract(b, from), target.extract(b, into)), into);
}

BandState BandBody::computeCarries(BandState state, OpFoldResult row) {
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
  Value source = count ? getImageRows(row, rows[0], rows[0]) : Value();
  for (size_t i = 0; i != count; ++i) {
    const LayerSpec &layer = layers[i];
    BandWindow &window = state.windows[i];
    int64_t shared = layers[i + 1].getSharedRows();
    Slice target = getInsideOfRows(b, layer.result, b.getIndexAttr(0), rows[i]);
    Value result = makeLayer(i, source, target.extract(b, window.rows));
    window.rows = target.insert(b, result, window.rows);
    window.carry =
        copy(window.rows,
             getRows(b, layer.result, b.getIndexAttr(rows[i] - shared), shared),
             window.carry, getRows(b, layer.result, b.getIndexAttr(0), shared));
    source = getRows(b, layer.result, b.getIndexAttr(0), rows[i])
                 .extract(b, window.rows);
  }
  return state;
}

BandState BandBody::compute(BandState state, OpFoldResult row,
                            ArrayRef<int64_t> rows) {
  auto at = [&](int64_t index) { return OpFoldResult(b.getIndexAttr(index)); };
  Value source = spec.isInPlace()
                     ? getRowsInPlace(b, spec, state.result, row, rows.front())
                     : getImageRows(row, /*above=*/0, rows.front());
  for (auto [i, window] : llvm::enumerate(state.windows)) {
    const LayerSpec &layer = layers[i], &next = layers[i + 1];
    const Layout &layout = layer.result;
    int64_t shared = next.getSharedRows();
    Slice carry = getRows(b, layout, at(0), shared);
    if (shared)
      window.rows = copy(window.carry, carry, window.rows, carry);

    Slice target = getInsideOfRows(b, layout, at(shared), rows[i]);
    Value result = makeLayer(i, source, target.extract(b, window.rows));
    window.rows = target.insert(b, result, window.rows);

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

BandState BandBody::computeLast(BandState state, Value source, OpFoldResult row,
                                int64_t count) {
  const LayerSpec &last = layers.back();
  Slice target = getInsideOfRows(
      b, last.result, getRow(b, row, 1, last.result.border.top), count);
  Value result =
      makeLayer(layers.size() - 1, source, target.extract(b, state.result));
  state.result = target.insert(b, result, state.result);
  return state;
}
