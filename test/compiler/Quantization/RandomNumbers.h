// Matrices of numbers that are the same on every machine.
#ifndef MOBILEONE_TEST_COMPILER_QUANTIZATION_RANDOMNUMBERS_H
#define MOBILEONE_TEST_COMPILER_QUANTIZATION_RANDOMNUMBERS_H

#include "compiler/Quantization/Matrix.h"

#include <cmath>
#include <cstdint>

class RandomNumbers {
public:
  /// A number in [-1, 1).
  double next() {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return static_cast<double>(state >> 40) * 0x1p-23 - 1;
  }
  mobileone::MatrixF makeFloats(int64_t rows, int64_t columns) {
    return makeDoubles(rows, columns).cast<float>();
  }
  mobileone::MatrixD makeDoubles(int64_t rows, int64_t columns) {
    mobileone::MatrixD matrix(rows, columns);
    for (double &number : matrix.reshaped())
      number = next();
    return matrix;
  }
  /// Whole numbers from 0 to 255, many of them 0, with correlated rows.
  mobileone::MatrixF makeBytes(int64_t rows, int64_t columns) {
    mobileone::MatrixF matrix(rows, columns);
    for (int64_t n = 0; n != columns; ++n) {
      double common = next();
      for (int64_t k = 0; k != rows; ++k)
        matrix(k, n) = static_cast<float>(
            std::floor(std::fmin(255, std::fmax(0, 150 * (common + next())))));
    }
    return matrix;
  }

private:
  uint64_t state = 1;
};

#endif // MOBILEONE_TEST_COMPILER_QUANTIZATION_RANDOMNUMBERS_H
