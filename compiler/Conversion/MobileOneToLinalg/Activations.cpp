// The function of each number that a kernel ends with.
#include "compiler/Conversion/MobileOneToLinalg/KernelPieces.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

#include <cmath>

using namespace mlir;
using namespace mobileone;

/// `x`, but at least `low`: select(low > x, low, x) keeps NaN as PyTorch does,
/// one instruction on x86.
static Value limitBelow(ImplicitLocOpBuilder &b, Value x, double low) {
  Value limit = makeConstant(b, low);
  Value isBelow = arith::CmpFOp::create(b, arith::CmpFPredicate::OGT, limit, x);
  return arith::SelectOp::create(b, isBelow, limit, x);
}

/// `x`, but at most `high`, likewise.
static Value limitAbove(ImplicitLocOpBuilder &b, Value x, double high) {
  Value limit = makeConstant(b, high);
  Value isAbove = arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, limit, x);
  return arith::SelectOp::create(b, isAbove, limit, x);
}

/// dividend / (1 + exp(-x))
static Value divideByLogistic(ImplicitLocOpBuilder &b, Value dividend, Value x,
                              Value one) {
  Value power = math::ExpOp::create(b, arith::NegFOp::create(b, x));
  Value divisor = arith::AddFOp::create(b, one, power);
  return arith::DivFOp::create(b, dividend, divisor);
}

Value mobileone::activate(ImplicitLocOpBuilder &b, Value x,
                          Activation activation) {
  auto multiply = [&](Value value, double factor) -> Value {
    return arith::MulFOp::create(b, value, makeConstant(b, factor));
  };
  switch (activation) {
  case Activation::None:
    return x;
  case Activation::Relu:
    return limitBelow(b, x, 0);
  case Activation::Gelu: {
    Value half = multiply(x, 0.5);
    Value erf = math::ErfOp::create(b, multiply(x, std::sqrt(0.5)));
    return multiplyAdd(b, {half, erf, half});
  }
  case Activation::Hardswish: {
    Value shifted = arith::AddFOp::create(b, x, makeConstant(b, 3));
    Value limited = limitAbove(b, limitBelow(b, shifted, 0), 6);
    return arith::MulFOp::create(b, multiply(x, 1.0 / 6), limited);
  }
  case Activation::Silu:
    return divideByLogistic(b, x, x, makeConstant(b, 1));
  case Activation::Sigmoid: {
    Value one = makeConstant(b, 1);
    return divideByLogistic(b, one, x, one);
  }
  case Activation::Hardsigmoid: {
    Value line =
        multiplyAdd(b, {x, makeConstant(b, 1.0 / 6), makeConstant(b, 0.5)});
    return limitAbove(b, limitBelow(b, line, 0), 1);
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
