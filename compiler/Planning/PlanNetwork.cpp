// Decides how a network is to be computed, as attributes of its ops.
#include "compiler/Planning/ChooseBands.h"
#include "compiler/Planning/ChooseLayouts.h"
#include "compiler/Planning/Passes.h"
#include "compiler/Planning/SingleBranch.h"

namespace mobileone {
#define GEN_PASS_DEF_MOBILEONEPLANPASS
#include "compiler/Planning/Passes.h.inc"
} // namespace mobileone

using namespace mlir;
using namespace mobileone;

/// Notes how the result of `op` lies in memory; an error if it is too large.
static LogicalResult setLayout(Operation *op, const Layout &layout) {
  auto attr = LayoutAttr::getChecked([op] { return op->emitOpError(); },
                                     op->getContext(), layout);
  if (attr)
    op->setAttr(kLayoutAttr, attr);
  return success(static_cast<bool>(attr));
}

/// Checks that the windows of `conv` begin at the corner of the border that all
/// readers of `input` want.
static LogicalResult verifyPadding(ConvOp conv, Value input) {
  Border border = chooseBorder(input);
  ArrayRef<int64_t> padding = conv.getPadding();
  if (padding[0] == border.top && padding[1] == border.left)
    return success();
  return conv.emitOpError("expects the padding that all readers of its input "
                          "have (")
         << border.top << " and " << border.left << "), but got " << padding[0]
         << " and " << padding[1];
}

/// Plans what the ops of a block compute, each for itself.
static LogicalResult planBlock(BlockOp block) {
  FailureOr<SingleBranch> ops = matchSingleBranch(block);
  if (failed(ops))
    return failure();
  FailureOr<Packing> packing = choosePacking(ops->conv, block.getInput());
  if (failed(packing) || (*packing != Packing::pointwise &&
                          failed(verifyPadding(ops->conv, block.getInput()))))
    return failure();
  ops->conv->setAttr(kPackingAttr,
                     PackingAttr::get(block.getContext(), *packing));
  Layout result = choosePanels(block.getOutput());
  if (failed(setLayout(block, result)))
    return failure();
  // What is scaled afterwards has no reader that wants a border.
  result.border = {};
  if (!ops->squeezeExcite)
    return success();
  Operation *sums = getSums(*ops);
  result.element = Float32Type::get(block.getContext());
  result.gap = choosePanels(sums->getResult(0)).gap;
  return setLayout(sums, result);
}

/// What is between the blocks of a stem are rows that fit into a cache's sets
/// as they are.
static LogicalResult planStem(const Fusion &stem) {
  for (BlockOp block : llvm::drop_end(stem.blocks)) {
    Layout middle = choosePanels(block.getOutput());
    middle.gap = 0;
    if (failed(setLayout(block, middle)))
      return failure();
  }
  return success();
}

static LogicalResult planPair(const Fusion &pair) {
  BlockOp first = pair.blocks.front(), last = pair.blocks.back();
  auto producer = first.getInput().getDefiningOp<BlockOp>();
  PairLayouts layouts = getPairLayouts(choosePanels(producer.getOutput()));
  return success(succeeded(setLayout(producer, layouts.input)) &&
                 succeeded(setLayout(first, layouts.middle)) &&
                 succeeded(setLayout(last, layouts.result)));
}

/// Plans what blocks find at the function's argument, if they read it as it is.
static LogicalResult planArgument(func::FuncOp network) {
  BlockArgument image = network.getArgument(0);
  auto type = dyn_cast<RankedTensorType>(image.getType());
  if (llvm::all_of(image.getUsers(), llvm::IsaPred<ReadImageOp>) || !type ||
      type.getRank() != 4 || !MobileOneDialect::isPlain(type))
    return success();
  auto attr = LayoutAttr::getChecked([&] { return network.emitOpError(); },
                                     network.getContext(),
                                     chooseImage(image, ReadImageOp()));
  if (attr)
    network.setArgAttr(0, kLayoutAttr, attr);
  return success(static_cast<bool>(attr));
}

static LogicalResult planOp(Operation *op) {
  if (auto block = dyn_cast<BlockOp>(op))
    return planBlock(block);
  if (auto read = dyn_cast<ReadImageOp>(op))
    return setLayout(op, chooseImage(read.getOutput(), read));
  if (isa<GlobalAveragePoolOp, GlobalSumPoolOp, LinearOp, SoftmaxOp>(op))
    return setLayout(op, chooseNumbers(op->getResult(0)));
  if (isa<DequantizeOp>(op)) {
    Value result = op->getResult(0);
    bool isMap = cast<RankedTensorType>(result.getType()).getRank() == 4;
    return setLayout(op, isMap ? choosePanels(result) : chooseNumbers(result));
  }
  return success(); // the conversion refuses it
}

/// Plans which blocks become one kernel.
static LogicalResult planBands(func::FuncOp network) {
  for (auto block : network.getOps<BlockOp>()) {
    if (std::optional<Fusion> stem = fuseStem(block)) {
      block->setAttr(kBandsAttr, stem->bands);
      if (failed(planStem(*stem)))
        return failure();
    } else if (std::optional<Fusion> pair = fusePair(block.getInput())) {
      block->setAttr(kBandsAttr, pair->bands);
      if (failed(planPair(*pair)))
        return failure();
    }
  }
  return success();
}

/// The attribute of a plan that stands at `op`.
static std::optional<StringRef> getPlanAttr(Operation *op) {
  if (isa<BlockOp, ReadImageOp, GlobalAveragePoolOp, GlobalSumPoolOp, LinearOp,
          SoftmaxOp>(op) ||
      (isa<DequantizeOp>(op) && !isa<BlockOp>(op->getParentOp())))
    return kLayoutAttr;
  return isa<ConvOp>(op) ? std::optional<StringRef>(kPackingAttr)
                         : std::nullopt;
}

/// Whether `network` has a plan: all of it, or an error.
static FailureOr<bool> hasPlan(func::FuncOp network) {
  SmallVector<Operation *> planned, unplanned;
  network.walk([&](Operation *op) {
    if (std::optional<StringRef> name = getPlanAttr(op))
      (op->hasAttr(*name) ? planned : unplanned).push_back(op);
  });
  if (planned.empty() || unplanned.empty())
    return unplanned.empty();
  return unplanned.front()->emitOpError(
             "expects a plan of the whole network or none, but ")
         << *getPlanAttr(unplanned.front()) << " is missing";
}

namespace {

struct PlanPass : mobileone::impl::MobileOnePlanPassBase<PlanPass> {
  using MobileOnePlanPassBase::MobileOnePlanPassBase;

  void runOnOperation() override {
    func::FuncOp function = getOperation();
    bool isNetwork = llvm::any_of(function.getOps(), [](Operation &op) {
      return isa_and_nonnull<MobileOneDialect>(op.getDialect());
    });
    if (!isNetwork || !function.getNumArguments())
      return;
    FailureOr<bool> isPlanned = hasPlan(function);
    if (failed(isPlanned))
      return signalPassFailure();
    if (*isPlanned)
      return;
    function.walk([](BlockOp block) { block->removeAttr(kBandsAttr); });
    if (failed(planArgument(function)))
      return signalPassFailure();
    for (Operation &op : function.getOps())
      if (failed(planOp(&op)))
        return signalPassFailure();
    if (!keepResults && failed(planBands(function)))
      signalPassFailure();
  }
};

} // namespace
