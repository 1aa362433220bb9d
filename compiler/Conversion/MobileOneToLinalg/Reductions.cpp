// Linalg ops over all pixels or all classes.
#include "compiler/Conversion/MobileOneToLinalg/KernelPieces.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <limits>

using namespace mlir;
using namespace mobileone;

/// The sum over all pixels [H][W][P][16], from `zero` on, into `output`
/// [1][1][P][16], whose first dimensions `end` leaves away: [P][16].
static Value reducePixels(ImplicitLocOpBuilder &b, Value pixels, Value output,
                          Value zero, ScalarBody add,
                          function_ref<Value(Value)> end) {
  MLIRContext *context = b.getContext();
  AffineExpr p, n, h, w;
  bindDims(context, p, n, h, w);
  Value sums = collapse(b, output, {{0, 1, 2}, {3}});
  sums = linalg::FillOp::create(b, zero, sums).getResult(0);
  sums = makeGeneric(b, pixels, sums,
                     {AffineMap::get(4, 0, {h, w, p, n}, context),
                      AffineMap::get(4, 0, {p, n}, context)},
                     2, 2, add);
  return tensor::ExpandShapeOp::create(
      b, output.getType(), end(sums),
      ArrayRef<ReassociationIndices>{{0, 1, 2}, {3}});
}

Value mobileone::makeAverage(ImplicitLocOpBuilder &b, Value pixels,
                             Value output) {
  ArrayRef<int64_t> shape = cast<RankedTensorType>(pixels.getType()).getShape();
  auto count = static_cast<double>(shape[0] * shape[1]);
  return reducePixels(
      b, pixels, output, makeConstant(b, 0),
      [](ImplicitLocOpBuilder &nb, ValueRange s) -> Value {
        return arith::AddFOp::create(nb, s[1], s[0]);
      },
      [&](Value sums) {
        return makeGeneric(b, {}, sums, {b.getMultiDimIdentityMap(2)}, 2, 0,
                           [&](ImplicitLocOpBuilder &nb, ValueRange s) {
                             return arith::MulFOp::create(
                                 nb, s[0], makeConstant(nb, 1 / count));
                           });
      });
}

Value mobileone::sumPixels(ImplicitLocOpBuilder &b, Value pixels,
                           Value output) {
  Value zero = arith::ConstantIntOp::create(b, 0, /*width=*/32);
  return reducePixels(
      b, pixels, output, zero,
      [](ImplicitLocOpBuilder &nb, ValueRange s) -> Value {
        Value number = arith::ExtUIOp::create(nb, nb.getI32Type(), s[0]);
        return arith::AddIOp::create(nb, s[1], number);
      },
      [](Value sums) { return sums; });
}

Value mobileone::makeSoftmax(ImplicitLocOpBuilder &b, Value logits,
                             Value output, int64_t classes) {
  MLIRContext *context = b.getContext();
  auto type = cast<RankedTensorType>(logits.getType());
  // The reductions run over the real classes, each in all 16 lanes alike, so
  // that no sum across the lanes of a vector is needed.
  auto getClasses = [&](Value panels) {
    Value flat = collapse(b, panels, {{0, 1, 2, 3}});
    return Slice(b, {0}, {classes}).extract(b, flat);
  };
  auto lanes = RankedTensorType::get({kPanel}, type.getElementType());
  AffineExpr n, k;
  bindDims(context, n, k);
  SmallVector<AffineMap> reduce{AffineMap::get(2, 0, {k}, context),
                                AffineMap::get(2, 0, {n}, context)};
  AffineMap identity = b.getMultiDimIdentityMap(4);
  SmallVector<AffineMap> spread{identity, identity.getMinorSubMap(1), identity};
  auto start = [&](double value) {
    Value empty = tensor::EmptyOp::create(b, lanes, ValueRange{});
    return linalg::FillOp::create(b, makeConstant(b, value), empty)
        .getResult(0);
  };

  Value largest = makeGeneric(
      b, getClasses(logits), start(-std::numeric_limits<double>::infinity()),
      reduce, 1, 1, [](ImplicitLocOpBuilder &nb, ValueRange s) {
        return arith::MaximumFOp::create(nb, s[1], s[0]);
      });
  Value powers = makeGeneric(b, {logits, largest}, output, spread, 4, 0,
                             [](ImplicitLocOpBuilder &nb, ValueRange s) {
                               return math::ExpOp::create(
                                   nb, arith::SubFOp::create(nb, s[0], s[1]));
                             });
  Value total = makeGeneric(b, getClasses(powers), start(0), reduce, 1, 1,
                            [](ImplicitLocOpBuilder &nb, ValueRange s) {
                              return arith::AddFOp::create(nb, s[1], s[0]);
                            });
  return makeGeneric(b, total, powers, {spread[1], identity}, 4, 0,
                     [](ImplicitLocOpBuilder &nb, ValueRange s) {
                       return arith::DivFOp::create(nb, s[1], s[0]);
                     });
}
