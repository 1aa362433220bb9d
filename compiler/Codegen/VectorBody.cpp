// The body of a linalg op on vectors.
#include "compiler/Codegen/VectorBody.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

Value mobileone::cloneBody(ImplicitLocOpBuilder &b, linalg::LinalgOp op,
                           int64_t lanes, ValueRange operands) {
  IRMapping mapping;
  mapping.map(op.getBlock()->getArguments(), operands);
  auto widen = [&](Value value) -> Value {
    if (Value mapped = mapping.lookupOrNull(value))
      return mapped;
    auto type = VectorType::get(lanes, value.getType());
    Attribute attr;
    Value wide;
    if (matchPattern(value, m_Constant(&attr)))
      wide = arith::ConstantOp::create(b, DenseElementsAttr::get(type, {attr}));
    else
      wide = vector::BroadcastOp::create(b, type, value);
    mapping.map(value, wide);
    return wide;
  };
  for (Operation &scalar : op.getBlock()->without_terminator()) {
    if (isa<arith::ConstantOp>(scalar))
      continue;
    OperationState state(b.getLoc(), scalar.getName());
    for (Value operand : scalar.getOperands())
      state.operands.push_back(widen(operand));
    for (Type type : scalar.getResultTypes())
      state.types.push_back(VectorType::get(lanes, type));
    state.attributes = llvm::to_vector(scalar.getAttrs());
    mapping.map(scalar.getResults(), b.create(state)->getResults());
  }
  return widen(op.getBlock()->getTerminator()->getOperand(0));
}
