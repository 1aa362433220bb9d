// Compiles with other choices than the compiler's own.
#include "RandomChoices.h"

#include "compiler/Planning/ChooseLayouts.h"
#include "compiler/Planning/SingleBranch.h"
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
  auto pointwise = PackingAttr::get(value.getContext(), Packing::pointwise);
  return llvm::none_of(value.getUsers(), [&](Operation *user) {
    auto block = dyn_cast<BlockOp>(user);
    return block &&
           llvm::any_of(block.getBody().getOps<ConvOp>(), [&](ConvOp conv) {
             return conv->getAttr(kPackingAttr) != pointwise;
           });
  });
}

static void setLayout(BlockOp block, const Layout &layout) {
  block->setAttr(kLayoutAttr, LayoutAttr::get(block.getContext(), layout));
}

/// Lets a depthwise and a pointwise block, the first of which is `block`, work
/// in place where they can, however small their images are.
static void fuseInPlace(BlockOp block, int64_t rows) {
  auto producer = block.getInput().getDefiningOp<BlockOp>();
  auto last = block.getOutput().hasOneUse()
                  ? dyn_cast<BlockOp>(*block.getOutput().user_begin())
                  : BlockOp();
  if (!producer || !last || !block.getInput().hasOneUse() ||
      block.getInput().getType() != last.getOutput().getType() ||
      last->hasAttr(kBandsAttr) ||
      llvm::any_of(last->getUsers(),
                   [](Operation *user) { return user->hasAttr(kBandsAttr); }))
    return;
  auto getConv = [](BlockOp op) {
    return llvm::hasSingleElement(op.getBody().getOps<SqueezeExciteOp>())
               ? ConvOp()
               : *op.getBody().getOps<ConvOp>().begin();
  };
  ConvOp depthwise = getConv(block), pointwise = getConv(last);
  Border border = chooseBorder(last.getOutput());
  bool isReadAtCorner = isFreeOfWindows(last.getOutput()) ||
                        (border.top == 1 && border.left == 1 &&
                         border.bottom < 3 && border.right < 2);
  if (!depthwise || !pointwise || !isSquare(depthwise, 3, 1, 1) ||
      !depthwise.isDepthwise() || !isFreeOfWindows(block.getOutput()) ||
      !isReadAtCorner || last.getOutput().getType().getDimSize(2) < rows)
    return;
  PairLayouts layouts = getPairLayouts(choosePanels(producer.getOutput()));
  setLayout(producer, layouts.input);
  setLayout(block, layouts.middle);
  setLayout(last, layouts.result);
  block->setAttr(kBandsAttr, BandsAttr::get(block.getContext(), 2, rows,
                                            /*inPlace=*/true));
}

void RandomChoices::changePlan(ModuleOp module) {
  llvm::SmallPtrSet<Operation *, 8> fixed; // what kernels in bands expect
  SmallVector<BlockOp> blocks;
  module.walk([&](BlockOp block) { blocks.push_back(block); });
  llvm::SmallPtrSet<Operation *, 8> inBands;
  for (BlockOp block : blocks) {
    auto bands = block->getAttrOfType<BandsAttr>(kBandsAttr);
    // Nobody reads a result before the bands of its own kernel are known.
    if (!bands && fusesBlocks && !inBands.contains(block) &&
        !fixed.contains(block.getInput().getDefiningOp()) && random() % 2)
      fuseInPlace(block, 2 + static_cast<int64_t>(random() % 3));
    bands = block->getAttrOfType<BandsAttr>(kBandsAttr);
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
      inBands.insert(last);
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
    setLayout(block, layout);
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
