// Several layers as one kernel, in bands of rows.
#include "compiler/Conversion/MobileOneToLinalg/BandBody.h"
#include "compiler/Conversion/MobileOneToLinalg/Kernels.h"

#include "compiler/Contract/KernelFunction.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mobileone;

Value BandBody::build(Value result, Value begin, Value end) {
  auto index = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(b, value);
  };
  auto compare = [&](arith::CmpIPredicate predicate, Value a, int64_t c) {
    return arith::CmpIOp::create(b, predicate, a, index(c)).getResult();
  };
  auto toRow = [&](Value unit) { return getRow(b, unit, spec.rows, 0); };
  auto keep = [](BandState state) { return state; };
  Value isFirst = compare(arith::CmpIPredicate::eq, begin, 0);
  Value isLast = compare(arith::CmpIPredicate::uge, end, spec.getBands());

  const Layout &layout = layers.back().result;
  if (!spec.isInPlace())
    image = readImage(b, arguments[0], arguments[1]);
  size_t scratch = spec.getScratchTypes().size();
  SmallVector<Value> buffers(arguments.take_back(scratch));
  buffers.push_back(result);
  BandState state = clearSides(makeState(buffers));
  if (!spec.isInPlace())
    state = branch(
        isFirst, state,
        [&](BandState first) {
          first.result = clearBorder(b, layout, first.result);
          return clearCarries(first);
        },
        [&](BandState other) { return computeCarries(other, toRow(begin)); });

  // All full bands, but for the one that is computed from its tail.
  int64_t count = spec.getFullBands();
  Value upper = arith::MinUIOp::create(b, end, index(count));
  Value lastUnit = spec.isInPlace()
                       ? arith::SubIOp::create(b, end, index(1)).getResult()
                       : Value();
  if (spec.isInPlace())
    upper = arith::SelectOp::create(b, isLast, upper, lastUnit);
  auto loop = scf::ForOp::create(b, begin, upper, index(1), state.toValues());
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    BandState next = compute(makeState(loop.getRegionIterArgs()),
                             toRow(loop.getInductionVar()), spec.getNewRows());
    scf::YieldOp::create(b, next.toValues());
  }
  state = makeState(loop.getResults());

  auto computeRest = [&](BandState last) {
    SmallVector<int64_t> rest;
    for (auto [layer, rows] : llvm::zip_equal(layers, spec.getNewRows()))
      rest.push_back(layer.result.height - count * rows);
    if (rest.back())
      last = compute(last, b.getIndexAttr(count * spec.rows), rest);
    // In place, the last row of the input lies below the result.
    if (spec.isInPlace())
      last.result = clearRows(b, layout, layout.border.top + layout.height, 1,
                              last.result);
    return last;
  };
  auto finish = [&](BandState other) {
    Value tail = arguments.drop_back(scratch).back();
    return computeLast(other, tail, toRow(lastUnit), spec.rows);
  };
  if (spec.isInPlace())
    return branch(isLast, state, computeRest, finish).result;
  if (spec.getBands() != count)
    state = branch(isLast, state, computeRest, keep);
  return state.result;
}

/// Notes that `kernel`'s argument is a buffer of `type` for each worker, or for
/// each share of the units.
static void setBytes(func::FuncOp kernel, unsigned argument, StringRef attr,
                     RankedTensorType type) {
  int64_t bytes = type.getNumElements() * type.getElementTypeBitWidth() / 8;
  kernel.setArgAttr(
      argument, attr,
      IntegerAttr::get(IndexType::get(kernel.getContext()), bytes));
}

func::FuncOp KernelLibrary::makeBands(const KernelSpec &spec) {
  SmallVector<RankedTensorType> scratch = spec.getScratchTypes();
  SmallVector<Type> inputs;
  for (size_t i = 0; i != spec.layers.size(); ++i)
    llvm::append_range(inputs, spec.getOwnTypes(i));
  if (spec.isInPlace()) // the tail
    inputs.push_back(scratch.front());
  size_t first = inputs.size();
  inputs.append(scratch.begin(), scratch.end());
  func::FuncOp kernel = define(
      spec, inputs, spec.getResult().getType(),
      [&](ImplicitLocOpBuilder &b, ValueRange arguments, Value result) {
        ValueRange range = b.getBlock()->getArguments().take_back(2);
        return BandBody(b, spec, arguments).build(result, range[0], range[1]);
      },
      scratch.size(), spec.getBands());
  kernel->setAttr(
      kBandRowsAttr,
      IntegerAttr::get(IndexType::get(kernel.getContext()), spec.rows));
  for (auto [i, type] : llvm::enumerate(scratch))
    setBytes(kernel, first + i, kWorkerBytesAttr, type);
  if (spec.isInPlace())
    setBytes(kernel, first - 1, kShareBytesAttr, scratch.front());
  return kernel;
}

func::FuncOp KernelLibrary::makeTail(const KernelSpec &spec) {
  RankedTensorType tail = spec.getScratchTypes().front();
  SmallVector<Type> inputs = spec.getOwnTypes(0);
  inputs.push_back(spec.getResult().getType());
  func::FuncOp kernel = define(
      spec, inputs, tail,
      [&](ImplicitLocOpBuilder &b, ValueRange arguments, Value result) {
        Value end = b.getBlock()->getArguments().back();
        Value hasTail = arith::CmpIOp::create(
            b, arith::CmpIPredicate::ult, end,
            arith::ConstantIndexOp::create(b, spec.getBands()));
        auto branch = scf::IfOp::create(b, tail, hasTail,
                                        /*withElseRegion=*/true);
        OpBuilder::InsertionGuard guard(b);
        b.setInsertionPointToStart(branch.thenBlock());
        OpFoldResult row = getRow(b, end, spec.rows, -spec.rows);
        scf::YieldOp::create(
            b, makeDepthwise(
                   b, getRowsInPlace(b, spec, arguments.back(), row, spec.rows),
                   arguments, result, spec.layers.front()));
        b.setInsertionPointToStart(branch.elseBlock());
        scf::YieldOp::create(b, result);
        return branch.getResult(0);
      },
      /*scratch=*/0, spec.getBands());
  setBytes(kernel, inputs.size(), kShareBytesAttr, tail);
  return kernel;
}
