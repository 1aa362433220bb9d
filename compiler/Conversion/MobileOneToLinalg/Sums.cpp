// How sums of products begin, grow and end, in floats and in integers.
#include "compiler/Conversion/MobileOneToLinalg/KernelPieces.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mobileone;

Value mobileone::multiplyAdd(ImplicitLocOpBuilder &b, ValueRange scalars) {
  auto contract = arith::FastMathFlags::contract;
  Value product = arith::MulFOp::create(b, scalars[0], scalars[1], contract);
  return arith::AddFOp::create(b, scalars[2], product, contract);
}

Value mobileone::addProduct(ImplicitLocOpBuilder &b, ValueRange scalars) {
  Value input = scalars[0], weight = scalars[1], sum = scalars[2];
  bool isByte = input.getType().isInteger(8);
  if (sum.getType().isF32()) {
    if (isByte)
      input = arith::UIToFPOp::create(b, b.getF32Type(), input);
    return multiplyAdd(b, {input, weight, sum});
  }
  if (isByte)
    input = arith::ExtUIOp::create(b, b.getI32Type(), input);
  weight = arith::ExtSIOp::create(b, b.getI32Type(), weight);
  Value product = arith::MulIOp::create(b, input, weight);
  return arith::AddIOp::create(b, sum, product);
}

Value mobileone::makeUnstored(ImplicitLocOpBuilder &b, Value output,
                              Type element) {
  ArrayRef<int64_t> shape = cast<RankedTensorType>(output.getType()).getShape();
  return tensor::EmptyOp::create(b, shape, element);
}

Value mobileone::startSums(ImplicitLocOpBuilder &b, Value bias, Value output) {
  if (Type element = getElementTypeOrSelf(bias);
      element != getElementTypeOrSelf(output))
    output = makeUnstored(b, output, element);
  AffineExpr p = b.getAffineDimExpr(2), n = b.getAffineDimExpr(3);
  return makeGeneric(b, bias, output,
                     {AffineMap::get(4, 0, {p, n}, b.getContext()),
                      b.getMultiDimIdentityMap(4)},
                     4, 0, [](ImplicitLocOpBuilder &, ValueRange scalars) {
                       return scalars[0];
                     });
}

/// `x` rounded to the nearest of 0 to 255, to even where two are as near; NaN
/// becomes 0.
static Value roundToByte(ImplicitLocOpBuilder &b, Value x) {
  auto choose = [&](arith::CmpFPredicate predicate, double limit) {
    Value other = makeConstant(b, limit);
    Value isKept = arith::CmpFOp::create(b, predicate, x, other);
    x = arith::SelectOp::create(b, isKept, x, other);
  };
  choose(arith::CmpFPredicate::OGT, 0);
  choose(arith::CmpFPredicate::OLT, 255);
  // Floats from 2^23 on are integers that lie side by side: the sum is rounded
  // to one, and its last byte is the number.
  x = arith::AddFOp::create(b, x, makeConstant(b, 0x1p23));
  Value bits = arith::BitcastOp::create(b, b.getI32Type(), x);
  return arith::TruncIOp::create(b, b.getI8Type(), bits);
}

Value mobileone::multiplyByFactor(ImplicitLocOpBuilder &b, Value numbers,
                                  Value factor, Value output) {
  AffineMap identity = b.getMultiDimIdentityMap(4);
  AffineMap perChannel = identity.getMinorSubMap(2);
  if (numbers.getType() == output.getType())
    return makeGeneric(b, factor, numbers, {perChannel, identity}, 4, 0,
                       [](ImplicitLocOpBuilder &nb, ValueRange s) -> Value {
                         return arith::MulFOp::create(nb, s[1], s[0]);
                       });
  bool toBytes = getElementTypeOrSelf(output).isInteger(8);
  return makeGeneric(b, {numbers, factor}, output,
                     {identity, perChannel, identity}, 4, 0,
                     [&](ImplicitLocOpBuilder &nb, ValueRange s) {
                       Value x = s[0];
                       if (x.getType().isInteger(8))
                         x = arith::UIToFPOp::create(nb, nb.getF32Type(), x);
                       else if (x.getType().isInteger(32))
                         x = arith::SIToFPOp::create(nb, nb.getF32Type(), x);
                       x = arith::MulFOp::create(nb, x, s[1]);
                       return toBytes ? roundToByte(nb, x) : x;
                     });
}

Value mobileone::finishSums(ImplicitLocOpBuilder &b, Value sums, ValueRange own,
                            Value output, const LayerSpec &layer) {
  // A dequantize stands before the activation, a quantize behind it.
  bool isReal = getElementTypeOrSelf(output).isF32();
  if (layer.hasFactor && isReal)
    sums = multiplyByFactor(b, sums, own[2], output);
  sums = applyActivation(b, sums, layer.activation);
  return layer.hasFactor && !isReal ? multiplyByFactor(b, sums, own[2], output)
                                    : sums;
}
