// Linalg ops and boxes of tensors that kernels are made of.
#include "compiler/Conversion/MobileOneToLinalg/KernelPieces.h"

#include "compiler/Conversion/MobileOneToLinalg/PackWeights.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mobileone;

Value mobileone::makeGeneric(ImplicitLocOpBuilder &b, ValueRange inputs,
                             Value output, ArrayRef<AffineMap> maps,
                             unsigned parallel, unsigned reduction,
                             ScalarBody body) {
  SmallVector<utils::IteratorType> iterators(parallel,
                                             utils::IteratorType::parallel);
  iterators.append(reduction, utils::IteratorType::reduction);
  auto op = linalg::GenericOp::create(
      b, output.getType(), inputs, output, maps, iterators,
      [&](OpBuilder &nested, Location loc, ValueRange scalars) {
        ImplicitLocOpBuilder nb(loc, nested);
        linalg::YieldOp::create(nb, body(nb, scalars));
      });
  return op.getResult(0);
}

Value mobileone::makeCopy(ImplicitLocOpBuilder &b, Value source, Value output) {
  unsigned rank = cast<RankedTensorType>(source.getType()).getRank();
  AffineMap identity = b.getMultiDimIdentityMap(rank);
  return makeGeneric(
      b, source, output, {identity, identity}, rank, 0,
      [](ImplicitLocOpBuilder &, ValueRange scalars) { return scalars[0]; });
}

Value mobileone::multiplyAdd(ImplicitLocOpBuilder &b, ValueRange scalars) {
  auto contract = arith::FastMathFlags::contract;
  Value product = arith::MulFOp::create(b, scalars[0], scalars[1], contract);
  return arith::AddFOp::create(b, scalars[2], product, contract);
}

Value mobileone::makeConstant(ImplicitLocOpBuilder &b, double value) {
  return arith::ConstantOp::create(b, b.getFloatAttr(b.getF32Type(), value));
}

Value mobileone::activate(ImplicitLocOpBuilder &b, Value x,
                          Activation activation) {
  switch (activation) {
  case Activation::None:
    return x;
  case Activation::Relu: {
    // select(0 > x, 0, x): keeps NaN as PyTorch does, one instruction on x86.
    Value zero = makeConstant(b, 0);
    Value negative =
        arith::CmpFOp::create(b, arith::CmpFPredicate::OGT, zero, x);
    return arith::SelectOp::create(b, negative, zero, x);
  }
  case Activation::Sigmoid: {
    Value one = makeConstant(b, 1);
    Value power = math::ExpOp::create(b, arith::NegFOp::create(b, x));
    return arith::DivFOp::create(b, one, arith::AddFOp::create(b, one, power));
  }
  }
  llvm_unreachable("unknown activation");
}

Value mobileone::applyActivation(ImplicitLocOpBuilder &b, Value sums,
                                 Activation activation) {
  if (activation == Activation::None)
    return sums;
  unsigned rank = cast<RankedTensorType>(sums.getType()).getRank();
  AffineMap identity = b.getMultiDimIdentityMap(rank);
  return makeGeneric(b, {}, sums, {identity}, rank, 0,
                     [&](ImplicitLocOpBuilder &nb, ValueRange scalars) {
                       return activate(nb, scalars[0], activation);
                     });
}

Value mobileone::broadcastBias(ImplicitLocOpBuilder &b, Value bias,
                               Value output) {
  AffineExpr p = b.getAffineDimExpr(2), n = b.getAffineDimExpr(3);
  return makeGeneric(b, bias, output,
                     {AffineMap::get(4, 0, {p, n}, b.getContext()),
                      b.getMultiDimIdentityMap(4)},
                     4, 0, [](ImplicitLocOpBuilder &, ValueRange scalars) {
                       return scalars[0];
                     });
}

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
  part = linalg::FillOp::create(b, makeConstant(b, 0), part).getResult(0);
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
  // A pixel of an image is less than a vector.
  bool isImage = layout.kind != Layout::Panels;
  int64_t pitch = layout.getPitch(), vector = std::min(kPanel, pitch);
  auto clear = [&](int64_t column, int64_t length) {
    Slice side =
        getPartOfRows(b, layout, b.getIndexAttr(first), count, column, length);
    into = fillWithZeros(b, side, into);
  };
  if (int64_t left = layout.border.left)
    clear(0, isImage ? vector : left);
  if (int64_t right = layout.border.right)
    clear(pitch - (isImage ? vector : right), isImage ? vector : right);
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

Value mobileone::readImage(ImplicitLocOpBuilder &b, Value image, Value stride) {
  auto type = cast<MemRefType>(image.getType());
  ArrayRef<int64_t> shape = type.getShape();
  SmallVector<int64_t> staticStrides(shape.size(), ShapedType::kDynamic);
  SmallVector<OpFoldResult> strides(shape.size(), stride);
  staticStrides.back() = 1;
  strides.back() = b.getIndexAttr(1);
  if (shape.size() == 3) { // planes
    Value height = arith::ConstantIndexOp::create(b, shape[1]);
    strides.front() = arith::MulIOp::create(b, stride, height).getResult();
  }
  Value rows = memref::ReinterpretCastOp::create(
      b,
      MemRefType::get(
          shape, type.getElementType(),
          StridedLayoutAttr::get(b.getContext(), /*offset=*/0, staticStrides)),
      image, b.getIndexAttr(0), getAsIndexOpFoldResult(b.getContext(), shape),
      strides);
  return bufferization::ToTensorOp::create(
      b, RankedTensorType::get(shape, type.getElementType()), rows,
      /*restrict=*/true);
}

