// Reads image files, whatever they are.
#include "tools/Images/DecodeImage.h"
#include "tools/Images/ReadFile.h"

#include "llvm/ADT/StringExtras.h"

#include <fmt/format.h>

using namespace llvm;

namespace mobileone::images {
/// Pillow's limit for its "decompression bomb" error.
constexpr uint64_t maxPixels = 178956970;

static Error decode(StringRef file, Image &image) {
  if (file.starts_with("\xff\xd8\xff"))
    return decodeJpeg(arrayRefFromStringRef(file), image);
  if (file.starts_with("\x89PNG\r\n\x1a\n"))
    return decodePng(arrayRefFromStringRef(file), image);
  return createStringError(
      fmt::format("expects a JPEG or PNG image, but got {}",
                  file.empty() ? "an empty file"
                               : fmt::format("a file that starts with {}",
                                             toHex(file.take_front(4)))));
}

Error Image::allocate(uint32_t newWidth, uint32_t newHeight) {
  if (newWidth == 0 || newHeight == 0 ||
      uint64_t{newWidth} * newHeight > maxPixels)
    return createStringError(
        fmt::format("expects 1 to {} pixels, but got {}x{}", maxPixels,
                    newWidth, newHeight));
  width = newWidth;
  height = newHeight;
  pixels.resize(size_t{width} * height * 3);
  return Error::success();
}

Expected<Image> decodeImage(StringRef path) {
  Expected<std::unique_ptr<MemoryBuffer>> file = readFile(path);
  if (!file)
    return file.takeError();
  Image image;
  if (Error error = decode((*file)->getBuffer(), image))
    return createStringError(path + ": " + toString(std::move(error)));
  return image;
}

} // namespace mobileone::images
