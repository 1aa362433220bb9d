// Makes seven products of halves of a product of matrices.
#include "compiler/Codegen/Passes.h"

#include "compiler/Codegen/NestedStrassen.h"
#include "compiler/Contract/KernelFunction.h"
#include "compiler/Contract/NetworkFunction.h"
#include "compiler/Schedule/Chain.h"
#include "compiler/Schedule/ChooseSums.h"
#include "compiler/Schedule/LoopDims.h"
#include "compiler/Schedule/Strassen.h"
#include "compiler/Schedule/VerifySchedule.h"
#include "dialect/IR/Limits.h"
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

/// Gives `calls` sums of their weights in the place of these, which the kernel
/// of `root` multiplies by.
static LogicalResult packFilter(linalg::LinalgOp root, int64_t levels,
                                ArrayRef<func::CallOp> calls) {
  if (!canSumWeights(root, levels))
    return root.emitOpError("expects weights that are constants, which nothing "
                            "else in the kernel reads, of at most ")
           << kMaxWeightElements << " elements with their sums, for "
           << root->getAttr(kScheduleAttr);
  auto filter = cast<BlockArgument>(findContraction(root).getDpsInputs()[1]);
  llvm::DenseMap<Attribute, ElementsAttr> packed;
  for (func::CallOp call : calls) {
    OpOperand &operand = call->getOpOperand(filter.getArgNumber());
    auto constant = operand.get().getDefiningOp<arith::ConstantOp>();
    auto weights = cast<ElementsAttr>(constant.getValue());
    ElementsAttr &sums = packed[weights];
    if (!sums)
      sums = packWeightSums(weights, levels);
    OpBuilder b(call);
    auto replacement = arith::ConstantOp::create(b, call.getLoc(), sums);
    replacement->setAttr(kWeightSumsAttr, b.getUnitAttr());
    operand.set(replacement);
    if (constant.use_empty())
      constant.erase();
  }
  auto kernel = root->getParentOfType<func::FuncOp>();
  filter.setType(
      getPackedSumsType(cast<RankedTensorType>(filter.getType()), levels));
  kernel.setType(Builder(kernel.getContext())
                     .getFunctionType(kernel.front().getArgumentTypes(),
                                      kernel.getResultTypes()));
  return success();
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
  kernel->setAttr(
      kStrassenAttr,
      Builder(&getContext()).getIndexAttr(schedule.strassen->levels));
  MatrixChain chain = *matchMatrixChain(root);
  const Strassen &strassen = *schedule.strassen;
  LoopNest nest = getLoopNest(chain.product);
  // A border's tensor is what two levels hand on from step to step.
  WholeResult whole{getDestination(root), root->getResult(0)};
  if (strassen.levels == 2)
    whole = *findWholeResult(root);
  if (strassen.sums == Strassen::Compile &&
      failed(packFilter(root, strassen.levels, calls)))
    return failure();
  MatrixProduct product{nest,
                        chain.product.getDpsInputs()[0],
                        chain.product.getDpsInputs()[1],
                        linalg::LinalgOp(chain.bias).getDpsInputs()[0],
                        whole.before,
                        chain.after};
  unsigned result = kernel.getNumArguments() - behind;
  ImplicitLocOpBuilder b(root.getLoc(), root);
  auto build = [&](auto body) {
    ValueRange scratch =
        addScratch(kernel, result, body.getScratchTypes(), calls);
    SmallVector<Value> range(kernel.getArguments().take_back(2));
    if (!isShared)
      range = {arith::ConstantIndexOp::create(b, 0),
               arith::ConstantIndexOp::create(
                   b, countStrassenUnits(nest.extents, schedule))};
    whole.after.replaceAllUsesWith(
        body.build(scratch, range[0], range[1]).back());
  };
  if (strassen.levels == 1)
    build(StrassenBody(b, product, schedule));
  else
    build(NestedStrassen(b, product, {whole.row, whole.column}, schedule,
                         kernel));
  if (whole.after.getDefiningOp() != root)
    whole.after.getDefiningOp()->erase();
  for (linalg::LinalgOp op : llvm::reverse(chain.after))
    op.erase();
  chain.product.erase();
  chain.bias.erase();
  return success();
}
