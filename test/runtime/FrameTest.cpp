// The image front of runtime/ against a plain reference in float64, with every
// buffer between pages that cannot be touched.
#include "runtime/frame.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace {

/// Memory in front of a page that cannot be touched, or behind one.
class Guarded {
public:
  explicit Guarded(size_t bytes, bool isBehind = false)
      : page(static_cast<size_t>(sysconf(_SC_PAGESIZE))),
        room((bytes + page - 1) / page * page), bytes(bytes) {
    void *mapped = mmap(nullptr, room + 2 * page, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT_NE(mapped, MAP_FAILED);
    base = static_cast<uint8_t *>(mapped);
    mprotect(base, page, PROT_NONE);
    mprotect(base + page + room, page, PROT_NONE);
    start = base + page + (isBehind ? 0 : room - bytes);
  }
  Guarded(const Guarded &) = delete;
  Guarded &operator=(const Guarded &) = delete;
  ~Guarded() { munmap(base, room + 2 * page); }

  uint8_t *data() const { return start; }
  size_t size() const { return bytes; }

private:
  size_t page, room, bytes;
  uint8_t *base = nullptr, *start = nullptr;
};

struct Picture {
  uint32_t width = 0, height = 0;
  std::vector<std::array<uint8_t, 3>> pixels;

  const std::array<uint8_t, 3> &at(uint32_t x, uint32_t y) const {
    return pixels[size_t{y} * width + x];
  }
};

uint8_t roundToByte(double value) {
  return static_cast<uint8_t>(std::clamp(std::floor(value + 0.5), 0.0, 255.0));
}

/// The formulas of BT.601-7 and BT.709-6 as they stand there, before clamping.
std::array<double, 3> convert(uint32_t colours, int y, int cb, int cr) {
  const bool isFull =
      colours == MOBILEONE_BT601_FULL || colours == MOBILEONE_BT709_FULL;
  const bool is709 = colours >= MOBILEONE_BT709_LIMITED;
  const double luma = isFull ? y / 255.0 : (y - 16) / 219.0;
  const double blue = (cb - 128) / (isFull ? 255.0 : 224.0);
  const double red = (cr - 128) / (isFull ? 255.0 : 224.0);
  // From Y = kr R + kg G + kb B, Cr = (R - Y) / 1.402, Cb = (B - Y) / 1.772.
  const double r = luma + red * (is709 ? 1.5748 : 1.402);
  const double b = luma + blue * (is709 ? 1.8556 : 1.772);
  const double g = is709 ? (luma - 0.2126 * r - 0.0722 * b) / 0.7152
                         : (luma - 0.299 * r - 0.114 * b) / 0.587;
  return {255 * r, 255 * g, 255 * b};
}

/// What a frame shows, before it is turned.
Picture readFrame(const mobileone_frame &frame) {
  Picture picture{frame.width, frame.height, {}};
  const bool isPacked = frame.format <= MOBILEONE_FRAME_BGRA;
  const bool hasAlpha = frame.format >= MOBILEONE_FRAME_RGBA;
  const uint32_t half = (frame.width + 1) / 2;
  for (uint32_t y = 0; y < frame.height; ++y)
    for (uint32_t x = 0; x < frame.width; ++x) {
      auto sample = [&](int plane, uint32_t dense, uint32_t row,
                        uint32_t byte) {
        size_t rowBytes = frame.row_bytes[plane];
        return frame.planes[plane][row * (rowBytes ? rowBytes : dense) + byte];
      };
      if (isPacked) {
        const uint32_t bytes = hasAlpha ? 4 : 3;
        std::array<uint8_t, 3> pixel;
        for (uint32_t i = 0; i < 3; ++i)
          pixel[i] = sample(0, frame.width * bytes, y, x * bytes + i);
        if (frame.format == MOBILEONE_FRAME_BGR ||
            frame.format == MOBILEONE_FRAME_BGRA)
          std::swap(pixel[0], pixel[2]);
        picture.pixels.push_back(pixel);
        continue;
      }
      uint8_t cb, cr;
      if (frame.format == MOBILEONE_FRAME_I420) {
        cb = sample(1, half, y / 2, x / 2);
        cr = sample(2, half, y / 2, x / 2);
      } else {
        cb = sample(1, 2 * half, y / 2, x / 2 * 2);
        cr = sample(1, 2 * half, y / 2, x / 2 * 2 + 1);
        if (frame.format == MOBILEONE_FRAME_NV21)
          std::swap(cb, cr);
      }
      const auto exact =
          convert(frame.colours, sample(0, frame.width, y, x), cb, cr);
      picture.pixels.push_back({roundToByte(exact[0]), roundToByte(exact[1]),
                                roundToByte(exact[2])});
    }
  return picture;
}

/// A quarter of a turn clockwise: the left column becomes the upper row.
Picture turn(const Picture &picture) {
  Picture turned{picture.height, picture.width, {}};
  for (uint32_t x = 0; x < picture.width; ++x)
    for (uint32_t y = picture.height; y-- > 0;)
      turned.pixels.push_back(picture.at(x, y));
  return turned;
}

Picture standUp(Picture picture, const mobileone_frame &frame) {
  for (uint32_t turned = 0; turned < frame.rotation; turned += 90)
    picture = turn(picture);
  if (frame.mirror)
    for (uint32_t y = 0; y < picture.height; ++y)
      std::reverse(picture.pixels.begin() + size_t{y} * picture.width,
                   picture.pixels.begin() + size_t{y + 1} * picture.width);
  return picture;
}

/// The pixels that position `index` of a resized axis is made of.
struct Triangle {
  Triangle(uint32_t size, uint32_t resized, uint32_t index) {
    const double scale = double{1} * size / resized;
    const double support = std::max(scale, 1.0);
    const double center = (index + 0.5) * scale;
    double sum = 0;
    for (uint32_t i = 0; i < size; ++i) {
      const double weight = 1 - std::abs(i + 0.5 - center) / support;
      if (weight <= 0)
        continue;
      if (weights.empty())
        first = i;
      weights.push_back(weight);
      sum += weight;
    }
    for (double &weight : weights)
      weight /= sum;
  }
  uint32_t end() const { return first + static_cast<uint32_t>(weights.size()); }

