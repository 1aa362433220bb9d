// Decoding JPEG and PNG files of every kind, whole and damaged.
#include "tools/Images/DecodeImage.h"
#include "tools/Images/Npy.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

using namespace llvm;
using namespace mobileone::images;

namespace {

std::vector<std::string> imagePaths() {
  std::vector<std::string> paths;
  std::error_code error;
  for (sys::fs::directory_iterator entry(INPUTS "/images", error), end;
       entry != end; entry.increment(error))
    if (sys::path::extension(entry->path()) != ".npy")
      paths.push_back(entry->path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

bool isPng(StringRef path) { return path.ends_with(".png"); }

/// Decodes a copy that ends where it ends: reading past it is found.
Error decodeCopy(StringRef path, ArrayRef<uint8_t> file, Image &image) {
  const std::vector<uint8_t> copy(file.begin(), file.end());
  return isPng(path) ? decodePng(copy, image) : decodeJpeg(copy, image);
}

std::vector<uint8_t> readFile(StringRef path) {
  auto file = cantFail(errorOrToExpected(MemoryBuffer::getFile(path)));
  ArrayRef<uint8_t> bytes = arrayRefFromStringRef(file->getBuffer());
  return {bytes.begin(), bytes.end()};
}

// PNG is exact. JPEG decoders may differ by rounding: Pillow carries its own.
TEST(DecodeImage, pixels_are_those_of_pillow) {
  const NpyArray expected = cantFail(readNpy(INPUTS "/images/pixels.npy"));
  const std::vector<std::string> paths = imagePaths();
  ASSERT_EQ(expected.shape.front(), paths.size());
  const size_t size = expected.data.size() / paths.size();
  for (size_t i = 0; i < paths.size(); ++i) {
    SCOPED_TRACE(paths[i]);
    const Image image = cantFail(decodeImage(paths[i]));
    EXPECT_EQ(image.width, 17u);
    EXPECT_EQ(image.height, 13u);
    ASSERT_EQ(image.pixels.size(), size);
    int largest = 0;
    for (size_t j = 0; j < size; ++j)
      largest = std::max(
          largest, std::abs(image.pixels[j] -
                            static_cast<uint8_t>(expected.data[i * size + j])));
    EXPECT_LE(largest, isPng(paths[i]) ? 0 : 1);
  }
}

TEST(DecodeImage, files_cut_anywhere_do_no_harm) {
  for (const std::string &path : imagePaths()) {
    const std::vector<uint8_t> file = readFile(path);
    for (size_t size = 0; size < file.size(); ++size) {
      Image image;
      Error error = decodeCopy(path, ArrayRef(file).take_front(size), image);
      // The last bytes only mark the end; up to half, pixels are missing.
      if (size < file.size() / 2)
        EXPECT_TRUE(static_cast<bool>(error)) << path << " at " << size;
      consumeError(std::move(error));
    }
  }
}

TEST(DecodeImage, files_with_a_wrong_byte_do_no_harm) {
  for (const std::string &path : imagePaths()) {
    std::vector<uint8_t> file = readFile(path);
    for (uint8_t &byte : file)
      for (uint8_t change : {0x01, 0x80, 0xff}) {
        byte ^= change;
        Image image;
        consumeError(decodeCopy(path, file, image));
        byte ^= change;
      }
  }
}

TEST(DecodeImage, hostile_sizes_are_refused) {
  std::vector<uint8_t> file = readFile(INPUTS "/images/baseline-420.jpg");
  const std::vector<uint8_t> size = {0, 13, 0, 17};
  auto found = std::search(file.begin(), file.end(), size.begin(), size.end());
  ASSERT_NE(found, file.end());
  std::fill_n(found, 4, 0xf0); // 61680 x 61680
  Image image;
  EXPECT_EQ(toString(decodeJpeg(file, image)),
            "expects 1 to 178956970 pixels, but got 61680x61680");
}

TEST(DecodeImage, other_files_are_refused) {
  EXPECT_EQ(toString(decodeImage(INPUTS "/images/pixels.npy").takeError()),
            INPUTS "/images/pixels.npy: expects a JPEG or PNG image, but got a "
                   "file that starts with 934E554D");
  EXPECT_EQ(toString(decodeImage("/dev/null").takeError()),
            "/dev/null: expects a regular file, but got a device");
  EXPECT_EQ(toString(decodeImage("/no/file").takeError()),
            "/no/file: cannot be read: No such file or directory");
}

} // namespace
