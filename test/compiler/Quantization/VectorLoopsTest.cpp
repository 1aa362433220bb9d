// The loops of each level beside plain ones: the same bits.
#include "compiler/Quantization/VectorLoops.h"
#include "RandomNumbers.h"

#include <gtest/gtest.h>

using namespace mobileone;

/// sum + a * b, each rounded to float32: their product in float64 is exact.
static float addProduct(float sum, float a, float b) {
  auto product = static_cast<float>(static_cast<double>(a) * b);
  return static_cast<float>(static_cast<double>(sum) + product);
}

// Rows and columns that fill no tile of any level, and one row.
TEST(VectorLoops, MultiplyInOrder) {
  for (VectorLevel level : getVectorLevels())
    for (auto [rows, columns] : {std::pair(11, 45), std::pair(1, 3)}) {
      RandomNumbers random;
      MatrixF a = random.makeFloats(rows, 7), b = random.makeFloats(7, columns);
      MatrixF expected = MatrixF::Zero(rows, columns);
      for (int64_t i = 0; i != rows; ++i)
        for (int64_t j = 0; j != columns; ++j)
          for (int64_t k = 0; k != 7; ++k)
            expected(i, j) = addProduct(expected(i, j), a(i, k), b(k, j));
      MatrixF actual = MatrixF::Constant(rows, columns + 1, 9);
      multiply(level, rows, 7, columns, {a.data(), 7, 1},
               {b.data(), columns, 1}, actual.data(), columns + 1);
      EXPECT_EQ(actual.leftCols(columns), expected);
      EXPECT_TRUE((actual.col(columns).array() == 9).all());
      // The same matrices, column by column.
      MatrixF aT = a.transpose(), bT = b.transpose();
      multiply(level, rows, 7, columns, {aT.data(), 1, rows}, {bT.data(), 1, 7},
               actual.data(), columns + 1);
      EXPECT_EQ(actual.leftCols(columns), expected);
    }
}

TEST(VectorLoops, AddTapsInOrder) {
  for (VectorLevel level : getVectorLevels()) {
    RandomNumbers random;
    MatrixF source = random.makeFloats(1, 200),
            weights = random.makeFloats(1, 3);
    std::vector<int64_t> offsets{0, 5, 64};
    std::vector<float> actual(128);
    addTaps(level, 100, source.data(), offsets, weights.data(), actual.data());
    for (int64_t i = 0; i != 100; ++i) {
      float expected = 0;
      for (int t = 0; t != 3; ++t)
        expected = addProduct(expected, weights(t), source(i + offsets[t]));
      EXPECT_EQ(actual[i], expected);
    }
  }
}
