// Turns every linalg op of a kernel into loops over register tiles.
#include "compiler/Codegen/Passes.h"
#include "compiler/Codegen/TileVectorizer.h"
#include "compiler/Contract/KernelFunction.h"
#include "compiler/Schedule/Chain.h"
#include "compiler/Schedule/VerifySchedule.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "mlir/Transforms/LoopInvariantCodeMotionUtils.h"

namespace mobileone {
#define GEN_PASS_DEF_MOBILEONEVECTORIZEKERNELSPASS
#include "compiler/Codegen/Passes.h.inc"
} // namespace mobileone

using namespace mlir;
using namespace mobileone;

namespace {

/// Builds the loops around the tiles of one linalg op.
class KernelLoops {
public:
  KernelLoops(ImplicitLocOpBuilder &builder, linalg::LinalgOp root,
              Schedule schedule, const IsaLevel &machine)
      : b(builder), root(root), schedule(std::move(schedule)), machine(machine),
        dims(findContraction(root)), extents(getExtents(findContraction(root))),
        base(dims.getNumDims(), b.getIndexAttr(0)), tile(this->schedule.tile),
        panelTile(b.getIndexAttr(0)) {
    auto kernel = root->getParentOfType<func::FuncOp>();
    if (!this->schedule.split || !kernel->hasAttr(kUnitsAttr))
      return;
    range = kernel.getArguments().take_back(2);
    unitsPerTile = this->schedule.countUnitsPerTile(extents);
  }

  /// Computes the op into `destination`, from loop `level` inwards.
  Value build(Value destination, unsigned level = 0);

private:
  SmallVector<Segment> getSegments(Loop loop) const;
  /// Computes those of the `segment`'s tiles that are in the range of units.
  /// The first of them is number `first` along the loop to split.
  Value buildShare(Value destination, unsigned level, Segment segment,
                   int64_t first);
  /// Puts a loop around the next level; `base` is where a tile starts.
  Value buildLoop(Value destination, unsigned level, Value lower, Value upper,
                  int64_t step, function_ref<OpFoldResult(Value)> getBase);

  ImplicitLocOpBuilder &b;
  linalg::LinalgOp root;
  Schedule schedule;
  const IsaLevel &machine;
  LoopDims dims;
  PerLoop extents;
  /// Where the loops are, in each dimension.
  SmallVector<OpFoldResult> base;
  PerLoop tile;
  /// Of a kernel that workers share: its range of units, and how many of them a
  /// tile along the loop to split has. Units count through the panels'
  /// tiles of one such tile, then through the next.
  ValueRange range;
  int64_t unitsPerTile = 1;
  OpFoldResult panelTile; // where the loops are, if units count through them
};

} // namespace

SmallVector<Segment> KernelLoops::getSegments(Loop loop) const {
  int64_t extent = extents[loop], size = schedule.tile[loop];
  if (loop.role != Loop::Lanes)
    return splitEvenly(extent, size);
  // The last vector of a row overlaps the one before it: no masks.
  SmallVector<Segment> segments{{0, size, extent / size}};
  if (extent % size)
    segments.push_back({extent - size, size, 1});
  return segments;
}

Value KernelLoops::buildLoop(Value destination, unsigned level, Value lower,
                             Value upper, int64_t step,
                             function_ref<OpFoldResult(Value)> getBase) {
  auto loop = scf::ForOp::create(
      b, lower, upper, arith::ConstantIndexOp::create(b, step), destination);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  base[dims.getDim(schedule.order[level])] = getBase(loop.getInductionVar());
  scf::YieldOp::create(b, build(loop.getRegionIterArg(0), level + 1));
  return loop.getResult(0);
}

Value KernelLoops::buildShare(Value destination, unsigned level,
                              Segment segment, int64_t first) {
  // The first tile whose unit in this tile of the panels is in the range.
  AffineExpr unit = b.getAffineDimExpr(0), panel = b.getAffineDimExpr(1);
  AffineMap toTile = AffineMap::get(2, 0, (unit - panel).ceilDiv(unitsPerTile));
  auto getBound = [&](Value bound) {
    OpFoldResult tile = affine::makeComposedFoldedAffineApply(
        b, b.getLoc(), toTile, {bound, panelTile});
    return getValueOrCreateConstantIndexOp(b, b.getLoc(), tile);
  };
  Value lower = arith::MaxSIOp::create(
      b, getBound(range[0]), arith::ConstantIndexOp::create(b, first));
  Value upper = arith::MinSIOp::create(
      b, getBound(range[1]),
      arith::ConstantIndexOp::create(b, first + segment.count));
  AffineMap start = AffineMap::get(
      1, 0, (b.getAffineDimExpr(0) - first) * segment.tile + segment.start);
  return buildLoop(destination, level, lower, upper, 1, [&](Value unit) {
    return affine::makeComposedFoldedAffineApply(b, b.getLoc(), start, {unit});
  });
}

