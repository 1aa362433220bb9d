// Chooses which kernels several workers share, and along which dimension.
#include "compiler/Codegen/Schedule.h"
#include "compiler/Codegen/TileModel.h"

#include "compiler/Conversion/MobileOneToLinalg/PackWeights.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mobileone;

/// Workers that meet wait for each other's last bytes and for the slowest of
/// them, a microsecond or so. A kernel of fewer cycles gains little more.
static constexpr double kLeastCycles = 10000;

/// Workers that shares are balanced for.
static constexpr int64_t kWorkers = 16;

/// How much better balanced the other dimension must be to be preferred.
static constexpr double kBetter = 0.1;

/// Whether two boxes of one tensor have no element in common.
static bool areDisjoint(tensor::ExtractSliceOp a, tensor::ExtractSliceOp b) {
  if (!a || !b || a.getSourceType() != b.getSourceType() ||
      ShapedType::isDynamicShape(a.getStaticOffsets()) ||
      ShapedType::isDynamicShape(b.getStaticOffsets()))
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
  if (!main || !isAlone)
    return nullptr;
  auto getBox = [](linalg::LinalgOp op) {
    return getDestination(op).getDefiningOp<tensor::ExtractSliceOp>();
  };
  bool areApart = llvm::all_of(fills, [&](linalg::FillOp fill) {
    return fill->hasOneUse() &&
           isa<tensor::InsertSliceOp>(*fill->getUsers().begin()) &&
           areDisjoint(getBox(fill), getBox(main));
  });
  return areApart ? main : nullptr;
}

/// The mean share of time, for 2 to 16 workers, that a worker is busy with its
/// share of `units` equal units.
static double getBalance(int64_t units) {
  double sum = 0;
  for (int64_t workers = 2; workers <= kWorkers; ++workers)
    sum += double(units) / double(workers * llvm::divideCeil(units, workers));
  return sum / (kWorkers - 1);
}

std::optional<int64_t> mobileone::chooseSplit(linalg::LinalgOp root,
                                              const Schedule &schedule,
                                              const IsaLevel &level) {
  linalg::LinalgOp op = findContraction(root);
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  unsigned parallel = op.getNumParallelLoops();
  if (parallel < 2 ||
      TileModel(op, schedule.reductionTile, level).getCycles(schedule.tile) <
          kLeastCycles)
    return std::nullopt;
  auto getUnits = [&](int64_t dim) {
    return llvm::divideCeil(extents[dim], schedule.tile[dim]);
  };
  // Rows of pixels, or panels of channels. A worker with some of the rows reads
  // all weights, one with some of the panels all pixels: the fewer are better
  // read twice.
  int64_t rows = 0, panels = parallel - 2, pixels = 1;
  for (int64_t d = rows; d != panels; ++d)
    pixels *= extents[d];
  bool hasRows = pixels >= extents[panels] * kPanel;
  int64_t preferred = hasRows ? rows : panels, other = hasRows ? panels : rows;
  if (getBalance(getUnits(other)) > getBalance(getUnits(preferred)) + kBetter)
    preferred = other;
  if (getUnits(preferred) < 2)
    return std::nullopt;
  return preferred;
}
