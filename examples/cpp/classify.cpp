// Classifies a PNG with a compiled network and prints what
// 'mobileone-run fashion.o --image FILE --labels LABELS' prints.
#include "fashion.hpp"
#include "resize.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <numeric>
#include <png.h>
#include <string>
#include <vector>

static int fail(const std::string &what, const std::string &why) {
  std::cerr << "classify: " << what << ": " << why << '\n';
  return 1;
}

int main(int argc, char **argv) {
  if (argc != 3)
    return std::cerr << "usage: classify IMAGE.png LABELS.txt\n", 2;
  std::ifstream text(argv[2]);
  std::array<std::string, fashion::output_length> labels;
  for (std::string &label : labels)
    if (!std::getline(text, label))
      return fail(argv[2], "expects a line for each class");

  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  if (!png_image_begin_read_from_file(&png, argv[1]))
    return fail(argv[1], png.message);
  png.format = PNG_FORMAT_RGBA;
  std::vector<std::uint8_t> pixels(PNG_IMAGE_SIZE(png));
  if (!png_image_finish_read(&png, nullptr, pixels.data(), 0, nullptr))
    return fail(argv[1], png.message);
  for (std::size_t i = 0; i < pixels.size() / 4; ++i) // alpha is not blended
    std::copy_n(&pixels[4 * i], 3, &pixels[3 * i]);

  // A model owns one arena: each thread has a model of its own.
  auto net = fashion::model::create();
  if (!net)
    return fail("fashion", net.error().message());
  std::array<std::uint8_t, fashion::input_length> input;
  std::array<float, fashion::output_length> output;
  const mobileone_crop crop = mobileone_center_crop(
      png.width, png.height,
      std::max(fashion::width, fashion::height) * 256 / 224, fashion::width,
      fashion::height);
  if (mobileone_resize_crop(pixels.data(), png.width, png.height,
                            std::size_t{3} * png.width, &crop, input.data()))
    return fail(argv[1], "no memory to resize the image");
  if (std::error_code error = net->run(input, output))
    return fail("fashion", error.message());

  std::array<std::size_t, fashion::output_length> order;
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(
      order.begin(), order.end(),
      [&](std::size_t a, std::size_t b) { return output[a] > output[b]; });
  std::printf("%s\n", argv[1]);
  for (std::size_t i = 0; i < 5; ++i)
    std::printf("  %6.2f %%  %4zu  %s\n", 100.0 * output[order[i]], order[i],
                labels[order[i]].c_str());
  return 0;
}