Value mobileone::makeDense(ImplicitLocOpBuilder &b, Layout::Kind kind,
                           Value image, Value filter, Value bias, Value output,
                           int64_t stride, Activation activation) {
  MLIRContext *context = b.getContext();
  bool isPlanar = kind == Layout::Planar;
  if (!isPlanar) {
    ArrayRef<int64_t> shape =
        cast<RankedTensorType>(image.getType()).getShape();
    int64_t channels = cast<RankedTensorType>(filter.getType()).getDimSize(3);
    image = tensor::ExpandShapeOp::create(
        b,
        RankedTensorType::get({shape[0], shape[1] / channels, channels},
                              b.getF32Type()),
        image, ArrayRef<ReassociationIndices>{{0}, {1, 2}});
  }
  AffineExpr h, w, p, n, kh, kw, c;
  bindDims(context, h, w, p, n, kh, kw, c);
  AffineExpr y = h * stride + kh, x = w * stride + kw;
  SmallVector<AffineMap> maps{isPlanar
                                  ? AffineMap::get(7, 0, {c, y, x}, context)
                                  : AffineMap::get(7, 0, {y, x, c}, context),
                              AffineMap::get(7, 0, {p, kh, kw, c, n}, context),
                              AffineMap::get(7, 0, {h, w, p, n}, context)};
  Value sums = broadcastBias(b, bias, output);
  sums = makeGeneric(b, {image, filter}, sums, maps, 4, 3, multiplyAdd);
  return applyActivation(b, sums, activation);
}

Value mobileone::makeDepthwise(ImplicitLocOpBuilder &b, Value input,
                               Value filter, Value bias, Value output,
                               int64_t stride, Activation activation) {
  MLIRContext *context = b.getContext();
  AffineExpr h, w, p, n, kh, kw;
  bindDims(context, h, w, p, n, kh, kw);
  SmallVector<AffineMap> maps{
      AffineMap::get(6, 0, {h * stride + kh, w * stride + kw, p, n}, context),
      AffineMap::get(6, 0, {kh, kw, p, n}, context),
      AffineMap::get(6, 0, {h, w, p, n}, context)};
  Value sums = broadcastBias(b, bias, output);
  sums = makeGeneric(b, {input, filter}, sums, maps, 4, 2, multiplyAdd);
  return applyActivation(b, sums, activation);
}

Value mobileone::makePointwise(ImplicitLocOpBuilder &b, Value input,
                               Value filter, Value bias, Value output,
                               Activation activation) {
  MLIRContext *context = b.getContext();
  AffineExpr h, w, p, n, k;
  bindDims(context, h, w, p, n, k);
  SmallVector<AffineMap> maps{AffineMap::get(5, 0, {h, w, k}, context),
                              AffineMap::get(5, 0, {p, k, n}, context),
                              AffineMap::get(5, 0, {h, w, p, n}, context)};
  Value pixels = collapse(b, input, {{0}, {1}, {2, 3}});
  Value sums = broadcastBias(b, bias, output);
  sums = makeGeneric(b, {pixels, filter}, sums, maps, 4, 1, multiplyAdd);
  return applyActivation(b, sums, activation);
}

Value mobileone::makeReadRows(ImplicitLocOpBuilder &b, Value rows,
                              ValueRange normalization, Value output) {
  if (normalization.empty())
    return makeCopy(b, rows, output);
  unsigned rank = cast<RankedTensorType>(output.getType()).getRank();
  AffineMap identity = b.getMultiDimIdentityMap(rank);
  AffineMap column = identity.getMinorSubMap(1);
  return makeGeneric(b, {rows, normalization[0], normalization[1]}, output,
                     {identity, column, column, identity}, rank, 0,
                     [](ImplicitLocOpBuilder &nb, ValueRange s) {
                       Value real =
                           arith::UIToFPOp::create(nb, nb.getF32Type(), s[0]);
                       return multiplyAdd(nb, {real, s[1], s[2]});
                     });
}

Value mobileone::collapse(ImplicitLocOpBuilder &b, Value value,
                          ArrayRef<ReassociationIndices> groups) {
  return tensor::CollapseShapeOp::create(b, value, groups);
}

RankedTensorType mobileone::getBiasType(Builder &b, int64_t channels) {
  return RankedTensorType::get({getPanelCount(channels), kPanel},
                               b.getF32Type());
}

StringRef mobileone::getSuffix(Activation activation) {
  switch (activation) {
  case Activation::None:
    return "";
  case Activation::Relu:
    return "_relu";
  case Activation::Sigmoid:
    return "_sigmoid";
  }
  llvm_unreachable("unknown activation");
}
