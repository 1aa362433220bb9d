// Real photographs against the crops that Pillow and torchvision made.
#include "tools/Images/DecodeImage.h"
#include "tools/Images/Npy.h"

#include "runtime/resize.h"
#include "llvm/Support/FileSystem.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

using namespace llvm;
using namespace mobileone::images;

namespace {

/// The folder of the photographs: they are not part of the repository.
std::string dataFolder() {
  const char *shared = std::getenv("MOBILEONE_SHARED_DATA");
  return std::string(shared ? shared : SHARED_DATA) + "/imagenet-s0";
}

std::vector<std::string> listPhotographs() {
  std::vector<std::string> paths;
  std::error_code error;
  for (sys::fs::directory_iterator entry(dataFolder() + "/images", error), end;
       entry != end && !error; entry.increment(error))
    paths.push_back(entry->path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

TEST(Photographs, crops_are_those_of_pillow_to_one_grey_level) {
  const std::vector<std::string> paths = listPhotographs();
  if (paths.size() < 8)
    GTEST_SKIP() << "no photographs in " << dataFolder()
                 << "; set MOBILEONE_SHARED_DATA";
  const NpyArray crops = cantFail(readNpy(dataFolder() + "/crops8.npy"));
  ASSERT_EQ(ArrayRef<uint64_t>(crops.shape),
            ArrayRef<uint64_t>({8, 224, 224, 3}));

  std::vector<uint8_t> crop(224 * 224 * 3);
  int largest = 0;
  size_t different = 0;
  for (size_t i = 0; i < 8; ++i) {
    const Image image = cantFail(decodeImage(paths[i]));
    const mobileone_crop window =
        mobileone_center_crop(image.width, image.height, 256, 224, 224);
    ASSERT_EQ(mobileone_resize_crop(image.pixels.data(), image.width,
                                    image.height, size_t{image.width} * 3,
                                    &window, crop.data()),
              0);
    for (size_t j = 0; j < crop.size(); ++j) {
      const int difference = std::abs(
          crop[j] - static_cast<uint8_t>(crops.data[i * crop.size() + j]));
      largest = std::max(largest, difference);
      different += difference != 0;
    }
  }
  std::printf("largest difference %d grey levels, %zu of %zu values differ\n",
              largest, different, 8 * crop.size());
  EXPECT_LE(largest, 1);
}

} // namespace
