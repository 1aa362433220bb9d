// Which blocks stay in float32.
#include "compiler/Quantization/ChooseSensitive.h"

#include <gtest/gtest.h>

using namespace mobileone;

/// Blocks of one output pixel with these multiply-adds.
static FloatNetwork makeNetwork(const std::vector<int64_t> &costs) {
  FloatNetwork network;
  for (int64_t cost : costs) {
    FloatBlock block;
    block.shape.inputChannels = cost;
    block.shape.outputChannels = block.shape.groups = 1;
    block.shape.input = block.shape.output = block.shape.kernel = {1, 1};
    network.blocks.push_back(std::move(block));
  }
  return network;
}

static std::vector<size_t> choose(const std::vector<int64_t> &costs,
                                  size_t layers, double share) {
  std::vector<bool> isReal = chooseSensitive(makeNetwork(costs), layers, share);
  std::vector<size_t> indices;
  for (size_t i = 0; i != isReal.size(); ++i)
    if (isReal[i])
      indices.push_back(i);
  return indices;
}

// Of 100: the stem and its pair, and the pair before the last one.
TEST(ChooseSensitive, TakesBothEnds) {
  std::vector<int64_t> costs{6, 1, 2, 20, 20, 21, 1, 4, 5, 20};
  EXPECT_EQ(choose(costs, 5, 0.15), (std::vector<size_t>{0, 1, 2, 6, 7}));
}

TEST(ChooseSensitive, KeepsTheBudget) {
  std::vector<int64_t> costs{6, 1, 2, 20, 20, 21, 1, 4, 5, 20};
  EXPECT_EQ(choose(costs, 3, 0.15), (std::vector<size_t>{0, 1, 2}));
  // What does not fit is left out, what is behind it may fit.
  EXPECT_EQ(choose(costs, 5, 0.08), (std::vector<size_t>{0, 1, 6}));
  // The first block reads real numbers, whatever it costs.
  EXPECT_EQ(choose(costs, 0, 0), (std::vector<size_t>{0}));
}

TEST(ChooseSensitive, TakesTheFirstBlockOfSmallNetworks) {
  EXPECT_EQ(choose({1, 1, 1, 97}, 5, 0.5), (std::vector<size_t>{0}));
}
