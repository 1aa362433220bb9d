// Compiles with other choices than the compiler's own.
#include "RandomChoices.h"

#include "compiler/Schedule/Chain.h"
#include "compiler/Schedule/ChooseSchedule.h"
#include "compiler/Schedule/LoopDims.h"
#include "dialect/IR/MobileOneOps.h"

using namespace mlir;
using namespace mobileone;

int64_t RandomChoices::getExtra(int64_t most) {
  return random() % 2 ? static_cast<int64_t>(random() % (most + 1)) : 0;
}

/// Whether no window looks for the corner of the border around `value`.
static bool isFreeOfWindows(Value value) {
  return llvm::none_of(value.getUsers(), [](Operation *user) {
    auto block = dyn_cast<BlockOp>(user);
    return block &&
           llvm::any_of(block.getBody().getOps<ConvOp>(),
                        [](ConvOp conv) { return !conv.isPointwise(); });
  });
}

void RandomChoices::changePlan(ModuleOp module) {
  llvm::SmallPtrSet<Operation *, 8> fixed; // what kernels in bands expect
  SmallVector<BlockOp> blocks;
  module.walk([&](BlockOp block) { blocks.push_back(block); });
  for (BlockOp block : blocks) {
    auto bands = block->getAttrOfType<BandsAttr>(kBandsAttr);
    if (!bands)
      continue;
    if (!bands.getInPlace() && random() % 4 == 0) {
      block->removeAttr(kBandsAttr);
      continue;
    }
    if (bands.getInPlace())
      fixed.insert(block.getInput().getDefiningOp());
    BlockOp last = block;
    for (int64_t i = 1; i != bands.getLayers(); ++i) {
      fixed.insert(last);
      last = cast<BlockOp>(*last.getOutput().user_begin());
    }
    if (bands.getInPlace())
      fixed.insert(last);
    int64_t least = bands.getInPlace() ? 2 : 1,
            height = last.getOutput().getType().getDimSize(2);
    if (random() % 2)
      block->setAttr(kBandsAttr,
                     BandsAttr::get(module.getContext(), bands.getLayers(),
                                    least + static_cast<int64_t>(random()) %
                                                (height - least + 1),
                                    bands.getInPlace()));
  }
  for (BlockOp block : blocks) {
    auto attr = block->getAttrOfType<LayoutAttr>(kLayoutAttr);
    if (fixed.contains(block))
      continue;
    Layout layout = attr.getValue();
    layout.gap += getExtra(2);
    layout.border.bottom += getExtra(2);
    layout.border.right += getExtra(2);
    if (isFreeOfWindows(block.getOutput())) {
      layout.border.top += getExtra(2);
      layout.border.left += getExtra(2);
    }
    block->setAttr(kLayoutAttr, LayoutAttr::get(module.getContext(), layout));
  }
}

void RandomChoices::choose(ModuleOp module) {
  for (auto kernel : module.getOps<func::FuncOp>()) {
    kernels += kernel.isPrivate() && !kernel.isDeclaration();
    for (linalg::LinalgOp op : getScheduledOps(kernel)) {
      if (failed(verifyKernelOp(op)))
        return; // as the pass will say
      SmallVector<Schedule> ranked = rankSchedules(op, level);
      Schedule schedule = ranked[random() % ranked.size()];
      SmallVector<Schedule> variants =
          getLoopVariants(getLoopNest(findContraction(op)), schedule);
      if (!variants.empty() && random() % 2)
        schedule = variants[random() % variants.size()];
      op->setAttr(kScheduleAttr,
                  ScheduleAttr::get(module.getContext(), schedule));
    }
  }
}

LogicalResult RandomChoices::runPasses(ModuleOp module, const Twine &stage,
                                       Build build) {
  if (failed(CompileHooks::runPasses(module, stage, build)))
    return failure();
  if (stage.str() == "planned")
    changePlan(module);
  else if (stage.str() == "linalg")
    choose(module);
  return success();
}
