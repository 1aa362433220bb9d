// The resize of runtime/, with numbers that can be checked by hand.
#include "runtime/resize.h"

#include <gtest/gtest.h>

#include <vector>

namespace {

/// A grey image as RGB.
std::vector<uint8_t> makeGrey(const std::vector<uint8_t> &values) {
  std::vector<uint8_t> rgb;
  for (uint8_t value : values)
    rgb.insert(rgb.end(), 3, value);
  return rgb;
}

/// The red channel of the resized window of a grey image.
std::vector<int> resizeGrey(const std::vector<uint8_t> &values, uint32_t width,
                            uint32_t height, const mobileone_crop &crop) {
  const std::vector<uint8_t> image = makeGrey(values);
  std::vector<uint8_t> output(size_t{crop.width} * crop.height * 3);
  EXPECT_EQ(mobileone_resize_crop(image.data(), width, height,
                                  size_t{width} * 3, &crop, output.data()),
            0);
  std::vector<int> red;
  for (size_t i = 0; i < output.size(); i += 3) {
    EXPECT_EQ(output[i], output[i + 1]);
    EXPECT_EQ(output[i], output[i + 2]);
    red.push_back(output[i]);
  }
  return red;
}

/// The whole resized image.
mobileone_crop whole(uint32_t width, uint32_t height) {
  return {width, height, 0, 0, width, height};
}

TEST(Resize, same_size_keeps_every_pixel) {
  EXPECT_EQ(resizeGrey({0, 1, 127, 128, 254, 255}, 3, 2, whole(3, 2)),
            (std::vector<int>{0, 1, 127, 128, 254, 255}));
}

// Position 0 lies at 1.0 and reaches from -1 to 3: pixel centres 0.5, 1.5 and
// 2.5 are 0.5, 0.5 and 1.5 away, of a reach of 2: weights 3/4, 3/4, 1/4. Their
// sum is 7/4, so (3 * 0 + 3 * 70 + 140) / 7 = 50. Position 1 mirrors it.
TEST(Resize, halving_weighs_with_a_triangle) {
  EXPECT_EQ(resizeGrey({0, 70, 140, 210}, 4, 1, whole(2, 1)),
            (std::vector<int>{50, 160}));
}

// Position p lies at (p + 0.5) / 2: a quarter and three quarters of a pixel
// from centres, and beyond the outer centres only one pixel is in reach.
TEST(Resize, doubling_interpolates) {
  EXPECT_EQ(resizeGrey({0, 100}, 2, 1, whole(4, 1)),
            (std::vector<int>{0, 25, 75, 100}));
  EXPECT_EQ(resizeGrey({0, 100}, 1, 2, whole(1, 4)),
            (std::vector<int>{0, 25, 75, 100}));
}

// The upper row becomes 0, 0.5, 1.5, 2 and is rounded to 0, 1, 2, 2 before the
// columns are made of 4/4, 3/4, 1/4 and 0/4 of it. Without the rounding, the
// second row would be 0, 0, 1, 2.
TEST(Resize, rounds_between_the_passes) {
  EXPECT_EQ(resizeGrey({0, 2, 0, 0}, 2, 2, whole(4, 4)),
            (std::vector<int>{0, 1, 2, 2, 0, 1, 2, 2, 0, 0, 1, 1, 0, 0, 0, 0}));
}

TEST(Resize, window_equals_that_part_of_the_whole) {
  std::vector<uint8_t> values;
  for (int i = 0; i < 40 * 30; ++i)
    values.push_back(static_cast<uint8_t>(i * i));
  const std::vector<int> all = resizeGrey(values, 40, 30, whole(24, 50));
  const std::vector<int> part =
      resizeGrey(values, 40, 30, {24, 50, 5, 17, 7, 20});
  for (size_t y = 0; y < 20; ++y)
    for (size_t x = 0; x < 7; ++x)
      EXPECT_EQ(part[y * 7 + x], all[(y + 17) * 24 + x + 5]);
}

TEST(Resize, rows_may_be_padded) {
  const std::vector<uint8_t> image = {9, 8, 7, 0xff, 6, 5, 4, 0xff};
  std::vector<uint8_t> output(6);
  const mobileone_crop crop = whole(1, 2);
  ASSERT_EQ(mobileone_resize_crop(image.data(), 1, 2, 4, &crop, output.data()),
            0);
  EXPECT_EQ(output, (std::vector<uint8_t>{9, 8, 7, 6, 5, 4}));
}

TEST(Resize, refuses_windows_outside_of_the_image) {
  const std::vector<uint8_t> image = makeGrey({1, 2, 3, 4});
  std::vector<uint8_t> output(12, 42);
  for (const mobileone_crop &crop :
       {mobileone_crop{2, 2, 1, 0, 2, 2}, mobileone_crop{2, 2, 0, 0, 2, 3},
        mobileone_crop{2, 2, 0, 0xffffffff, 2, 2},
        mobileone_crop{2, 2, 0, 0, 0, 2}, mobileone_crop{0, 2, 0, 0, 1, 1}})
    EXPECT_EQ(
        mobileone_resize_crop(image.data(), 2, 2, 6, &crop, output.data()), -1);
  EXPECT_EQ(output, std::vector<uint8_t>(12, 42));
}

// 500 x 375: 256 * 500 / 375 = 341.33; margins 341 - 224 = 117, half of it is
// 58.5, to even 58; 256 - 224 = 32, half of it is 16.
TEST(CenterCrop, rounds_like_torchvision) {
  const mobileone_crop crop = mobileone_center_crop(500, 375, 256, 224, 224);
  EXPECT_EQ(crop.resized_width, 341u);
  EXPECT_EQ(crop.resized_height, 256u);
  EXPECT_EQ(crop.left, 58u);
  EXPECT_EQ(crop.top, 16u);
}

// 227 - 224 = 3, half of it is 1.5, to even 2.
TEST(CenterCrop, rounds_half_to_even) {
  const mobileone_crop crop = mobileone_center_crop(224, 227, 224, 224, 224);
  EXPECT_EQ(crop.left, 0u);
  EXPECT_EQ(crop.top, 2u);
}

TEST(CenterCrop, too_large_a_window_is_refused_by_the_resize) {
  const mobileone_crop crop = mobileone_center_crop(10, 10, 5, 6, 4);
  const std::vector<uint8_t> image(300);
  std::vector<uint8_t> output(72);
  EXPECT_EQ(
      mobileone_resize_crop(image.data(), 10, 10, 30, &crop, output.data()),
      -1);
}

} // namespace
