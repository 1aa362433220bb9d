// The weights of an object as bytes.
#include "compiler/Codegen/WeightPool.h"
#include "dialect/IR/Weights.h"
#include "mlir/IR/MLIRContext.h"
#include "gtest/gtest.h"

#include <cstring>

using namespace mlir;
using namespace mobileone;

TEST(WeightPoolTest, EqualNumbersStandThereOnce) {
  MLIRContext context;
  SmallVector<float> large(100, 2), other(100, 2);
  other.back() = 3;
  auto make = [&](ArrayRef<float> values) {
    return makeWeights(&context, {static_cast<int64_t>(values.size())}, values,
                       "w");
  };
  WeightPool weights;
  EXPECT_EQ(*weights.place(make({1, 2, 3})), 0);
  EXPECT_EQ(*weights.place(make(large)), 64);
  EXPECT_EQ(*weights.place(make(other)), 64 + 448);
  // Resources of two modules have two names.
  EXPECT_EQ(*weights.place(make(large)), 64);
  EXPECT_EQ(*weights.place(make({1, 2, 3})), 0);
  // How numbers begin does not make them equal.
  EXPECT_EQ(*weights.place(make({1, 2})), 64 + 2 * 448);
  EXPECT_EQ(weights.getBytes().size(), 64u + 2 * 448 + 64);
  float number;
  std::memcpy(&number, weights.getBytes().data() + 64 + 448 + 99 * 4, 4);
  EXPECT_EQ(number, 3);
  EXPECT_EQ(weights.getBytes()[64 + 400], 0);
}
