// Finds which pictures of a folder look alike, by a network compiled with
// --output=embedding, and writes a page that shows them.
#include "net.hpp"
#include "page.hpp"
#include "resize.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <numeric>
#include <png.h>
#include <stdexcept>
#include <turbojpeg.h>

static_assert(net::output_kind == MOBILEONE_EMBEDDING, "--output=embedding");
static_assert(net::input_layout == MOBILEONE_U8_NHWC &&
                  net::channel_order == MOBILEONE_RGB,
              "--input=u8-nhwc --channels=rgb");

struct picture {
  fs::path path;
  std::vector<float> direction; // of the embedding: its length is 1
};

struct image {
  int width = 0, height = 0;
  std::vector<std::uint8_t> rgb; // rows without gaps
};

static image decode_jpeg(const std::string &file) {
  image photo;
  auto *data = reinterpret_cast<const unsigned char *>(file.data());
  std::unique_ptr<void, int (*)(void *)> jpeg(tjInitDecompress(), tjDestroy);
  auto check = [&](int error) {
    if (error)
      throw std::runtime_error(tjGetErrorStr2(jpeg.get()));
  };
  int subsampling, colours;
  check(tjDecompressHeader3(jpeg.get(), data, file.size(), &photo.width,
                            &photo.height, &subsampling, &colours));
  photo.rgb.resize(std::size_t{3} * photo.width * photo.height);
  check(tjDecompress2(jpeg.get(), data, file.size(), photo.rgb.data(),
                      photo.width, 0, photo.height, TJPF_RGB, 0));
  return photo;
}

static image decode_png(const std::string &file) {
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  if (!png_image_begin_read_from_memory(&png, file.data(), file.size()))
    throw std::runtime_error(png.message);
  png.format = PNG_FORMAT_RGB;
  image photo{int(png.width), int(png.height), {}};
  photo.rgb.resize(PNG_IMAGE_SIZE(png));
  const png_color white{255, 255, 255}; // behind what is transparent
  if (!png_image_finish_read(&png, &white, photo.rgb.data(), 0, nullptr))
    throw std::runtime_error(png.message);
  return photo;
}

static picture embed(net::model &model, const fs::path &path) {
  std::ifstream stream(path, std::ios::binary);
  const std::string file(std::istreambuf_iterator<char>(stream), {});
  if (!stream)
    throw std::runtime_error("cannot be read");
  const image photo =
      file.rfind("\xff\xd8", 0) == 0 ? decode_jpeg(file) : decode_png(file);
  const mobileone_crop crop = mobileone_center_crop(
      photo.width, photo.height, std::max(net::width, net::height) * 256 / 224,
      net::width, net::height);
  std::array<std::uint8_t, net::input_length> input;
  std::array<float, net::output_length> output;
  if (mobileone_resize_crop(photo.rgb.data(), photo.width, photo.height,
                            std::size_t{3} * photo.width, &crop, input.data()))
    throw std::runtime_error("cannot be resized");
  if (std::error_code error = model.run(input, output))
    throw std::system_error(error);
  const float length = std::sqrt(
      std::inner_product(output.begin(), output.end(), output.begin(), 0.0f));
  picture result{fs::canonical(path), {}};
  for (float value : output)
    result.direction.push_back(length > 0 ? value / length : 0);
  return result;
}

// The PNG and JPEG files of a folder and of those in it, by name.
static std::vector<fs::path> list_pictures(const fs::path &folder) {
  std::vector<fs::path> paths;
  for (const fs::directory_entry &file :
       fs::recursive_directory_iterator(folder)) {
    std::string kind = file.path().extension().string();
    std::transform(kind.begin(), kind.end(), kind.begin(), ::tolower);
    if (kind == ".png" || kind == ".jpg" || kind == ".jpeg")
      paths.push_back(file.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

// The cosine of two embeddings is the sum of products of their directions.
static answer find_nearest(const picture &query,
                           const std::vector<picture> &pictures) {
  answer result{query.path, {}};
  for (const picture &other : pictures)
    if (other.path != query.path)
      result.nearest.push_back(
          {other.path,
           std::inner_product(query.direction.begin(), query.direction.end(),
                              other.direction.begin(), 0.0f)});
  std::sort(result.nearest.begin(), result.nearest.end(),
            [](const match &a, const match &b) {
              return std::tie(b.similarity, a.path) <
                     std::tie(a.similarity, b.path);
            });
  result.nearest.resize(std::min<std::size_t>(result.nearest.size(), 6));
  return result;
}

static int fail(const fs::path &what, const std::string &why) {
  std::cerr << "search: " << what.string() << ": " << why << '\n';
  return 1;
}

int main(int argc, char **argv) try {
  if (argc != 3 && argc != 4)
    return std::cerr << "usage: search FOLDER PAGE.html [PICTURE]\n", 2;
  auto model = net::model::create();
  if (!model)
    return fail("net", model.error().message());
  std::vector<picture> pictures, query;
  auto add = [&](const fs::path &path, std::vector<picture> &to) {
    try {
      to.push_back(embed(*model, path));
    } catch (const std::exception &error) {
      fail(path, error.what()); // the others are there still
    }
  };
  for (const fs::path &path : list_pictures(argv[1]))
    add(path, pictures);
  if (pictures.empty())
    return fail(argv[1], "expects PNG or JPEG files");
  if (argc == 4)
    add(argv[3], query);
  if (argc == 4 && query.empty())
    return 1;

  std::vector<answer> answers;
  for (const picture &each : argc == 4 ? query : pictures) {
    answers.push_back(find_nearest(each, pictures));
    std::printf("%s\n", each.path.filename().c_str());
    for (const match &other : answers.back().nearest)
      std::printf("  %.3f  %s\n", other.similarity,
                  other.path.filename().c_str());
  }
  return write_page(argv[2], answers) ? 0 : fail(argv[2], "cannot be written");
} catch (const std::exception &error) { // such as a folder that is not there
  return fail(argv[1], error.what());
}