  uint32_t first = 0;
  std::vector<double> weights;
};

/// Rows first, rounded, then columns.
Picture resize(const Picture &picture, const mobileone_crop &crop) {
  Picture wide{crop.width, picture.height, {}};
  std::vector<Triangle> across;
  for (uint32_t x = 0; x < crop.width; ++x)
    across.emplace_back(picture.width, crop.resized_width, crop.left + x);
  auto sum = [](const Triangle &triangle, auto getPixel) {
    std::array<double, 3> total{};
    for (size_t i = 0; i < triangle.weights.size(); ++i)
      for (int channel = 0; channel < 3; ++channel)
        total[channel] +=
            triangle.weights[i] *
            getPixel(triangle.first + static_cast<uint32_t>(i))[channel];
    return std::array<uint8_t, 3>{roundToByte(total[0]), roundToByte(total[1]),
                                  roundToByte(total[2])};
  };
  for (uint32_t y = 0; y < picture.height; ++y)
    for (uint32_t x = 0; x < crop.width; ++x)
      wide.pixels.push_back(
          sum(across[x], [&](uint32_t i) { return picture.at(i, y); }));
  Picture window{crop.width, crop.height, {}};
  for (uint32_t y = 0; y < crop.height; ++y) {
    const Triangle down(picture.height, crop.resized_height, crop.top + y);
    for (uint32_t x = 0; x < crop.width; ++x)
      window.pixels.push_back(
          sum(down, [&](uint32_t i) { return wide.at(x, i); }));
  }
  return window;
}

/// The same by resize.c.
Picture resizeExactly(const Picture &picture, const mobileone_crop &crop) {
  Picture window{crop.width, crop.height, {}};
  window.pixels.resize(size_t{crop.width} * crop.height);
  EXPECT_EQ(mobileone_resize_crop(picture.pixels[0].data(), picture.width,
                                  picture.height, size_t{picture.width} * 3,
                                  &crop, window.pixels[0].data()),
            0);
  return window;
}

mobileone_model_info makeInfo(uint32_t width, uint32_t height,
                              uint32_t layout = MOBILEONE_U8_NHWC,
                              uint32_t order = MOBILEONE_RGB) {
  mobileone_model_info info = {};
  info.input_layout = layout;
  info.channel_order = order;
  info.input_channels = order >= MOBILEONE_RGBA ? 4 : 3;
  info.input_width = width;
  info.input_height = height;
  info.input_bytes = uint64_t{width} * height * info.input_channels *
                     (layout == MOBILEONE_U8_NHWC ? 1 : 4);
  const float mean[] = {0.485f, 0.456f, 0.406f},
              std[] = {0.229f, 0.224f, 0.225f};
  std::copy_n(mean, 3, info.mean);
  std::copy_n(std, 3, info.std);
  return info;
}

/// The call, in scratch memory of just the size that is asked for.
int run(const mobileone_frame &frame, const mobileone_model_info &info,
        const mobileone_crop *crop, void *input, size_t inputBytes,
        mobileone_error_detail *detail = nullptr) {
  Guarded scratch(mobileone_frame_scratch_bytes(&frame, &info, crop));
  EXPECT_GT(scratch.size(), 0u);
  std::memset(scratch.data(), 0xa5, scratch.size());
  return mobileone_frame_to_input(&frame, &info, crop, input, inputBytes,
                                  scratch.data(), scratch.size(), detail);
}

struct Random {
  explicit Random(unsigned seed) : engine(seed) {}
  uint32_t operator()(uint32_t least, uint32_t most) {
    return least + static_cast<uint32_t>(engine()) % (most - least + 1);
  }
  std::mt19937 engine;
};

/// A frame of chance whose planes hold exactly what they must.
struct RandomFrame {
  RandomFrame(Random &random, uint32_t format, uint32_t width,
              uint32_t height) {
    frame.format = format;
    frame.width = width;
    frame.height = height;
    const bool isPacked = format <= MOBILEONE_FRAME_BGRA;
    const uint32_t planes = isPacked                         ? 1
                            : format == MOBILEONE_FRAME_I420 ? 3
                                                             : 2;
    for (uint32_t plane = 0; plane < planes; ++plane) {
      uint32_t pixel = 1, columns = width, rows = height;
      if (isPacked) {
        pixel = format >= MOBILEONE_FRAME_RGBA ? 4 : 3;
      } else if (plane > 0) {
        columns = (width + 1) / 2;
        rows = (height + 1) / 2;
        pixel = planes == 2 ? 2 : 1;
      }
      const size_t dense = size_t{columns} * pixel;
      const size_t row = dense + random(0, 2) * random(0, 9);
      memory.push_back(std::make_unique<Guarded>((rows - 1) * row + dense,
                                                 random(0, 1) == 1));
      Guarded &bytes = *memory.back();
      for (size_t i = 0; i < bytes.size(); ++i)
        bytes.data()[i] = static_cast<uint8_t>(random.engine());
      frame.planes[plane] = bytes.data();
      frame.row_bytes[plane] = row == dense ? 0 : row;
      frame.plane_bytes[plane] = random(0, 1) ? bytes.size() : 0;
    }
  }

