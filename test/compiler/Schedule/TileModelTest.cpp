// What the model of a core says of known kernels. Nothing here needs MLIR.
#include "compiler/Schedule/TileModel.h"
#include "Nests.h"
#include "compiler/Schedule/ChooseSchedule.h"
#include "gtest/gtest.h"

using namespace mobileone;

namespace {

PerLoop chooseTile(const LoopNest &nest, llvm::StringRef level) {
  return rankSchedules(nest, /*isShared=*/true, *findIsaLevel(level))
      .front()
      .tile;
}

bool fits(const LoopNest &nest, llvm::StringRef name, const PerLoop &tile,
          bool byElement = false) {
  const IsaLevel &level = *findIsaLevel(name);
  return TileModel(nest, level.product, level, byElement).fits(tile);
}

double getCycles(const LoopNest &nest, const PerLoop &tile) {
  const IsaLevel &level = *findIsaLevel("x86-64-v4");
  return TileModel(nest, level.product, level, /*byElement=*/false)
      .getCycles(tile);
}

} // namespace

// Registers are sums + a vector of weights per panel + the broadcast of a
// pixel, each vector of 16 lanes being as many registers as the level needs for
// it.
TEST(TileModelTest, tiles_of_a_pointwise_layer) {
  LoopNest nest = makePointwise(14, 14, 256, 256);
  // (2 + 1) * 4 + 1 = 13 of 16; 3 pixels would take 17.
  EXPECT_EQ(chooseTile(nest, "x86-64-v2"), (PerLoop{{1, 2}, 1, 16, {4}}));
  // (2 * 2 + 2) * 2 + 1 = 13 of 16; 3 pixels would take 17.
  EXPECT_EQ(chooseTile(nest, "x86-64-v3"), (PerLoop{{1, 2}, 2, 16, {4}}));
  // 14 * 2 + 2 + 1 = 31 of 32: a whole row.
  EXPECT_EQ(chooseTile(nest, "x86-64-v4"), (PerLoop{{1, 14}, 2, 16, {4}}));
  // 8 lanes. Each pixel's steps stay in a register of its own, so that 14
  // pixels do not fit, and half of them do: (7 + 1) * 2 + 7 = 23 of 32.
  EXPECT_EQ(chooseTile(nest, "armv8-a"), (PerLoop{{1, 7}, 1, 8, {4}}));
}

// Sums that wait for nobody: two multiply-adds in each of four cycles of
// latency want eight of them, where there are registers for as many weights.
TEST(TileModelTest, tiles_of_a_classifier) {
  LoopNest nest = makePointwise(1, 1, 1024, 1008);
  // (1 + 1) * 4 + 1 = 9 of 16; 2 panels would take 17.
  EXPECT_EQ(chooseTile(nest, "x86-64-v2"), (PerLoop{{1, 1}, 1, 16, {4}}));
  // (3 + 3) * 2 + 1 = 13 of 16; 4 panels would take 17.
  EXPECT_EQ(chooseTile(nest, "x86-64-v3"), (PerLoop{{1, 1}, 3, 16, {4}}));
  // 11 + 11 + 1 = 23 of 32: 63 panels are 6 tiles of 11 or 10.
  EXPECT_EQ(chooseTile(nest, "x86-64-v4"), (PerLoop{{1, 1}, 11, 16, {4}}));
  // (7 + 7) * 2 + 1 = 29 of 32: 63 panels are 9 tiles of 7.
  EXPECT_EQ(chooseTile(nest, "armv8-a"), (PerLoop{{1, 1}, 7, 8, {4}}));
}

// Lanes are one register. 16 registers hold a row of the window: 7 sums + 3
// weights + 4 others. 32 hold all of it: 14 + 9 + 4, and on Arm, which loads
// into a register what it multiplies, 14 + 9 + 8.
TEST(TileModelTest, tiles_of_a_depthwise_layer) {
  for (int64_t stride : {1, 2}) {
    LoopNest nest = makeDepthwise(14, 14, 256, stride);
    EXPECT_EQ(chooseTile(nest, "x86-64-v2"), (PerLoop{{1, 7}, 1, 4, {3, 3}}));
    EXPECT_EQ(chooseTile(nest, "x86-64-v3"), (PerLoop{{1, 7}, 1, 8, {3, 3}}));
    EXPECT_EQ(chooseTile(nest, "x86-64-v4"), (PerLoop{{1, 14}, 1, 16, {3, 3}}));
  }
  EXPECT_EQ(chooseTile(makeDepthwise(14, 14, 256, 1), "armv8-a"),
            (PerLoop{{1, 14}, 1, 4, {3, 3}}));
  // One load in a cycle counts: 2x7 results of stride 2 read 5 x 15 vectors,
  // 1x14 of them 3 x 29.
  EXPECT_EQ(chooseTile(makeDepthwise(14, 14, 256, 2), "armv8-a"),
            (PerLoop{{2, 7}, 1, 4, {3, 3}}));
}

