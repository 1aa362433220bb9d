// Reads JPEG and PNG files as RGB, with the pixels that Pillow's
// Image.open(...).convert("RGB") gives.
#ifndef MOBILEONE_TOOLS_IMAGES_DECODEIMAGE_H
#define MOBILEONE_TOOLS_IMAGES_DECODEIMAGE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <vector>

namespace mobileone::images {

struct Image {
  uint32_t width = 0;
  uint32_t height = 0;
  /// RGB, dense rows.
  std::vector<uint8_t> pixels;

  /// Makes room for the pixels, and refuses sizes that only a hostile file
  /// has.
  llvm::Error allocate(uint32_t newWidth, uint32_t newHeight);
};

/// Reads an image; its content, not its name, says what it is.
llvm::Expected<Image> decodeImage(llvm::StringRef path);

llvm::Error decodeJpeg(llvm::ArrayRef<uint8_t> file, Image &image);
llvm::Error decodePng(llvm::ArrayRef<uint8_t> file, Image &image);

} // namespace mobileone::images

#endif // MOBILEONE_TOOLS_IMAGES_DECODEIMAGE_H