  mobileone_frame frame = {};
  std::vector<std::unique_ptr<Guarded>> memory;
};

mobileone_crop makeCrop(Random &random) {
  mobileone_crop crop;
  crop.resized_width = random(1, 40);
  crop.resized_height = random(1, 40);
  crop.width = random(1, crop.resized_width);
  crop.height = random(1, crop.resized_height);
  crop.left = random(0, crop.resized_width - crop.width);
  crop.top = random(0, crop.resized_height - crop.height);
  return crop;
}

// Fixed point decides differently only where a number is half a level, which
// those of small ratios often are, and then by one level.
TEST(Frame, any_frame_agrees_with_float64) {
  Random random(1);
  size_t bytes = 0, differences = 0;
  for (int i = 0; i < 600; ++i) {
    RandomFrame made(random, random(0, MOBILEONE_FRAME_I420), random(1, 50),
                     random(1, 50));
    mobileone_frame &frame = made.frame;
    frame.colours = random(0, MOBILEONE_BT709_FULL);
    frame.rotation = 90 * random(0, 3);
    frame.mirror = random(0, 1);
    const mobileone_crop crop = makeCrop(random);
    const mobileone_model_info info = makeInfo(crop.width, crop.height);
    Guarded input(info.input_bytes, random(0, 1) == 1);
    ASSERT_EQ(run(frame, info, &crop, input.data(), input.size()), 0);

    const Picture upright = standUp(readFrame(frame), frame);
    const Picture expected = resize(upright, crop);
    for (size_t pixel = 0; pixel < expected.pixels.size(); ++pixel)
      for (size_t channel = 0; channel < 3; ++channel, ++bytes) {
        const int difference = std::abs(input.data()[pixel * 3 + channel] -
                                        expected.pixels[pixel][channel]);
        ASSERT_LE(difference, 1);
        differences += difference != 0;
      }
    // What is packed is not computed with.
    if (frame.format > MOBILEONE_FRAME_BGRA)
      continue;
    const Picture exact = resizeExactly(upright, crop);
    ASSERT_EQ(std::memcmp(input.data(), exact.pixels[0].data(), input.size()),
              0);
  }
  EXPECT_LT(differences, bytes / 50);
}

// Every Cb with every Cr, and every 17th Y, in a frame that is not resized: the
// byte is the formula's, but for 0.0003 of a level.
TEST(Frame, colours_are_those_of_the_standards) {
  constexpr uint32_t kSide = 512;
  const mobileone_model_info info = makeInfo(kSide, kSide);
  const mobileone_crop whole = {kSide, kSide, 0, 0, kSide, kSide};
  std::vector<uint8_t> luma(kSide * kSide), blue(kSide * kSide / 4),
      red(blue.size()), input(info.input_bytes);
  for (uint32_t i = 0; i < blue.size(); ++i) {
    blue[i] = static_cast<uint8_t>(i % 256);
    red[i] = static_cast<uint8_t>(i / 256);
  }
  mobileone_frame frame = {};
  frame.format = MOBILEONE_FRAME_I420;
  frame.width = frame.height = kSide;
  frame.planes[0] = luma.data();
  frame.planes[1] = blue.data();
  frame.planes[2] = red.data();
  double worst = 0;
  for (uint32_t colours = 0; colours <= MOBILEONE_BT709_FULL; ++colours)
    for (uint32_t least = 0; least < 256; least += 4 * 17) {
      frame.colours = colours;
      auto getLuma = [&](uint32_t x, uint32_t y) {
        return static_cast<uint8_t>(least + (x % 2 + y % 2 * 2) * 17);
      };
      for (uint32_t i = 0; i < luma.size(); ++i)
        luma[i] = getLuma(i % kSide, i / kSide);
      ASSERT_EQ(run(frame, info, &whole, input.data(), input.size()), 0);
      for (uint32_t i = 0; i < luma.size(); ++i) {
        const uint32_t x = i % kSide, y = i / kSide;
        const auto exact =
            convert(colours, getLuma(x, y), static_cast<int>(x / 2),
                    static_cast<int>(y / 2));
        for (uint32_t channel = 0; channel < 3; ++channel)
          worst =
              std::max(worst, std::abs(input[i * 3 + channel] -
                                       std::clamp(exact[channel], 0.0, 255.0)));
      }
    }
  EXPECT_LT(worst, 0.5003);
}

// BT.601, limited: (81 - 16) * 255 / 219 = 75.68, and 112 of Cr are 178.76 of
// red, -91.05 of green; -38 of Cb are 14.89 of green and -76.66 of blue.
TEST(Frame, known_colours) {
  const mobileone_model_info info = makeInfo(1, 1);
  auto show = [&](uint32_t colours, uint8_t y, uint8_t cb, uint8_t cr) {
    mobileone_frame frame = {};
    const uint8_t chroma[] = {cb, cr};
    frame.format = MOBILEONE_FRAME_NV12;
    frame.colours = colours;
    frame.width = frame.height = 1;
    frame.planes[0] = &y;
    frame.planes[1] = chroma;
    const mobileone_crop whole = {1, 1, 0, 0, 1, 1};
    std::array<uint8_t, 3> pixel{};
    EXPECT_EQ(run(frame, info, &whole, pixel.data(), 3), 0);
    return std::vector<int>(pixel.begin(), pixel.end());
  };
  using Colour = std::vector<int>;
  EXPECT_EQ(show(MOBILEONE_BT601_LIMITED, 16, 128, 128), (Colour{0, 0, 0}));
  EXPECT_EQ(show(MOBILEONE_BT709_LIMITED, 235, 128, 128),
            (Colour{255, 255, 255}));
  EXPECT_EQ(show(MOBILEONE_BT601_FULL, 0, 128, 128), (Colour{0, 0, 0}));
  EXPECT_EQ(show(MOBILEONE_BT709_FULL, 200, 128, 128), (Colour{200, 200, 200}));
  EXPECT_EQ(show(MOBILEONE_BT601_LIMITED, 81, 90, 240), (Colour{254, 0, 0}));
}

// A frame of 2 x 1: which pixel is left, and which is on top.
TEST(Frame, turns_clockwise_then_mirrors) {
  const uint8_t pixels[] = {1, 1, 1, 2, 2, 2};
  mobileone_frame frame = {};
  frame.width = 2;
  frame.height = 1;
  frame.planes[0] = pixels;
  auto show = [&](uint32_t rotation, uint32_t mirror) {
    frame.rotation = rotation;
    frame.mirror = mirror;
    const bool isTurned = rotation % 180 != 0;
    const mobileone_crop whole = {isTurned ? 1u : 2u, isTurned ? 2u : 1u, 0, 0,
                                  isTurned ? 1u : 2u, isTurned ? 2u : 1u};
    const mobileone_model_info info = makeInfo(whole.width, whole.height);
    std::array<uint8_t, 6> input{};
    EXPECT_EQ(run(frame, info, &whole, input.data(), 6), 0);
    return std::vector<int>{input[0], input[3]};
  };
  EXPECT_EQ(show(0, 0), (std::vector<int>{1, 2}));
  EXPECT_EQ(show(0, 1), (std::vector<int>{2, 1}));
  EXPECT_EQ(show(90, 0), (std::vector<int>{1, 2})); // the left is on top
  EXPECT_EQ(show(90, 1), (std::vector<int>{1, 2}));
  EXPECT_EQ(show(180, 0), (std::vector<int>{2, 1}));
  EXPECT_EQ(show(180, 1), (std::vector<int>{1, 2}));
  EXPECT_EQ(show(270, 0), (std::vector<int>{2, 1})); // the right is on top
}

// What mobileone-run does: the centre crop, and floats by mean and std.
TEST(Frame, input_is_what_the_network_wants) {
  Random random(2);
  RandomFrame made(random, MOBILEONE_FRAME_RGB, 61, 47);
  mobileone_frame &frame = made.frame;
  const mobileone_model_info bytes = makeInfo(20, 14);
  // 20 * 256 / 224 = 22.
  const mobileone_crop crop = mobileone_frame_crop(&frame, &bytes, 0);
  const mobileone_crop same = mobileone_center_crop(61, 47, 22, 20, 14);
  EXPECT_EQ(std::memcmp(&crop, &same, sizeof crop), 0);
  frame.rotation = 90;
  const mobileone_crop upright = mobileone_frame_crop(&frame, &bytes, 30);
  const mobileone_crop turned = mobileone_center_crop(47, 61, 30, 20, 14);
  EXPECT_EQ(std::memcmp(&upright, &turned, sizeof turned), 0);
  frame.rotation = 0;

  const Picture window = resizeExactly(readFrame(frame), crop);
  for (uint32_t order :
       {MOBILEONE_RGB, MOBILEONE_BGR, MOBILEONE_RGBA, MOBILEONE_BGRA}) {
    const mobileone_model_info info =
        makeInfo(20, 14, MOBILEONE_U8_NHWC, order);
    Guarded input(info.input_bytes);
    ASSERT_EQ(run(frame, info, nullptr, input.data(), input.size()), 0);
    const bool isReversed = order == MOBILEONE_BGR || order == MOBILEONE_BGRA;
    for (size_t pixel = 0; pixel < window.pixels.size(); ++pixel) {
      const uint8_t *got = input.data() + pixel * info.input_channels;
      for (size_t channel = 0; channel < 3; ++channel)
        ASSERT_EQ(got[isReversed ? 2 - channel : channel],
                  window.pixels[pixel][channel]);
      if (info.input_channels == 4)
        ASSERT_EQ(got[3], 255);
    }
  }
  for (uint32_t layout : {MOBILEONE_F32_NCHW, MOBILEONE_F32_NHWC}) {
    const mobileone_model_info info = makeInfo(20, 14, layout);
    Guarded input(info.input_bytes);
    ASSERT_EQ(run(frame, info, nullptr, input.data(), input.size()), 0);
    for (size_t pixel = 0; pixel < window.pixels.size(); ++pixel)
      for (size_t channel = 0; channel < 3; ++channel) {
        float got;
        const size_t index = layout == MOBILEONE_F32_NCHW
                                 ? channel * window.pixels.size() + pixel
                                 : pixel * 3 + channel;
        std::memcpy(&got, input.data() + index * 4, 4);
        ASSERT_EQ(got,
                  (static_cast<float>(window.pixels[pixel][channel]) / 255.0f -
                   info.mean[channel]) /
                      info.std[channel]);
      }
  }
}

// Each row of a frame is a page here; those that the crop does not need cannot
// be touched.
TEST(Frame, rows_that_are_not_needed_are_not_touched) {
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  constexpr uint32_t kWidth = 90, kHeight = 70;
  for (uint32_t format : {MOBILEONE_FRAME_RGB, MOBILEONE_FRAME_BGRA,
                          MOBILEONE_FRAME_NV21, MOBILEONE_FRAME_I420})
    for (uint32_t rotation : {0, 90, 180, 270}) {
      mobileone_frame frame = {};
      frame.format = format;
      frame.width = kWidth;
      frame.height = kHeight;
      frame.rotation = rotation;
      const bool isTurned = rotation % 180 != 0;
      const uint32_t width = isTurned ? kHeight : kWidth;
      const uint32_t height = isTurned ? kWidth : kHeight;
      const mobileone_crop crop = {25, 21, 9, 6, 7, 5};
      const mobileone_model_info info = makeInfo(crop.width, crop.height);
      // Rows of the frame are columns of the upright one where it is turned.
      std::vector<bool> isNeeded(kHeight);
      for (uint32_t i = 0; i < (isTurned ? crop.width : crop.height); ++i) {
        const Triangle triangle =
            isTurned ? Triangle(width, crop.resized_width, crop.left + i)
                     : Triangle(height, crop.resized_height, crop.top + i);
        for (uint32_t row = triangle.first; row < triangle.end(); ++row)
          isNeeded[rotation == 90 || rotation == 180 ? kHeight - 1 - row
                                                     : row] = true;
      }
      std::vector<std::unique_ptr<Guarded>> memory;
      for (int plane = 0; plane < 3; ++plane) {
        memory.push_back(std::make_unique<Guarded>(kHeight * page));
        frame.planes[plane] = memory.back()->data();
        frame.row_bytes[plane] = page;
        const uint32_t step = plane > 0 ? 2 : 1;
        for (uint32_t row = 0; row < kHeight; row += step)
          if (!isNeeded[row] &&
              (step == 1 || row + 1 == kHeight || !isNeeded[row + 1]))
            mprotect(memory.back()->data() + row / step * page, page,
                     PROT_NONE);
      }
      std::vector<uint8_t> input(info.input_bytes);
      EXPECT_EQ(run(frame, info, &crop, input.data(), input.size()), 0);
    }
}

/// A frame and a network that fit, for what makes them unfit.
struct FrameErrors : ::testing::Test {
  FrameErrors() {
    frame.format = MOBILEONE_FRAME_I420;
    frame.width = 33;
    frame.height = 17;
    for (int plane = 0; plane < 3; ++plane) {
      frame.planes[plane] = pixels.data();
      frame.plane_bytes[plane] = pixels.size();
    }
    scratchBytes = mobileone_frame_scratch_bytes(&frame, &info, &crop);
  }