Value KernelLoops::build(Value destination, unsigned level) {
  if (level == schedule.order.size())
    return TileVectorizer(b, root, base, tile, schedule, machine)
        .write(destination);
  Loop loop = schedule.order[level];
  bool isShared = !range.empty() && schedule.split == loop;
  bool countsPanels = unitsPerTile != 1 && loop.role == Loop::Panels;
  int64_t number = 0; // of the segment's first tile
  for (Segment segment : getSegments(loop)) {
    tile[loop] = segment.tile;
    if (isShared) {
      destination = buildShare(destination, level, segment, number);
    } else if (segment.count == 1) {
      base[dims.getDim(loop)] = b.getIndexAttr(segment.start);
      if (countsPanels)
        panelTile = b.getIndexAttr(number);
      destination = build(destination, level + 1);
    } else {
      int64_t end = segment.start + segment.count * segment.tile;
      AffineMap toNumber = AffineMap::get(
          1, 0,
          (b.getAffineDimExpr(0) - segment.start).floorDiv(segment.tile) +
              number);
      destination = buildLoop(
          destination, level, arith::ConstantIndexOp::create(b, segment.start),
          arith::ConstantIndexOp::create(b, end), segment.tile,
          [&](Value start) -> OpFoldResult {
            if (countsPanels)
              panelTile = affine::makeComposedFoldedAffineApply(
                  b, b.getLoc(), toNumber, {start});
            return start;
          });
    }
    number += segment.count;
  }
  return destination;
}

/// Checks that the tiles can cover `root` with whole vectors.
static LogicalResult checkLanes(linalg::LinalgOp root,
                                const Schedule &schedule) {
  int64_t extent = getExtents(root).lanes, width = schedule.tile.lanes;
  OpOperand *init = root.getDpsInitOperand(0);
  bool overlaps = extent % width != 0;
  if (extent < width || (overlaps && root.payloadUsesValueFromOperand(init)))
    return root.emitOpError("expects an innermost dimension of whole vectors "
                            "of ")
           << width << " elements, but got " << extent;
  return success();
}

namespace {

struct VectorizeKernelsPass
    : mobileone::impl::MobileOneVectorizeKernelsPassBase<VectorizeKernelsPass> {
  using MobileOneVectorizeKernelsPassBase::MobileOneVectorizeKernelsPassBase;

  void runOnOperation() override {
    FailureOr<const IsaLevel *> level =
        getIsaLevel(getOperation().getLoc(), isa);
    if (failed(level))
      return signalPassFailure();
    SmallVector<linalg::LinalgOp> ops;
    getOperation().walk([&](linalg::LinalgOp op) { ops.push_back(op); });
    if (failed(verifyUnits(getOperation())))
      return signalPassFailure();
    for (linalg::LinalgOp op : ops)
      if (failed(verifyKernelOp(op)))
        return signalPassFailure();
    // All schedules are read before any op is replaced: a split depends on all.
    SmallVector<std::pair<linalg::LinalgOp, Schedule>> chains;
    for (linalg::LinalgOp op : ops) {
      if (!isChainEnd(op))
        continue;
      FailureOr<Schedule> schedule = getSchedule(op);
      if (failed(schedule) || failed(checkLanes(op, *schedule)))
        return signalPassFailure();
      chains.push_back({op, *schedule});
    }
    for (auto &[op, schedule] : chains)
      vectorize(op, schedule, **level);
    for (linalg::LinalgOp op : llvm::reverse(ops))
      op.erase();
  }

  void vectorize(linalg::LinalgOp root, const Schedule &schedule,
                 const IsaLevel &level) {
    ImplicitLocOpBuilder b(root.getLoc(), root);
    Value result =
        KernelLoops(b, root, schedule, level).build(getDestination(root));
    root->getResult(0).replaceAllUsesWith(result);
    if (auto loop = result.getDefiningOp<LoopLikeOpInterface>();
        loop && schedule.hoistInvariants)
      loop->walk(
          [](LoopLikeOpInterface inner) { moveLoopInvariantCode(inner); });
  }
};

} // namespace
