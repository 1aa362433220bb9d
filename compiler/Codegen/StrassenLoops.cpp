// Loops over the bands and tiles of a kernel by Strassen's algorithm.
#include "compiler/Codegen/StrassenLoops.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mobileone;

using Values = SmallVector<Value>;

Values mobileone::makeLoop(ImplicitLocOpBuilder &b, Value lower, Value upper,
                           int64_t step, ValueRange state,
                           function_ref<Values(Value, Values)> body) {
  auto op = scf::ForOp::create(b, lower, upper,
                               arith::ConstantIndexOp::create(b, step), state);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(op.getBody());
  scf::YieldOp::create(
      b, body(op.getInductionVar(),
              llvm::to_vector(ValueRange(op.getRegionIterArgs()))));
  return llvm::to_vector(ValueRange(op.getResults()));
}

Value mobileone::makeIndex(ImplicitLocOpBuilder &b, AffineExpr expr,
                           ValueRange operands) {
  return getValueOrCreateConstantIndexOp(
      b, b.getLoc(),
      affine::makeComposedFoldedAffineApply(
          b, b.getLoc(), AffineMap::get(operands.size(), 0, expr),
          getAsOpFoldResult(operands)));
}

Values mobileone::makeBandLoop(
    ImplicitLocOpBuilder &b, int64_t bands, int64_t tiles, Value begin,
    Value end, ValueRange state,
    function_ref<Values(Value, Value, Value, Values)> body) {
  AffineExpr d0 = b.getAffineDimExpr(0), d1 = b.getAffineDimExpr(1);
  auto index = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(b, value);
  };
  end = arith::MinSIOp::create(b, end, index(bands * tiles));
  return makeLoop(
      b, makeIndex(b, d0.floorDiv(tiles), begin),
      makeIndex(b, d0.ceilDiv(tiles), end), 1, state,
      [&](Value band, Values values) {
        Value first = arith::MaxSIOp::create(
                  b, index(0), makeIndex(b, d0 - d1 * tiles, {begin, band})),
              last = arith::MinSIOp::create(
                  b, index(tiles), makeIndex(b, d0 - d1 * tiles, {end, band}));
        return body(band, first, last, std::move(values));
      });
}