  /// "<error> <field> <expected> <actual>"; nothing may have been written.
  std::string call() {
    std::vector<uint8_t> scratch(scratchBytes);
    mobileone_error_detail detail = {0, 0, "", 0, 0};
    const int error = mobileone_frame_to_input(
        framePointer, infoPointer, &crop, input, inputBytes,
        hasScratch ? scratch.data() : nullptr, scratch.size(), &detail);
    EXPECT_EQ(error, mobileone_frame_to_input(
                         framePointer, infoPointer, &crop, input, inputBytes,
                         hasScratch ? scratch.data() : nullptr, scratch.size(),
                         nullptr));
    EXPECT_EQ(error, detail.error);
    if (error)
      EXPECT_EQ(memory, std::vector<float>(memory.size(), 42.0f));
    return std::to_string(error) + " " + detail.field + " " +
           std::to_string(detail.expected) + " " +
           std::to_string(detail.actual);
  }

  std::vector<uint8_t> pixels = std::vector<uint8_t>(33 * 17);
  mobileone_frame frame = {};
  mobileone_model_info info = makeInfo(8, 6, MOBILEONE_F32_NCHW);
  mobileone_crop crop = {12, 8, 2, 1, 8, 6};
  std::vector<float> memory = std::vector<float>(8 * 6 * 3, 42.0f);
  const mobileone_frame *framePointer = &frame;
  const mobileone_model_info *infoPointer = &info;
  void *input = memory.data();
  size_t inputBytes = 8 * 6 * 3 * 4;
  bool hasScratch = true;
  size_t scratchBytes = 0;
};

TEST_F(FrameErrors, none) { EXPECT_EQ(call(), "0  0 0"); }

TEST_F(FrameErrors, null) {
  framePointer = nullptr;
  EXPECT_EQ(call(), "-1 frame 0 0");
  framePointer = &frame;
  infoPointer = nullptr;
  EXPECT_EQ(call(), "-1 info 0 0");
  infoPointer = &info;
  input = nullptr;
  EXPECT_EQ(call(), "-1 input 0 0");
  input = memory.data();
  hasScratch = false;
  EXPECT_EQ(call(), "-1 scratch 0 0");
  hasScratch = true;
  frame.planes[2] = nullptr;
  EXPECT_EQ(call(), "-1 frame->planes 0 0");
}

TEST_F(FrameErrors, of_the_frame) {
  const mobileone_frame good = frame;
  auto with = [&](auto change) {
    frame = good;
    change(frame);
    return call();
  };
  using Frame = mobileone_frame;
  EXPECT_EQ(with([](Frame &f) { f.format = 7; }), "-5 frame->format 0 7");
  EXPECT_EQ(with([](Frame &f) { f.colours = 4; }), "-5 frame->colours 0 4");
  EXPECT_EQ(with([](Frame &f) { f.width = 0; }), "-5 frame->width 1 0");
  EXPECT_EQ(with([](Frame &f) { f.height = 0; }), "-5 frame->height 1 0");
  EXPECT_EQ(with([](Frame &f) { f.width = 4194305; }),
            "-5 frame->width 4194304 4194305");
  EXPECT_EQ(with([](Frame &f) { f.height = 0xffffffff; }),
            "-5 frame->height 4194304 4294967295");
  EXPECT_EQ(with([](Frame &f) { f.rotation = 45; }), "-5 frame->rotation 0 45");
  EXPECT_EQ(with([](Frame &f) { f.rotation = 360; }),
            "-5 frame->rotation 0 360");
  EXPECT_EQ(with([](Frame &f) { f.mirror = 2; }), "-5 frame->mirror 1 2");
  EXPECT_EQ(with([](Frame &f) { f.row_bytes[0] = 32; }),
            "-5 frame->row_bytes 33 32");
  // Half of 33 pixels are 17, half of 17 rows are 9.
  EXPECT_EQ(with([](Frame &f) { f.row_bytes[1] = 16; }),
            "-5 frame->row_bytes 17 16");
  EXPECT_EQ(with([](Frame &f) { f.row_bytes[2] = SIZE_MAX; }),
            "-5 frame->row_bytes " + std::to_string((SIZE_MAX - 17) / 8) + " " +
                std::to_string(SIZE_MAX));
  EXPECT_EQ(with([](Frame &f) { f.plane_bytes[0] = 33 * 17 - 1; }),
            "-4 frame->plane_bytes 561 560");
  EXPECT_EQ(with([](Frame &f) { f.plane_bytes[2] = 17 * 9 - 1; }),
            "-4 frame->plane_bytes 153 152");
  EXPECT_EQ(with([](Frame &f) {
              f.format = MOBILEONE_FRAME_NV12;
              f.row_bytes[1] = 33;
            }),
            "-5 frame->row_bytes 34 33");
  EXPECT_EQ(with([](Frame &f) {
              f.format = MOBILEONE_FRAME_RGBA;
              f.row_bytes[0] = 33 * 4 - 1;
            }),
            "-5 frame->row_bytes 132 131");
  // A plane that the format does not have is not looked at.
  EXPECT_EQ(with([](Frame &f) {
              f.format = MOBILEONE_FRAME_NV12;
              f.planes[2] = nullptr;
            }),
            "0  0 0");
}

TEST_F(FrameErrors, of_the_network_and_the_crop) {
  const mobileone_model_info good = info;
  auto with = [&](auto change) {
    info = good;
    change(info);
    return call();
  };
  using Info = mobileone_model_info;
  EXPECT_EQ(with([](Info &i) { i.input_layout = 3; }),
            "-5 info->input_layout 0 3");
  EXPECT_EQ(with([](Info &i) { i.channel_order = MOBILEONE_BGR; }),
            "-5 info->channel_order 0 1");
  EXPECT_EQ(with([](Info &i) { i.input_channels = 1; }),
            "-5 info->input_channels 3 1");
  EXPECT_EQ(with([](Info &i) { i.std[1] = 0; }), "-5 info->std 0 0");
  EXPECT_EQ(with([](Info &i) { i.input_width = 9; }), "-5 crop->width 9 8");
  EXPECT_EQ(with([](Info &i) { i.input_height = 5; }), "-5 crop->height 5 6");
  info = good;
  crop.left = 5;
  EXPECT_EQ(call(), "-5 crop 0 0");
  crop.left = 0xffffffff;
  EXPECT_EQ(call(), "-5 crop 0 0");
  crop = {0, 0, 0, 0, 0, 0};
  EXPECT_EQ(call(), "-5 crop 0 0");
}

TEST_F(FrameErrors, of_the_buffers) {
  --inputBytes;
  EXPECT_EQ(call(), "-4 input_bytes 576 575");
  ++inputBytes;
  const size_t needed = scratchBytes--;
  EXPECT_EQ(call(), "-4 scratch_bytes " + std::to_string(needed) + " " +
                        std::to_string(needed - 1));
  ++scratchBytes;
  input = static_cast<char *>(input) + 1;
  EXPECT_EQ(call(),
            "-2 input 4 " + std::to_string(reinterpret_cast<uintptr_t>(input)));
}

// Sizes that no memory can hold, and those that would wrap.
TEST(FrameScratch, is_none_for_sizes_that_are_refused) {
  mobileone_frame frame = {};
  const mobileone_model_info info = makeInfo(224, 224);
  auto bytes = [&](uint32_t width, uint32_t height,
                   const mobileone_crop *crop = nullptr) {
    frame.width = width;
    frame.height = height;
    return mobileone_frame_scratch_bytes(&frame, &info, crop);
  };
  EXPECT_EQ(bytes(1920, 1080) / 1000, 33u); // as docs/Images.md says
  EXPECT_EQ(bytes(0, 1080), 0u);
  EXPECT_EQ(bytes(1920, 0), 0u);
  EXPECT_EQ(bytes(0xffffffff, 0xffffffff), 0u);
  EXPECT_EQ(bytes(0x55555556, 3), 0u); // 3 bytes each wrap to 2
  EXPECT_GT(bytes(MOBILEONE_RESIZE_MOST, MOBILEONE_RESIZE_MOST), 0u);
  const mobileone_crop huge = {0xffffffff, 0xffffffff, 0, 0, 0xffffffff, 1};
  EXPECT_EQ(bytes(1920, 1080, &huge), 0u);
  const mobileone_crop outside = {256, 256, 0xfffffff0, 0, 224, 224};
  EXPECT_EQ(bytes(1920, 1080, &outside), 0u);
  // A short edge of 16384 * 256 / 224 makes the long one 2^36.
  const mobileone_model_info large = makeInfo(16384, 16384);
  frame.width = MOBILEONE_RESIZE_MOST;
  frame.height = 1;
  EXPECT_EQ(mobileone_frame_scratch_bytes(&frame, &large, nullptr), 0u);
}

// Neither its place nor its content matters. 39 pixels of RGB and a place of 1
// take all of what is for alignment.
TEST(FrameScratch, may_lie_anywhere) {
  Random random(3);
  RandomFrame made(random, MOBILEONE_FRAME_NV12, 39, 30);
  const mobileone_model_info info = makeInfo(12, 10, MOBILEONE_F32_NHWC);
  const size_t bytes =
      mobileone_frame_scratch_bytes(&made.frame, &info, nullptr);
  std::vector<float> first, input(info.input_bytes / 4);
  for (size_t offset = 0; offset < 9; ++offset) {
    std::vector<uint8_t> scratch(bytes + 9, static_cast<uint8_t>(37 * offset));
    const std::vector<uint8_t> before = scratch;
    ASSERT_EQ(mobileone_frame_to_input(&made.frame, &info, nullptr,
                                       input.data(), info.input_bytes,
                                       scratch.data() + offset, bytes, nullptr),
              0);
    EXPECT_TRUE(
        std::equal(before.begin(), before.begin() + offset, scratch.begin()));
    EXPECT_TRUE(std::equal(before.begin() + offset + bytes, before.end(),
                           scratch.begin() + offset + bytes));
    if (offset == 0)
      first = input;
    EXPECT_EQ(input, first);
  }
}

} // namespace
