// Linalg ops that kernels are made of.
#include "compiler/Conversion/MobileOneToLinalg/KernelPieces.h"

#include "compiler/Conversion/MobileOneToLinalg/Slices.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
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

Value mobileone::makeConstant(ImplicitLocOpBuilder &b, double value) {
  return arith::ConstantOp::create(b, b.getFloatAttr(b.getF32Type(), value));
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

Value mobileone::makeDense(ImplicitLocOpBuilder &b, const Layout &from,
                           Value image, ValueRange own, Value output,
                           const LayerSpec &layer) {
  MLIRContext *context = b.getContext();
  Value filter = own[0];
  bool isPlanar = from.kind == Layout::Planar;
  int64_t channels = cast<RankedTensorType>(filter.getType()).getDimSize(3);
  if (!isPlanar) {
    ArrayRef<int64_t> shape =
        cast<RankedTensorType>(image.getType()).getShape();
    int64_t width = shape[1] / from.channels;
    image = tensor::ExpandShapeOp::create(
        b,
        RankedTensorType::get({shape[0], width, from.channels}, b.getF32Type()),
        image, ArrayRef<ReassociationIndices>{{0}, {1, 2}});
    // Without alpha.
    image = Slice(b, {0, 0, 0}, {shape[0], width, channels}).extract(b, image);
  }
  AffineExpr h, w, p, n, kh, kw, c;
  bindDims(context, h, w, p, n, kh, kw, c);
  AffineExpr y = h * layer.stride + kh * layer.dilation,
             x = w * layer.stride + kw * layer.dilation;
  // The sums have one order of channels, and so the same bits, for all orders
  // of the caller's.
  AffineExpr element = c;
  if (from.isReversed)
    element = channels - 1 - c;
  SmallVector<AffineMap> maps{
      isPlanar ? AffineMap::get(7, 0, {c, y, x}, context)
               : AffineMap::get(7, 0, {y, x, element}, context),
      AffineMap::get(7, 0, {p, kh, kw, c, n}, context),
      AffineMap::get(7, 0, {h, w, p, n}, context)};
  Value sums = startSums(b, own[1], output);
  sums = makeGeneric(b, {image, filter}, sums, maps, 4, 3, addProduct);
  return finishSums(b, sums, own, output, layer);
}

Value mobileone::makeDepthwise(ImplicitLocOpBuilder &b, Value input,
                               ValueRange own, Value output,
                               const LayerSpec &layer) {
  MLIRContext *context = b.getContext();
  AffineExpr h, w, p, n, kh, kw;
  bindDims(context, h, w, p, n, kh, kw);
  SmallVector<AffineMap> maps{
      AffineMap::get(6, 0,
                     {h * layer.stride + kh * layer.dilation,
                      w * layer.stride + kw * layer.dilation, p, n},
                     context),
      AffineMap::get(6, 0, {kh, kw, p, n}, context),
      AffineMap::get(6, 0, {h, w, p, n}, context)};
  Value sums = startSums(b, own[1], output);
  sums = makeGeneric(b, {input, own[0]}, sums, maps, 4, 2, addProduct);
  return finishSums(b, sums, own, output, layer);
}

Value mobileone::makePointwise(ImplicitLocOpBuilder &b, Value input,
                               ValueRange own, Value output,
                               const LayerSpec &layer) {
  MLIRContext *context = b.getContext();
  Value filter = own[0];
  auto weights = cast<RankedTensorType>(filter.getType());
  bool inGroups = weights.getRank() == 4;
  Value pixels = collapse(b, input, {{0}, {1}, {2, 3}});
  if (inGroups) {
    auto type = cast<RankedTensorType>(pixels.getType());
    pixels = tensor::ExpandShapeOp::create(
        b,
        RankedTensorType::get({type.getDimSize(0), type.getDimSize(1),
                               weights.getDimSize(1), weights.getDimSize(3)},
                              type.getElementType()),
        pixels, ArrayRef<ReassociationIndices>{{0}, {1}, {2, 3}});
  }
  AffineExpr h, w, p, n, k, g;
  bindDims(context, h, w, p, n, k, g);
  unsigned depth = inGroups ? 2 : 1, dims = 4 + depth;
  SmallVector<AffineExpr> source{h, w, k}, matrix{p, k, n};
  if (inGroups) {
    source.push_back(g);
    matrix.push_back(g);
  }
  SmallVector<AffineMap> maps{AffineMap::get(dims, 0, source, context),
                              AffineMap::get(dims, 0, matrix, context),
                              AffineMap::get(dims, 0, {h, w, p, n}, context)};
  Value sums = startSums(b, own[1], output);
  sums = makeGeneric(b, {pixels, filter}, sums, maps, 4, depth, addProduct);
  return finishSums(b, sums, own, output, layer);
}

Value mobileone::makeScale(ImplicitLocOpBuilder &b, Value pixels,
                           ValueRange own, Value output,
                           const LayerSpec &layer) {
  AffineMap identity = b.getMultiDimIdentityMap(4);
  Value factors = collapse(b, own[0], {{0, 1, 2}, {3}});
  Value scaled =
      layer.hasFactor ? makeUnstored(b, output, b.getF32Type()) : output;
  scaled = makeGeneric(b, {pixels, factors}, scaled,
                       {identity, identity.getMinorSubMap(2), identity}, 4, 0,
                       [&](ImplicitLocOpBuilder &nb, ValueRange s) {
                         Value product = arith::MulFOp::create(nb, s[0], s[1]);
                         return activate(nb, product, layer.activation);
                       });
  return layer.hasFactor ? multiplyByFactor(b, scaled, own[1], output) : scaled;
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
