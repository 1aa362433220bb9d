// What is read by a tile, and what kind of kernel it is.
#include "Nests.h"
#include "gtest/gtest.h"

using namespace mobileone;

// Neighbours share: a row of 14 results under a window of 3 columns reads 14 +
// 2 vectors of each of three rows, with stride 2 it reads 13 * 2 + 3.
TEST(LoopNestTest, reads_of_a_sliding_window) {
  LoopNest nest = makeDepthwise(14, 14, 256, 1);
  EXPECT_EQ(nest.inputs[0].countReads({{1, 14}, 1, 16, {3, 3}}), 3 * 16);
  EXPECT_EQ(nest.inputs[0].countReads({{2, 7}, 1, 16, {3, 3}}), 4 * 9);
  EXPECT_EQ(nest.inputs[0].countReads({{1, 14}, 2, 16, {3, 3}}), 2 * 3 * 16);
  EXPECT_EQ(nest.inputs[0].countReads({{1, 1}, 1, 16, {1, 1}}), 1);
  EXPECT_EQ(nest.inputs[1].countReads({{2, 7}, 1, 16, {3, 3}}), 9);
  nest = makeDepthwise(14, 14, 256, 2);
  EXPECT_EQ(nest.inputs[0].countReads({{1, 14}, 1, 16, {3, 3}}), 3 * 29);
  // Of every other column a window of one column reads no neighbour's.
  EXPECT_EQ(nest.inputs[0].countReads({{1, 14}, 1, 16, {1, 1}}), 14);
}

TEST(LoopNestTest, reads_of_a_matrix_product) {
  LoopNest nest = makePointwise(14, 14, 256, 256);
  PerLoop tile = {{1, 14}, 2, 16, {4}};
  EXPECT_EQ(nest.inputs[0].countReads(tile), 14 * 4); // no panel more
  EXPECT_EQ(nest.inputs[1].countReads(tile), 2 * 4);  // no pixel more
}

TEST(LoopNestTest, kinds) {
  LoopNest matrix = makePointwise(14, 14, 256, 256);
  EXPECT_TRUE(matrix.isMatrixProduct());
  EXPECT_FALSE(matrix.isWindow());
  LoopNest window = makeDepthwise(14, 14, 256, 1);
  EXPECT_TRUE(window.isWindow());
  EXPECT_FALSE(window.isMatrixProduct());
  // Without a reduction it is neither.
  LoopNest copy;
  copy.extents = {{3}, 4, 16, {}};
  copy.inputs = {{{{{1}, 0, 0, {}}, {{0}, 1, 0, {}}, {{0}, 0, 1, {}}}}};
  EXPECT_FALSE(copy.isReduction() || copy.isWindow() || copy.isMatrixProduct());
  // Weights that lie lane by lane are no matrix [panel][step][lane].
  LoopNest other = makePointwise(14, 14, 256, 256);
  std::swap(other.inputs[1].strides[1], other.inputs[1].strides[2]);
  EXPECT_FALSE(other.isMatrixProduct());
}

TEST(LoopNestTest, steps_in_a_row) {
  LoopNest nest = makePointwise(14, 14, 256, 256);
  EXPECT_TRUE(nest.readsStepsInRow({{1, 7}, 1, 8, {4}}));
  EXPECT_FALSE(nest.readsStepsInRow({{1, 7}, 1, 8, {1}}));
  // Every other element.
  LoopNest sparse = nest;
  sparse.inputs[0].strides[2].depth = {2};
  EXPECT_FALSE(sparse.readsStepsInRow({{1, 7}, 1, 8, {4}}));
  // Along a diagonal.
  LoopNest diagonal = nest;
  diagonal.inputs[0].strides[1].depth = {1};
  EXPECT_FALSE(diagonal.readsStepsInRow({{1, 7}, 1, 8, {4}}));
}
