// Turns every linalg op of a kernel into loops over register tiles.
#include "compiler/Codegen/Passes.h"
#include "compiler/Codegen/Schedule.h"
#include "compiler/Codegen/TileVectorizer.h"
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
              Schedule schedule)
      : b(builder), root(root), schedule(std::move(schedule)),
        extents(root.getStaticLoopRanges()), base(this->schedule.tile.size()),
        tile(this->schedule.tile.size()) {}

  /// Computes the op into `destination`, from loop `level` inwards.
  Value build(Value destination, unsigned level = 0);

private:
  SmallVector<Segment> getSegments(size_t dim) const;

  ImplicitLocOpBuilder &b;
  linalg::LinalgOp root;
  Schedule schedule;
  SmallVector<int64_t> extents;
  SmallVector<OpFoldResult> base;
  SmallVector<int64_t> tile;
};

} // namespace

SmallVector<Segment> KernelLoops::getSegments(size_t dim) const {
  int64_t extent = extents[dim], size = schedule.tile[dim];
  if (dim + 1 != schedule.tile.size())
    return splitEvenly(extent, size);
  // The last vector of a row overlaps the one before it: no masks.
  SmallVector<Segment> segments{{0, size, extent / size}};
  if (extent % size)
    segments.push_back({extent - size, size, 1});
  return segments;
}

Value KernelLoops::build(Value destination, unsigned level) {
  if (level == schedule.order.size())
    return TileVectorizer(b, base, tile, schedule).write(root, destination);
  int64_t dim = schedule.order[level];
  for (Segment segment : getSegments(dim)) {
    tile[dim] = segment.tile;
    if (segment.count == 1) {
      base[dim] = b.getIndexAttr(segment.start);
      destination = build(destination, level + 1);
      continue;
    }
    int64_t end = segment.start + segment.count * segment.tile;
    auto loop = scf::ForOp::create(
        b, arith::ConstantIndexOp::create(b, segment.start),
        arith::ConstantIndexOp::create(b, end),
        arith::ConstantIndexOp::create(b, segment.tile), destination);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    base[dim] = loop.getInductionVar();
    scf::YieldOp::create(b, build(loop.getRegionIterArg(0), level + 1));
    destination = loop.getResult(0);
  }
  return destination;
}

/// Checks that the tiles can cover `root` with whole vectors.
static LogicalResult checkLanes(linalg::LinalgOp root,
                                const Schedule &schedule) {
  unsigned lanes = root.getNumParallelLoops() - 1;
  int64_t extent = root.getStaticLoopRanges()[lanes];
  int64_t width = schedule.tile.back();
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
  void runOnOperation() override {
    SmallVector<linalg::LinalgOp> ops;
    getOperation().walk([&](linalg::LinalgOp op) { ops.push_back(op); });
    for (linalg::LinalgOp op : ops)
      if (failed(verifyKernelOp(op)))
        return signalPassFailure();
    for (linalg::LinalgOp op : ops)
      if (isChainEnd(op) && failed(vectorize(op)))
        return signalPassFailure();
    for (linalg::LinalgOp op : llvm::reverse(ops))
      op.erase();
  }

  LogicalResult vectorize(linalg::LinalgOp root) {
    FailureOr<Schedule> schedule = Schedule::fromAttr(root);
    if (failed(schedule) || failed(checkLanes(root, *schedule)))
      return failure();
    ImplicitLocOpBuilder b(root.getLoc(), root);
    Value destination = root.getDpsInitOperand(0)->get();
    // The chain starts from the buffer that its first op writes into.
    while (auto producer = destination.getDefiningOp<linalg::LinalgOp>()) {
      if (!isComputedInPlace(*producer->getUses().begin()))
        break;
      destination = producer.getDpsInitOperand(0)->get();
    }
    Value result = KernelLoops(b, root, *schedule).build(destination);
    root->getResult(0).replaceAllUsesWith(result);
    if (auto loop = result.getDefiningOp<LoopLikeOpInterface>();
        loop && schedule->hoistInvariants)
      loop->walk(
          [](LoopLikeOpInterface inner) { moveLoopInvariantCode(inner); });
    return success();
  }
};

} // namespace
