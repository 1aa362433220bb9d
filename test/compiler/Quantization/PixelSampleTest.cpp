// Which pixels are chosen.
#include "compiler/Quantization/PixelSample.h"

#include <gtest/gtest.h>

using namespace mobileone;

// 3 maps of 10 pixels, 8 wanted: a stride of 3, pixels 0, 3, ..., 27 of 30.
TEST(PixelSample, GoesThroughTheImages) {
  PixelSample sample(3, 10, 8);
  EXPECT_EQ(sample.count(), 10);
  EXPECT_EQ(sample.getPixels(0), (std::vector<int64_t>{0, 3, 6, 9}));
  EXPECT_EQ(sample.getPixels(1), (std::vector<int64_t>{2, 5, 8}));
  EXPECT_EQ(sample.getPixels(2), (std::vector<int64_t>{1, 4, 7}));
  EXPECT_EQ(sample.countBefore(1), 4);
  EXPECT_EQ(sample.countBefore(2), 7);
  MatrixF columns = MatrixF::Zero(2, 10);
  std::vector<float> planes(20);
  for (size_t i = 0; i != planes.size(); ++i)
    planes[i] = static_cast<float>(i);
  sample.copyPixels(1, planes.data(), columns);
  MatrixF expected = MatrixF::Zero(2, 10);
  expected.row(0).segment(4, 3) << 2, 5, 8;
  expected.row(1).segment(4, 3) << 12, 15, 18;
  EXPECT_EQ(columns, expected);
}

// A stride of 4 would always find the first column of maps of width 4.
TEST(PixelSample, HasAnOddStride) {
  EXPECT_EQ(PixelSample(1, 16, 4).getPixels(0),
            (std::vector<int64_t>{0, 5, 10, 15}));
}

TEST(PixelSample, TakesAllOfFew) {
  PixelSample sample(2, 3, 100);
  EXPECT_EQ(sample.count(), 6);
  EXPECT_EQ(sample.getPixels(1), (std::vector<int64_t>{0, 1, 2}));
}
