// The schedules that are worth timing: the chosen one first, no two alike, and
// every one of them valid.
#include "Nests.h"
#include "compiler/Schedule/Chain.h"
#include "compiler/Schedule/ChooseSchedule.h"
#include "compiler/Schedule/LoopDims.h"
#include "compiler/Schedule/VerifySchedule.h"
#include "dialect/IR/MobileOneOps.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mobileone;

namespace {

constexpr char kPointwise[] = R"(
func.func @kernel(%x: tensor<14x14x64xf32>, %w: tensor<4x64x16xf32>, %r: tensor<14x14x4x16xf32>) -> tensor<14x14x4x16xf32> {
  %0 = linalg.generic {indexing_maps = [
      affine_map<(h, w, p, n, k) -> (h, w, k)>, affine_map<(h, w, p, n, k) -> (p, k, n)>,
      affine_map<(h, w, p, n, k) -> (h, w, p, n)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<14x14x64xf32>, tensor<4x64x16xf32>) outs(%r : tensor<14x14x4x16xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %1 = arith.mulf %a, %b : f32
    %2 = arith.addf %c, %1 : f32
    linalg.yield %2 : f32
  } -> tensor<14x14x4x16xf32>
  return %0 : tensor<14x14x4x16xf32>
})";

constexpr char kDepthwise[] = R"(
func.func @kernel(%x: tensor<16x16x4x16xf32>, %w: tensor<3x3x4x16xf32>, %r: tensor<14x14x4x16xf32>) -> tensor<14x14x4x16xf32> {
  %0 = linalg.generic {indexing_maps = [
      affine_map<(h, w, p, n, i, j) -> (h + i, w + j, p, n)>, affine_map<(h, w, p, n, i, j) -> (i, j, p, n)>,
      affine_map<(h, w, p, n, i, j) -> (h, w, p, n)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%x, %w : tensor<16x16x4x16xf32>, tensor<3x3x4x16xf32>) outs(%r : tensor<14x14x4x16xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %1 = arith.mulf %a, %b : f32
    %2 = arith.addf %c, %1 : f32
    linalg.yield %2 : f32
  } -> tensor<14x14x4x16xf32>
  return %0 : tensor<14x14x4x16xf32>
})";

class ScheduleTest : public testing::Test {
protected:
  ScheduleTest() {
    context.loadDialect<arith::ArithDialect, func::FuncDialect,
                        linalg::LinalgDialect, MobileOneDialect>();
  }

  linalg::LinalgOp parse(StringRef text) {
    module = parseSourceString<ModuleOp>(text, &context);
    auto kernel = cast<func::FuncOp>(module->lookupSymbol("kernel"));
    return getScheduledOps(kernel).front();
  }

  /// Each is what the passes accept, and differs from those before it.
  void check(linalg::LinalgOp op, ArrayRef<Schedule> schedules) {
    for (size_t i = 0; i != schedules.size(); ++i) {
      op->setAttr(kScheduleAttr, ScheduleAttr::get(&context, schedules[i]));
      FailureOr<Schedule> read = getSchedule(op);
      ASSERT_TRUE(succeeded(read));
      EXPECT_TRUE(*read == schedules[i]);
      for (size_t j = 0; j != i; ++j)
        EXPECT_FALSE(schedules[i] == schedules[j]) << i << " and " << j;
    }
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};

} // namespace

// The last dimension of the result is the lanes, the one before the panels.
TEST_F(ScheduleTest, loops_by_role) {
  linalg::LinalgOp op = parse(kPointwise);
  LoopDims dims(op);
  EXPECT_EQ(dims.getDim({Loop::Pixels, 0}), 0U);
  EXPECT_EQ(dims.getDim({Loop::Pixels, 1}), 1U);
  EXPECT_EQ(dims.getDim({Loop::Panels}), 2U);
  EXPECT_EQ(dims.getDim({Loop::Lanes}), 3U);
  EXPECT_EQ(dims.getDim({Loop::Depth}), 4U);
  PerLoop numbers = {{1, 2}, 3, 4, {5}};
  EXPECT_EQ(dims.toLoops({1, 2, 3, 4, 5}), numbers);
  EXPECT_EQ(dims.toDims(numbers), (SmallVector<int64_t>{1, 2, 3, 4, 5}));

  EXPECT_EQ(getLoopNest(op), makePointwise(14, 14, 64, 64));
  EXPECT_EQ(getLoopNest(parse(kDepthwise)), makeDepthwise(14, 14, 64, 1));
}

TEST_F(ScheduleTest, ranked_tiles_of_a_pointwise_layer) {
  linalg::LinalgOp op = parse(kPointwise);
  for (const IsaLevel &level : getIsaLevels()) {
    SmallVector<Schedule> ranked = rankSchedules(op, level);
    EXPECT_GT(ranked.size(), 1U);
    check(op, ranked);
  }
}

// The panels' loop at three depths, 1 or 4 steps of the reduction at a time;
// nothing to keep in registers.
TEST_F(ScheduleTest, loops_of_a_pointwise_layer) {
  linalg::LinalgOp op = parse(kPointwise);
  for (const IsaLevel &level : getIsaLevels()) {
    Schedule chosen = rankSchedules(op, level).front();
    SmallVector<Schedule> variants = getLoopVariants(getLoopNest(op), chosen);
    EXPECT_EQ(variants.size(), 6U);
    check(op, variants);
    EXPECT_TRUE(llvm::is_contained(variants, chosen));
    for (const Schedule &variant : variants) {
      EXPECT_EQ(variant.tile.pixels, chosen.tile.pixels);
      EXPECT_EQ(variant.tile.panels, chosen.tile.panels);
      EXPECT_EQ(variant.tile.lanes, chosen.tile.lanes);
      EXPECT_FALSE(variant.hoistInvariants);
    }
  }
}

// The panels' loop at three depths, at two of which weights can be kept; a
// window is never cut.
TEST_F(ScheduleTest, loops_of_a_depthwise_layer) {
  linalg::LinalgOp op = parse(kDepthwise);
  for (const IsaLevel &level : getIsaLevels()) {
    Schedule chosen = rankSchedules(op, level).front();
    SmallVector<Schedule> variants = getLoopVariants(getLoopNest(op), chosen);
    EXPECT_EQ(variants.size(), 5U);
    check(op, variants);
  }
  Schedule chosen = rankSchedules(op, *findIsaLevel("x86-64-v4")).front();
  EXPECT_TRUE(
      llvm::is_contained(getLoopVariants(getLoopNest(op), chosen), chosen));
}
