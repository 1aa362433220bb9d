// Boxes of tensors: rows, sides and the interior of a layout.
#include "compiler/Conversion/MobileOneToLinalg/Slices.h"

#include "compiler/Conversion/MobileOneToLinalg/KernelPieces.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mobileone;

bool Slice::isAllOf(Value tensor) const {
  return cast<RankedTensorType>(tensor.getType()).getShape() == ArrayRef(sizes);
}

Value Slice::extract(ImplicitLocOpBuilder &b, Value from) const {
  if (isAllOf(from))
    return from;
  SmallVector<OpFoldResult> ones(sizes.size(), b.getIndexAttr(1));
  return tensor::ExtractSliceOp::create(
      b, from, offsets, getAsIndexOpFoldResult(b.getContext(), sizes), ones);
}

Value Slice::insert(ImplicitLocOpBuilder &b, Value part, Value into) const {
  if (isAllOf(into))
    return part;
  SmallVector<OpFoldResult> ones(sizes.size(), b.getIndexAttr(1));
  return tensor::InsertSliceOp::create(
      b, part, into, offsets, getAsIndexOpFoldResult(b.getContext(), sizes),
      ones);
}

Value mobileone::fillWithZeros(ImplicitLocOpBuilder &b, const Slice &slice,
                               Value into) {
  if (ShapedType::getNumElements(slice.sizes) == 0)
    return into;
  Value part = slice.extract(b, into);
  Value zero =
      arith::ConstantOp::create(b, b.getZeroAttr(getElementTypeOrSelf(part)));
  part = linalg::FillOp::create(b, zero, part).getResult(0);
  return slice.insert(b, part, into);
}

/// `length` elements of each row from `column` on: pixels of panels, floats of
/// images.
static Slice getPartOfRows(Builder &b, const Layout &layout, OpFoldResult first,
                           int64_t count, int64_t column, int64_t length) {
  SmallVector<int64_t> offsets{0, column}, sizes{count, length};
  size_t rows = 0;
  if (layout.kind == Layout::Panels) {
    offsets.append({0, 0});
    sizes.append({getPanelCount(layout.channels), kPanel});
  } else if (layout.kind == Layout::Planar) {
    offsets.insert(offsets.begin(), 0);
    sizes.insert(sizes.begin(), layout.channels);
    rows = 1;
  }
  Slice slice(b, offsets, sizes);
  slice.offsets[rows] = first;
  return slice;
}

Slice mobileone::getRows(Builder &b, const Layout &layout, OpFoldResult first,
                         int64_t count) {
  return getPartOfRows(b, layout, first, count, 0, layout.getPitch());
}

Slice mobileone::getInsideOfRows(Builder &b, const Layout &layout,
                                 OpFoldResult first, int64_t count) {
  int64_t size = layout.getPixelSize();
  return getPartOfRows(b, layout, first, count, layout.border.left * size,
                       layout.width * size);
}

Slice mobileone::getInterior(Builder &b, const Layout &layout) {
  return getInsideOfRows(b, layout, b.getIndexAttr(layout.border.top),
                         layout.height);
}

Value mobileone::extractInterior(ImplicitLocOpBuilder &b, const Layout &layout,
                                 Value value) {
  return getInterior(b, layout).extract(b, value);
}

Value mobileone::extractPixels(ImplicitLocOpBuilder &b, const Layout &layout,
                               Value value) {
  return getRows(b, layout, b.getIndexAttr(0), layout.getPaddedHeight())
      .extract(b, value);
}

Value mobileone::clearRows(ImplicitLocOpBuilder &b, const Layout &layout,
                           int64_t first, int64_t count, Value into) {
  return fillWithZeros(b, getRows(b, layout, b.getIndexAttr(first), count),
                       into);
}

Value mobileone::clearSides(ImplicitLocOpBuilder &b, const Layout &layout,
                            int64_t first, int64_t count, Value into) {
  int64_t pitch = layout.getPitch(), size = layout.getPixelSize();
  // Of an image, a few pixels are less than a vector.
  int64_t least = layout.kind == Layout::Panels ? 0 : std::min(kPanel, pitch);
  auto clear = [&](bool isLeft, int64_t pixels) {
    if (!pixels)
      return;
    int64_t length = std::max(pixels * size, least);
    Slice side = getPartOfRows(b, layout, b.getIndexAttr(first), count,
                               isLeft ? 0 : pitch - length, length);
    into = fillWithZeros(b, side, into);
  };
  clear(/*isLeft=*/true, layout.border.left);
  clear(/*isLeft=*/false, layout.border.right);
  return into;
}

Value mobileone::clearBorder(ImplicitLocOpBuilder &b, const Layout &layout,
                             Value into) {
  const Border &border = layout.border;
  into = clearRows(b, layout, 0, border.top, into);
  into = clearRows(b, layout, border.top + layout.height, border.bottom, into);
  return clearSides(b, layout, border.top, layout.height, into);
}

Value mobileone::writeInside(ImplicitLocOpBuilder &b, const Layout &layout,
                             Value result, function_ref<Value(Value)> write) {
  result = clearBorder(b, layout, result);
  Slice interior = getInterior(b, layout);
  return interior.insert(b, write(interior.extract(b, result)), result);
}
