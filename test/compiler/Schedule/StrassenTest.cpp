// How Strassen's algorithm cuts a product, and when it is chosen.
#include "compiler/Schedule/Strassen.h"
#include "Nests.h"
#include "compiler/Schedule/ChooseSchedule.h"
#include "gtest/gtest.h"

using namespace mobileone;

namespace {

const IsaLevel &getLevel(llvm::StringRef name) { return *findIsaLevel(name); }

/// Whether the model of `level` prefers it to all products.
bool gains(const LoopNest &nest, llvm::StringRef level, int64_t levels = 1) {
  llvm::SmallVector<Schedule> strassen =
      rankStrassen(nest, levels, Loop{Loop::Pixels}, getLevel(level));
  return !strassen.empty() &&
         gainsFromStrassen(
             nest, *strassen.front().strassen,
             rankSchedules(nest, /*isShared=*/true, getLevel(level)).front(),
             getLevel(level));
}

bool hasPart(const LoopNest &nest, Strassen strassen) {
  return getStrassenPart(nest, strassen).has_value();
}

constexpr Strassen twice(int64_t rows) { return {rows, 2, Strassen::Compile}; }

} // namespace

TEST(StrassenTest, PartIsHalfOfColumnsPanelsAndDepth) {
  std::optional<LoopNest> part =
      getStrassenPart(makePointwise(28, 30, 128, 192), {7});
  ASSERT_TRUE(part);
  EXPECT_EQ(part->extents, (PerLoop{{7, 15}, 6, 16, {64}}));
  EXPECT_TRUE(part->isMatrixProduct());
}

TEST(StrassenTest, PartOfTwoLevelsIsAlsoHalfOfRows) {
  LoopNest nest = makePointwise(28, 30, 128, 192);
  std::optional<LoopNest> part = getStrassenPart(nest, twice(14));
  ASSERT_TRUE(part);
  EXPECT_EQ(part->extents, (PerLoop{{7, 15}, 3, 16, {32}}));
  EXPECT_EQ(getStrassenHalf(nest, twice(14)).extents,
            (PerLoop{{7, 30}, 6, 16, {64}}));
}

TEST(StrassenTest, PartNeedsHalves) {
  EXPECT_TRUE(hasPart(makePointwise(14, 14, 64, 64), {14}));
  EXPECT_FALSE(hasPart(makePointwise(14, 13, 64, 64), {14})); // columns
  EXPECT_FALSE(hasPart(makePointwise(14, 14, 80, 64), {14})); // depth
  EXPECT_FALSE(hasPart(makePointwise(14, 14, 64, 48), {14})); // panels
  EXPECT_FALSE(hasPart(makePointwise(14, 14, 64, 64), {4}));  // bands
  EXPECT_FALSE(hasPart(makePointwise(14, 14, 64, 64), {0}));
  EXPECT_FALSE(hasPart(makePointwise(14, 14, 64, 64), {-7}));
  EXPECT_FALSE(hasPart(makeDepthwise(14, 14, 64, 1), {14}));
}

TEST(StrassenTest, PartOfTwoLevelsNeedsQuarters) {
  EXPECT_TRUE(hasPart(makePointwise(14, 14, 64, 64), twice(14)));
  EXPECT_FALSE(hasPart(makePointwise(14, 14, 64, 64), twice(7))); // rows
  EXPECT_FALSE(hasPart(makePointwise(14, 13, 64, 64), twice(14)));
  EXPECT_FALSE(hasPart(makePointwise(14, 14, 96, 64), twice(14)));
  EXPECT_FALSE(hasPart(makePointwise(14, 14, 64, 96), twice(14)));
}

TEST(StrassenTest, BandsHaveSome100PixelsInAPart) {
  auto getRows = [](int64_t height, int64_t width, int64_t levels = 1) {
    llvm::SmallVector<Schedule> ranked =
        rankStrassen(makePointwise(height, width, 256, 256), levels,
                     std::nullopt, getLevel("x86-64-v4"));
    return ranked.empty() ? 0 : ranked.front().strassen->rows;
  };
  EXPECT_EQ(getRows(14, 14), 14);
  EXPECT_EQ(getRows(28, 28), 7);
  EXPECT_EQ(getRows(56, 56), 4);
  EXPECT_EQ(getRows(112, 112), 2);
  EXPECT_EQ(getRows(13, 26), 1); // of a prime number of rows
  EXPECT_EQ(getRows(7, 512), 1);
  EXPECT_EQ(getRows(14, 14, 2), 14);
  EXPECT_EQ(getRows(28, 28, 2), 14);
  EXPECT_EQ(getRows(56, 56, 2), 8);
  EXPECT_EQ(getRows(8, 512, 2), 2);
  EXPECT_EQ(getRows(7, 14, 2), 0);
  EXPECT_EQ(getRows(1, 14, 2), 0);
}

TEST(StrassenTest, UnitsAreTilesOfLeftPanelsInABand) {
  Schedule schedule;
  schedule.tile = {{1, 7}, 2, 16, {4}};
  schedule.strassen = Strassen{14};
  EXPECT_EQ(
      countStrassenUnits(makePointwise(14, 14, 256, 256).extents, schedule), 4);
  schedule.strassen = Strassen{7};
  EXPECT_EQ(
      countStrassenUnits(makePointwise(28, 28, 128, 192).extents, schedule),
      4 * 3);
  schedule.strassen = twice(14);
  EXPECT_EQ(
      countStrassenUnits(makePointwise(28, 28, 128, 256).extents, schedule),
      2 * 2);
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
          rankStrassen(nest, /*levels=*/1, std::nullopt, level);
      EXPECT_FALSE(ranked.empty()) << level.name.str() << ' ' << channels;
      for (const Schedule &schedule : ranked) {
        EXPECT_EQ(channels / 32 % *schedule.tile.panels, 0) << channels;
        EXPECT_LE(2 * schedule.tile.countVectors() * schedule.tile.lanes,
                  level.registers * level.getLanes(32));
      }
    }
}

/// Levels at which the products take the time, and not the loads beside them.
static std::vector<IsaLevel> getLevelsOfProducts() {
  std::vector<IsaLevel> levels;
  for (const IsaLevel &level : getIsaLevels())
    if (level.product.perCycle <= level.loads || level.product.takesElements)
      levels.push_back(level);
  return levels;
}

TEST(StrassenTest, LargeLayersGain) {
  for (const IsaLevel &level : getLevelsOfProducts()) {
    EXPECT_TRUE(gains(makePointwise(14, 14, 256, 256), level.name))
        << level.name.str();
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

TEST(StrassenTest, OnlyManyChannelsGainTwice) {
  for (const IsaLevel &level : getLevelsOfProducts()) {
    EXPECT_TRUE(gains(makePointwise(28, 28, 448, 448), level.name, 2));
    EXPECT_TRUE(gains(makePointwise(14, 14, 896, 896), level.name, 2));
    EXPECT_FALSE(gains(makePointwise(28, 28, 256, 256), level.name, 2));
  }
}

// A load for each multiply-add is too many on cores that start two of each in a
// cycle, and so is a loop for each step.
TEST(StrassenTest, TilesHaveTwoPanelsAndSomeSteps) {
  for (int64_t channels : {128, 448, 896}) {
    PerLoop tile =
        rankStrassen(makePointwise(14, 28, channels, channels),
                     /*levels=*/1, std::nullopt, getLevel("x86-64-v4"))
            .front()
            .tile;
    EXPECT_EQ(tile.panels, 2) << channels;
    EXPECT_EQ(tile.countSteps(), 4) << channels;
  }
}
