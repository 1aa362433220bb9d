// Clips and scales beside all of their grid.
#include "compiler/Quantization/ChooseRanges.h"
#include "RandomNumbers.h"

#include <gtest/gtest.h>

using namespace mobileone;

// Many numbers from 0 to 1, and one in each row that is ever larger: it pays to
// clip that, until it is too large.
static MatrixF makeSamples(int64_t rows) {
  MatrixF samples = RandomNumbers().makeFloats(rows, 40000).cwiseMax(0);
  for (int64_t row = 0; row != rows; ++row)
    samples(row, 7) = 1 + 0.03F * static_cast<float>(row);
  return samples;
}

TEST(Clips, AreTheBestOfTheGrid) {
  MatrixF samples = makeSamples(6);
  VectorD clips = chooseClips(samples);
  int clipped = 0;
  for (int64_t row = 0; row != 6; ++row) {
    double largest = samples.row(row).maxCoeff(), least = 1e300, best = 0;
    for (int step = 0; step <= 14; ++step) {
      double clip = largest * (1 - 0.05 * step), scale = clip / 255, error = 0;
      for (float value : samples.row(row)) {
        double difference =
            value - scale * std::min(255.0, std::nearbyint(value / scale));
        error += difference * difference;
      }
      if (error < least) {
        least = error;
        best = clip;
      }
    }
    EXPECT_NEAR(clips[row], best, 1e-9) << "row " << row;
    clipped += best < 0.99 * largest;
  }
  EXPECT_GT(clipped, 0); // or the test would show nothing
}

TEST(Clips, OfZerosAreNotZero) {
  EXPECT_EQ(chooseClips(MatrixF::Zero(1, 8))[0], 1e-12);
}

// One channel has the range 1, the other 1/16, the third none.
TEST(Scales, FollowTheirReader) {
  MatrixF samples = MatrixF::Zero(3, 2);
  samples(0, 0) = 1;
  samples(1, 0) = 0.0625;
  VectorD clips = chooseClips(samples);
  VectorD largest(3);
  largest << 2, 0.0625, 0; // outside of the samples
  // A single value is rounded best at 255, whatever the clip.
  ASSERT_EQ(clips[0], 1);
  ASSERT_EQ(clips[1], 0.0625);

  VectorD depthwise = chooseScales(Reader::Depthwise, samples, largest, 0.5);
  EXPECT_DOUBLE_EQ(depthwise[0], 1.0 / 255);
  EXPECT_DOUBLE_EQ(depthwise[1], 0.0625 / 255);
  EXPECT_DOUBLE_EQ(depthwise[2], 2e-5 / 255);

  VectorD dense = chooseScales(Reader::Dense, samples, largest, 0.5);
  EXPECT_DOUBLE_EQ(dense[0], 1.0 / 255);
  EXPECT_DOUBLE_EQ(dense[1], 0.25 / 255); // sqrt(1/16 * 1)
  EXPECT_DOUBLE_EQ(dense[2], std::sqrt(1e-3) / 255);

  VectorD pool = chooseScales(Reader::Pool, samples, largest, 0.5);
  EXPECT_EQ(pool, VectorD::Constant(3, 2.0 / 255));
}
