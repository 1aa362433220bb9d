// Chooses which kernels several workers share, and along which dimension.
#include "compiler/Schedule/Schedule.h"
#include "compiler/Schedule/TileModel.h"

#include "compiler/Conversion/MobileOneToLinalg/PackWeights.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mobileone;

/// Workers that meet wait for each other's last bytes and for the slowest of
/// them, a microsecond or so. A kernel of fewer cycles gains little or nothing.
static constexpr double kLeastCycles = 4000;

/// How many pixels an image has for each of its channels, at least, if workers
/// share its rows. All of them then read all weights, which costs less than to
/// read each other's pixels: weights are in a cache that they share.
static constexpr double kPixelShare = 1.0 / 8;

/// Whether two boxes of one tensor have no element in common.
static bool areDisjoint(tensor::ExtractSliceOp a, tensor::ExtractSliceOp b) {
  auto isStatic = [](tensor::ExtractSliceOp box) {
    return box && !ShapedType::isDynamicShape(box.getStaticOffsets()) &&
           !ShapedType::isDynamicShape(box.getStaticSizes()) &&
           llvm::all_of(box.getStaticStrides(),
                        [](int64_t stride) { return stride == 1; });
  };
  if (!isStatic(a) || !isStatic(b) || a.getSourceType() != b.getSourceType())
    return false;
  for (unsigned d = 0; d != a.getStaticSizes().size(); ++d)
    if (a.getStaticOffset(d) + a.getStaticSize(d) <= b.getStaticOffset(d) ||
        b.getStaticOffset(d) + b.getStaticSize(d) <= a.getStaticOffset(d))
      return true;
  return false;
}

linalg::LinalgOp mobileone::findSplitOp(func::FuncOp kernel) {
  linalg::LinalgOp main;
  SmallVector<linalg::FillOp> fills;
  bool isAlone = true;
  kernel.walk([&](linalg::LinalgOp op) {
    if (!isChainEnd(op))
      return;
    if (auto fill = dyn_cast<linalg::FillOp>(*op)) {
      fills.push_back(fill);
      return;
    }
    isAlone &= !main && op->getParentOp() == kernel;
    main = op;
  });
  // The last parallel dimension is the lanes of a vector.
  if (!main || !isAlone || main.getNumParallelLoops() < 2)
    return nullptr;
  auto box = getDestination(main).getDefiningOp<tensor::ExtractSliceOp>();
  bool areApart = llvm::all_of(fills, [&](linalg::FillOp fill) {
    auto own = fill.getOutputs()[0].getDefiningOp<tensor::ExtractSliceOp>();
    return fill->hasOneUse() && own && own->hasOneUse() &&
           own->getBlock() == fill->getBlock() &&
           isa<tensor::InsertSliceOp>(*fill->getUsers().begin()) &&
           areDisjoint(own, box);
  });
  return areApart ? main : nullptr;
}

int64_t mobileone::getSplitDim(linalg::LinalgOp root) {
  linalg::LinalgOp op = findContraction(root);
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  int64_t rows = 0, panels = op.getNumParallelLoops() - 2, pixels = 1;
  for (int64_t d = rows; d < panels; ++d)
    pixels *= extents[d];
  bool hasRows = rows < panels && extents[rows] >= kUnits &&
                 pixels >= kPixelShare * extents[panels] * kPanel;
  return hasRows ? rows : panels;
}

std::optional<int64_t> mobileone::chooseSplit(linalg::LinalgOp root,
                                              const Schedule &schedule,
                                              const IsaLevel &level) {
  linalg::LinalgOp op = findContraction(root);
  if (TileModel(op, schedule.reductionTile, schedule.byElement, level)
          .getCycles(schedule.tile) < kLeastCycles)
    return std::nullopt;
  int64_t dim = getSplitDim(op);
  if (schedule.tile[dim] >= op.getStaticLoopRanges()[dim])
    return std::nullopt; // one tile
  return dim;
}
