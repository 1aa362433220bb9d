// Gives kernels that several workers share a range of units to work on.
#include "compiler/Codegen/Passes.h"

#include "compiler/Contract/KernelFunction.h"
#include "compiler/Contract/NetworkFunction.h"
#include "compiler/Schedule/Chain.h"
#include "compiler/Schedule/LoopDims.h"
#include "compiler/Schedule/Strassen.h"
#include "compiler/Schedule/VerifySchedule.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/SymbolTable.h"

namespace mobileone {
#define GEN_PASS_DEF_MOBILEONESPLITKERNELSPASS
#include "compiler/Codegen/Passes.h.inc"
} // namespace mobileone

using namespace mlir;
using namespace mobileone;

namespace {

struct SplitKernelsPass
    : mobileone::impl::MobileOneSplitKernelsPassBase<SplitKernelsPass> {
  void runOnOperation() override {
    for (auto kernel : getOperation().getOps<func::FuncOp>()) {
      linalg::LinalgOp op = findSplitOp(kernel);
      if (!op || !op->hasAttr(kScheduleAttr) || kernel->hasAttr(kUnitsAttr))
        continue;
      if (failed(verifyKernelOp(op)) ||
          failed(verifyKernelOp(findContraction(op))))
        return signalPassFailure();
      FailureOr<Schedule> schedule = getSchedule(op);
      if (failed(schedule) ||
          (schedule->split && failed(split(kernel, op, *schedule))))
        return signalPassFailure();
    }
  }

  LogicalResult split(func::FuncOp kernel, linalg::LinalgOp op,
                      const Schedule &schedule);
};

} // namespace

/// Lets `fill` write into its slice only if `condition` holds.
static void fillOnlyIf(Value condition, linalg::FillOp fill) {
  auto insert = cast<tensor::InsertSliceOp>(*fill->getUsers().begin());
  Value before = insert.getDest();
  OpBuilder builder(insert);
  Location loc = fill.getLoc();
  auto branch = scf::IfOp::create(builder, loc, before.getType(), condition,
                                  /*withElseRegion=*/true);
  insert.getResult().replaceAllUsesWith(branch.getResult(0));
  for (Operation *op : {fill.getOutputs()[0].getDefiningOp(),
                        fill.getOperation(), insert.getOperation()})
    op->moveBefore(branch.thenBlock(), branch.thenBlock()->end());
  builder.setInsertionPointToEnd(branch.thenBlock());
  scf::YieldOp::create(builder, loc, insert.getResult());
  builder.setInsertionPointToEnd(branch.elseBlock());
  scf::YieldOp::create(builder, loc, before);
}

LogicalResult SplitKernelsPass::split(func::FuncOp kernel, linalg::LinalgOp op,
                                      const Schedule &schedule) {
  PerLoop extents = getExtents(findContraction(op));
  int64_t units = schedule.strassen
                      ? countStrassenUnits(extents, schedule)
                      : schedule.countTiles(extents, *schedule.split) *
                            schedule.countUnitsPerTile(extents);

  auto uses = findUses(kernel, getOperation());
  if (failed(uses))
    return failure();
  for (const SymbolTable::SymbolUse &use : *uses)
    if (!isa<func::CallOp>(use.getUser()))
      return use.getUser()->emitOpError(
          "expects only calls of a kernel that workers share");

  OpBuilder builder(kernel.getBody());
  unsigned count = kernel.getNumArguments();
  Type index = builder.getIndexType();
  Location loc = kernel.getLoc();
  if (failed(kernel.insertArgument(count, index, {}, loc)) ||
      failed(kernel.insertArgument(count + 1, index, {}, loc)))
    return failure();
  kernel->setAttr(kUnitsAttr, builder.getIndexAttr(units));
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  Value isFirst = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq,
                                        kernel.getArgument(count), zero);
  SmallVector<linalg::FillOp> fills(kernel.getOps<linalg::FillOp>());
  for (linalg::FillOp fill : fills)
    if (isChainEnd(fill))
      fillOnlyIf(isFirst, fill);

  for (const SymbolTable::SymbolUse &use : *uses) {
    auto call = cast<func::CallOp>(use.getUser());
    builder.setInsertionPoint(call);
    call.getOperandsMutable().append(
        makeAllUnits(builder, call.getLoc(), kernel));
  }
  return success();
}
