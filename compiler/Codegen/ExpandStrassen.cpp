// Makes seven products of halves of a product of matrices.
#include "compiler/Codegen/Passes.h"

#include "compiler/Codegen/StrassenBody.h"
#include "compiler/Contract/KernelFunction.h"
#include "compiler/Contract/NetworkFunction.h"
#include "compiler/Schedule/LoopDims.h"
#include "compiler/Schedule/Strassen.h"
#include "compiler/Schedule/VerifySchedule.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/IR/SymbolTable.h"

namespace mobileone {
#define GEN_PASS_DEF_MOBILEONEEXPANDSTRASSENPASS
#include "compiler/Codegen/Passes.h.inc"
} // namespace mobileone

using namespace mlir;
using namespace mobileone;

namespace {

struct ExpandStrassenPass
    : mobileone::impl::MobileOneExpandStrassenPassBase<ExpandStrassenPass> {
  void runOnOperation() override {
    for (auto kernel : getOperation().getOps<func::FuncOp>()) {
      linalg::LinalgOp root = findSplitOp(kernel);
      auto attr = root ? root->getAttrOfType<ScheduleAttr>(kScheduleAttr)
                       : ScheduleAttr();
      if (!attr || !attr.getValue().strassen)
        continue;
      FailureOr<Schedule> schedule = getSchedule(root);
      if (failed(schedule) || failed(expand(kernel, root, *schedule)))
        return signalPassFailure();
    }
  }

  LogicalResult expand(func::FuncOp kernel, linalg::LinalgOp root,
                       const Schedule &schedule);
};

} // namespace

/// Gives `kernel` buffers of `types` for each worker, in front of argument
/// `place`, and passes some in all `calls`.
static ValueRange addScratch(func::FuncOp kernel, unsigned place,
                             ArrayRef<RankedTensorType> types,
                             ArrayRef<func::CallOp> calls) {
  Builder builder(kernel.getContext());
  for (auto [i, type] : llvm::enumerate(types)) {
    (void)kernel.insertArgument(place + i, type, {}, kernel.getLoc());
    kernel.setArgAttr(place + i, "bufferization.writable",
                      builder.getBoolAttr(true));
    int64_t bits = type.getNumElements() * type.getElementTypeBitWidth();
    kernel.setArgAttr(place + i, kWorkerBytesAttr,
                      builder.getIndexAttr(bits / 8));
  }
  for (func::CallOp call : calls) {
    OpBuilder b(call);
    SmallVector<Value> operands(call.getOperands());
    for (auto [i, type] : llvm::enumerate(types))
      operands.insert(operands.begin() + place + i,
                      bufferization::AllocTensorOp::create(b, call.getLoc(),
                                                           type, ValueRange{}));
    call->setOperands(operands);
  }
  return kernel.getArguments().slice(place, types.size());
}

LogicalResult ExpandStrassenPass::expand(func::FuncOp kernel,
                                         linalg::LinalgOp root,
                                         const Schedule &schedule) {
  auto uses = findUses(kernel, getOperation());
  if (failed(uses))
    return failure();
  SmallVector<func::CallOp> calls;
  for (const SymbolTable::SymbolUse &use : *uses) {
    auto call = dyn_cast<func::CallOp>(use.getUser());
    if (!call)
      return use.getUser()->emitOpError(
          "expects only calls of a kernel that needs buffers");
    calls.push_back(call);
  }
  bool isShared = kernel->hasAttr(kUnitsAttr);
  unsigned behind = isShared ? 3 : 1; // the result and what follows it
  if (!kernel.isPrivate() || kernel.getNumArguments() < behind)
    return kernel.emitOpError("expects to be private, with the result as its "
                              "last argument, to multiply in ")
           << root->getAttr(kScheduleAttr);
  kernel->setAttr(kStrassenAttr, UnitAttr::get(&getContext()));
  MatrixChain chain = *matchMatrixChain(root);
  StrassenBody body(root, chain, schedule);
  unsigned result = kernel.getNumArguments() - behind;
  ValueRange scratch =
      addScratch(kernel, result, body.getScratchTypes(), calls);
  ImplicitLocOpBuilder b(root.getLoc(), root);
  SmallVector<Value> range(kernel.getArguments().take_back(2));
  if (!isShared)
    range = {arith::ConstantIndexOp::create(b, 0),
             arith::ConstantIndexOp::create(
                 b, countStrassenUnits(getExtents(chain.product), schedule))};
  root->getResult(0).replaceAllUsesWith(
      body.build(scratch, range[0], range[1]));
  for (linalg::LinalgOp op : llvm::reverse(chain.after))
    op.erase();
  chain.product.erase();
  chain.bias.erase();
  return success();
}
