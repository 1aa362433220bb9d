// How Strassen's algorithm cuts a product, and when it is chosen.
#include "compiler/Schedule/Strassen.h"
#include "Nests.h"
#include "compiler/Schedule/ChooseSchedule.h"
#include "gtest/gtest.h"

using namespace mobileone;

namespace {

const IsaLevel &getLevel(llvm::StringRef name) { return *findIsaLevel(name); }

/// Whether the model of `level` prefers it to all products.
bool gains(const LoopNest &nest, llvm::StringRef level) {
  llvm::SmallVector<Schedule> strassen =
      rankStrassen(nest, Loop{Loop::Pixels}, getLevel(level));
  return !strassen.empty() &&
         gainsFromStrassen(
             nest, strassen.front(),
             rankSchedules(nest, /*isShared=*/true, getLevel(level)).front(),
             getLevel(level));
}

} // namespace

TEST(StrassenTest, PartIsHalfOfColumnsPanelsAndDepth) {
  std::optional<LoopNest> part =
      getStrassenPart(makePointwise(28, 30, 128, 192), 7);
  ASSERT_TRUE(part);
  EXPECT_EQ(part->extents, (PerLoop{{7, 15}, 6, 16, {64}}));
  EXPECT_TRUE(part->isMatrixProduct());
}

TEST(StrassenTest, PartNeedsHalves) {
  EXPECT_TRUE(getStrassenPart(makePointwise(14, 14, 64, 64), 14));
  EXPECT_FALSE(getStrassenPart(makePointwise(14, 13, 64, 64), 14)); // columns
  EXPECT_FALSE(getStrassenPart(makePointwise(14, 14, 80, 64), 14)); // depth
  EXPECT_FALSE(getStrassenPart(makePointwise(14, 14, 64, 48), 14)); // panels
  EXPECT_FALSE(getStrassenPart(makePointwise(14, 14, 64, 64), 4));  // bands
  EXPECT_FALSE(getStrassenPart(makePointwise(14, 14, 64, 64), 0));
  EXPECT_FALSE(getStrassenPart(makePointwise(14, 14, 64, 64), -7));
  EXPECT_FALSE(getStrassenPart(makeDepthwise(14, 14, 64, 1), 14));
}

TEST(StrassenTest, BandsHaveSome100PixelsInAHalf) {
  auto getRows = [](int64_t height, int64_t width) {
    return rankStrassen(makePointwise(height, width, 256, 256), std::nullopt,
                        getLevel("x86-64-v4"))
        .front()
        .strassen->rows;
  };
  EXPECT_EQ(getRows(14, 14), 14);
  EXPECT_EQ(getRows(28, 28), 7);
  EXPECT_EQ(getRows(56, 56), 4);
  EXPECT_EQ(getRows(112, 112), 2);
  EXPECT_EQ(getRows(13, 26), 1); // of a prime number of rows
  EXPECT_EQ(getRows(7, 512), 1);
}

TEST(StrassenTest, TheOnlyBandHasTwoGroups) {
  PerLoop extents = makePointwise(14, 14, 256, 256).extents;
  EXPECT_EQ(getGroupRows(extents, {14}), 7);
  EXPECT_EQ(getGroupRows(extents, {7}), 7);
  EXPECT_EQ(getGroupRows(makePointwise(13, 14, 256, 256).extents, {13}), 13);
}

TEST(StrassenTest, UnitsAreTilesOfLeftPanelsInAGroup) {
  Schedule schedule;
  schedule.tile = {{1, 7}, 2, 16, {4}};
  schedule.strassen = Strassen{14};
  EXPECT_EQ(
      countStrassenUnits(makePointwise(14, 14, 256, 256).extents, schedule),
      2 * 4);
  schedule.strassen = Strassen{7};
  EXPECT_EQ(
      countStrassenUnits(makePointwise(28, 28, 128, 192).extents, schedule),
      4 * 3);
}

TEST(StrassenTest, EveryScheduleCoversWholeTiles) {
  for (const IsaLevel &level : getIsaLevels())
    for (auto [width, channels] : {std::pair<int64_t, int64_t>{2, 32},
                                   {2, 160},
                                   {6, 32},
                                   {6, 96},
                                   {6, 224},
                                   {14, 64},
                                   {14, 320},
                                   {14, 896},
                                   {28, 448}}) {
      LoopNest nest = makePointwise(14, width, channels, channels);
      llvm::SmallVector<Schedule> ranked =
          rankStrassen(nest, std::nullopt, level);
      EXPECT_FALSE(ranked.empty()) << level.name.str() << ' ' << channels;
      for (const Schedule &schedule : ranked) {
        EXPECT_EQ(channels / 32 % *schedule.tile.panels, 0) << channels;
        EXPECT_LE(2 * schedule.tile.countVectors() * schedule.tile.lanes,
                  level.registers * level.getLanes(32));
      }
    }
}

TEST(StrassenTest, LargeLayersGainAtEveryLevel) {
  for (const IsaLevel &level : getIsaLevels()) {
    EXPECT_TRUE(gains(makePointwise(14, 14, 256, 256), level.name));
    EXPECT_TRUE(gains(makePointwise(14, 14, 896, 896), level.name));
    EXPECT_TRUE(gains(makePointwise(28, 28, 448, 448), level.name));
  }
}

TEST(StrassenTest, SmallLayersGainWhereLoadsCostLittle) {
  EXPECT_TRUE(gains(makePointwise(28, 28, 128, 128), "x86-64-v3"));
  EXPECT_TRUE(gains(makePointwise(28, 28, 128, 128), "x86-64-v4"));
  EXPECT_FALSE(gains(makePointwise(28, 28, 128, 128), "armv8-a"));
}

TEST(StrassenTest, SmallLayersDoNot) {
  EXPECT_FALSE(gains(makePointwise(7, 8, 896, 2048), "x86-64-v4"));
  EXPECT_FALSE(gains(makePointwise(28, 28, 96, 256), "x86-64-v4"));
  EXPECT_FALSE(gains(makePointwise(28, 28, 256, 64), "x86-64-v4"));
}