// 16 registers hold a row of 5 weights, 7 sums and 4 others; of a row of 7
// weights two come from memory. Arm loads all 7: 14 + 7 + 8 = 29 of 32.
TEST(TileModelTest, tiles_of_wide_windows) {
  for (int64_t window : {5, 7}) {
    LoopNest nest = makeDepthwise(14, 14, 256, 1, window);
    PerLoop small = {{1, 7}, 1, 4, {window, window}};
    PerLoop large = {{1, 14}, 1, 16, {window, window}};
    EXPECT_EQ(chooseTile(nest, "x86-64-v2"), small);
    small.lanes = 8;
    EXPECT_EQ(chooseTile(nest, "x86-64-v3"), small);
    EXPECT_EQ(chooseTile(nest, "x86-64-v4"), large);
    large.lanes = 4;
    EXPECT_EQ(chooseTile(nest, "armv8-a"), large);
  }
}

TEST(TileModelTest, what_spills_does_not_fit) {
  LoopNest nest = makePointwise(15, 15, 256, 256);
  // 14 * 2 + 2 + 1 = 31 and 15 * 2 + 2 + 1 = 33 of 32.
  EXPECT_TRUE(fits(nest, "x86-64-v4", {{1, 14}, 2, 16, {4}}));
  EXPECT_FALSE(fits(nest, "x86-64-v4", {{1, 15}, 2, 16, {4}}));
  // Half the lanes, half the registers, at half their width the same again.
  EXPECT_FALSE(fits(nest, "x86-64-v3", {{1, 3}, 2, 16, {4}}));
  EXPECT_TRUE(fits(nest, "x86-64-v3", {{1, 3}, 2, 8, {4}}));
  EXPECT_FALSE(fits(nest, "x86-64-v2", {{1, 3}, 2, 8, {4}}));
  // (8 + 1) * 2 + 8 = 26 and (10 + 1) * 2 + 10 = 32; one more is too many, but
  // not where pixels come one by one: (11 + 1) * 2 + 1 = 25.
  EXPECT_TRUE(fits(nest, "armv8-a", {{1, 8}, 1, 8, {4}}, /*byElement=*/true));
  EXPECT_TRUE(fits(nest, "armv8-a", {{1, 10}, 1, 8, {4}}, /*byElement=*/true));
  EXPECT_FALSE(fits(nest, "armv8-a", {{1, 11}, 1, 8, {4}}, /*byElement=*/true));
  EXPECT_TRUE(fits(nest, "armv8-a", {{1, 11}, 1, 8, {4}}));
  // One vector always goes, if through memory.
  for (const IsaLevel &level : getIsaLevels())
    EXPECT_TRUE(fits(nest, level.name, {{1, 1}, 1, 1024, {4}}));
}

// Every tile that is ranked fits, the fastest first, with a limit.
TEST(TileModelTest, ranked_tiles_fit) {
  for (const LoopNest &nest :
       {makePointwise(14, 14, 256, 256), makePointwise(1, 1, 1024, 1008),
        makeDepthwise(14, 14, 256, 1), makeDepthwise(7, 7, 1024, 2),
        makeDepthwise(14, 14, 256, 1, 5), makeDepthwise(28, 28, 64, 2, 7)})
    for (const IsaLevel &level : getIsaLevels())
      for (const Schedule &schedule :
           rankSchedules(nest, /*isShared=*/false, level)) {
        TileModel model(nest, level.product, level, schedule.byElement);
        EXPECT_TRUE(model.fits(schedule.tile));
        EXPECT_EQ(model.holdsWindow(schedule.tile), schedule.hoistInvariants);
        EXPECT_FALSE(schedule.split);
      }
}

TEST(TileModelTest, a_window_is_held_where_it_fits) {
  LoopNest nest = makeDepthwise(14, 14, 256, 1);
  auto holds = [&](llvm::StringRef name, const PerLoop &tile) {
    const IsaLevel &level = *findIsaLevel(name);
    return TileModel(nest, level.product, level, false).holdsWindow(tile);
  };
  EXPECT_TRUE(holds("x86-64-v4", {{1, 14}, 1, 16, {3, 3}}));
  EXPECT_FALSE(holds("x86-64-v3", {{1, 7}, 1, 8, {3, 3}})); // 7 + 9 + 4
  EXPECT_FALSE(holds("armv8-a", {{1, 16}, 1, 4, {3, 3}}));  // 16 + 9 + 8
}

TEST(TileModelTest, cycles_grow_with_work) {
  PerLoop tile = {{1, 14}, 2, 16, {4}};
  double cycles = getCycles(makePointwise(14, 14, 256, 256), tile);
  EXPECT_GT(getCycles(makePointwise(14, 14, 512, 256), tile), 1.9 * cycles);
  EXPECT_DOUBLE_EQ(getCycles(makePointwise(14, 14, 256, 512), tile),
                   2 * cycles);
  EXPECT_DOUBLE_EQ(getCycles(makePointwise(28, 14, 256, 256), tile),
                   2 * cycles);
  // At least what two multiply-adds of 16 lanes in a cycle leave.
  EXPECT_GT(cycles, 14.0 * 14 * 256 * 256 / (2 * 16));
  // One pixel at a time waits for sums and reads weights again and again.
  EXPECT_GT(getCycles(makePointwise(14, 14, 256, 256), {{1, 1}, 1, 16, {4}}),
            4 * cycles);
}
