// Products of groups of four bytes, by the instructions of each level.
#include "compiler/Codegen/GroupProducts.h"

#include "dialect/IR/Layout.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mobileone;

/// A constant of `value`'s type.
static Value makeSplat(ImplicitLocOpBuilder &b, Value value, int64_t number) {
  auto type = cast<VectorType>(value.getType());
  return arith::ConstantOp::create(
      b, DenseElementsAttr::get(
             type, b.getIntegerAttr(type.getElementType(), number)));
}

static Value bitcast(ImplicitLocOpBuilder &b, Value words, Type element) {
  int64_t bits = cast<VectorType>(words.getType()).getNumElements() * 32;
  return vector::BitCastOp::create(
      b, VectorType::get(bits / element.getIntOrFloatBitWidth(), element),
      words);
}

/// Calls LLVM's `intrinsic`, whose result is of type `result`.
static Value callIntrinsic(ImplicitLocOpBuilder &b, StringRef intrinsic,
                           Type result, ValueRange operands) {
  return LLVM::CallIntrinsicOp::create(b, result, b.getStringAttr(intrinsic),
                                       operands)
      .getResults();
}

/// One byte of each word times the same of the others, for all four in turn:
/// arithmetic that every machine has.
static Value addByBytes(ImplicitLocOpBuilder &b, Value sum, Value inputs,
                        Value weights) {
  for (int64_t byte = 0; byte != kGroup; ++byte) {
    Value input =
        arith::ShRUIOp::create(b, inputs, makeSplat(b, inputs, 8 * byte));
    input = arith::AndIOp::create(b, input, makeSplat(b, input, 255));
    Value weight =
        arith::ShLIOp::create(b, weights, makeSplat(b, weights, 24 - 8 * byte));
    weight = arith::ShRSIOp::create(b, weight, makeSplat(b, weight, 24));
    Value product = arith::MulIOp::create(b, input, weight);
    sum = arith::AddIOp::create(b, sum, product);
  }
  return sum;
}

/// Bytes as numbers of 16 bits, of which an instruction multiplies pairs and
/// adds them without losing any: first the even ones of each word, then the odd
/// ones.
static Value addByPairs(ImplicitLocOpBuilder &b, StringRef intrinsic, Value sum,
                        Value inputs, Value weights) {
  Type i16 = b.getI16Type();
  Value shorts = bitcast(b, weights, i16);
  Value eight = makeSplat(b, shorts, 8);
  for (bool odd : {false, true}) {
    Value input = inputs;
    if (odd)
      input = arith::ShRUIOp::create(b, input, makeSplat(b, input, 8));
    input = arith::AndIOp::create(b, input, makeSplat(b, input, 0x00ff00ff));
    Value weight = shorts;
    if (!odd)
      weight = arith::ShLIOp::create(b, weight, eight);
    weight = arith::ShRSIOp::create(b, weight, eight);
    Value products = callIntrinsic(b, intrinsic, sum.getType(),
                                   {bitcast(b, input, i16), weight});
    sum = arith::AddIOp::create(b, sum, products);
  }
  return sum;
}

static Value addByDotProducts(ImplicitLocOpBuilder &b, StringRef intrinsic,
                              Value sum, Value inputs, Value weights) {
  Type i8 = b.getI8Type();
  return callIntrinsic(b, intrinsic, sum.getType(),
                       {sum, bitcast(b, inputs, i8), bitcast(b, weights, i8)});
}

/// LLVM's instruction for whole registers of `level`.
static StringRef getIntrinsic(const IsaLevel &level) {
  bool isDot = level.byteProducts == ByteProducts::Dots;
  switch (level.vectorBits) {
  case 128:
    return isDot ? "llvm.x86.avx512.vpdpbusd.128" : "llvm.x86.sse2.pmadd.wd";
  case 256:
    return isDot ? "llvm.x86.avx512.vpdpbusd.256" : "llvm.x86.avx2.pmadd.wd";
  default:
    return isDot ? "llvm.x86.avx512.vpdpbusd.512"
                 : "llvm.x86.avx512.pmaddw.d.512";
  }
}

Value mobileone::addGroupProducts(ImplicitLocOpBuilder &b,
                                  const IsaLevel &level, Value sum,
                                  Value inputs, Value weights) {
  if (level.byteProducts == ByteProducts::Bytes)
    return addByBytes(b, sum, inputs, weights);
  auto add =
      level.byteProducts == ByteProducts::Dots ? addByDotProducts : addByPairs;
  StringRef intrinsic = getIntrinsic(level);
  int64_t lanes = cast<VectorType>(sum.getType()).getNumElements();
  int64_t part = std::min<int64_t>(lanes, level.getLanes(32));
  if (part == lanes)
    return add(b, intrinsic, sum, inputs, weights);
  // An instruction takes one register.
  for (int64_t first = 0; first != lanes; first += part) {
    auto take = [&](Value vector) -> Value {
      return vector::ExtractStridedSliceOp::create(b, vector, first, part, 1);
    };
    sum = vector::InsertStridedSliceOp::create(
        b, add(b, intrinsic, take(sum), take(inputs), take(weights)), sum,
        first, 1);
  }
  return sum;
}
