// Reads PNG files with libpng.
#include "tools/Images/DecodeImage.h"

#include <algorithm>
#include <csetjmp>
#include <cstring>
#include <fmt/format.h>
#include <png.h>

using namespace llvm;

namespace mobileone::images {
/// Pillow reads 16-bit grey as numbers and clips them to a byte; all else that
/// has 16 bits keeps its high byte. In place: a row holds big-endian numbers
/// in its first two thirds, and pixels afterwards.
static void clipGrey16Row(uint8_t *row, uint32_t width) {
  for (size_t x = width; x-- > 0;) {
    const uint8_t grey = row[2 * x] != 0 ? 255 : row[2 * x + 1];
    std::fill_n(row + 3 * x, 3, grey);
  }
}

namespace {

/// One decoder; the destructor frees it wherever decoding stopped.
class PngDecoder {
public:
  ~PngDecoder() { png_destroy_read_struct(&png, &info, nullptr); }

  Error decode(ArrayRef<uint8_t> file, Image &image) {
    rest = file;
    if (!readHeader())
      return damaged();
    if (Error error = image.allocate(png_get_image_width(png, info),
                                     png_get_image_height(png, info)))
      return error;
    for (size_t y = 0; y < image.height; ++y)
      rows.push_back(&image.pixels[y * image.width * 3]);
    const bool isGrey16 =
        png_get_color_type(png, info) == PNG_COLOR_TYPE_GRAY &&
        png_get_bit_depth(png, info) == 16;
    if (!readPixels(isGrey16))
      return damaged();
    if (isGrey16)
      for (uint8_t *row : rows)
        clipGrey16Row(row, image.width);
    return Error::success();
  }

private:
  Error damaged() const {
    return createStringError(
        fmt::format("expects a whole PNG image, but got: {}", message));
  }

  [[noreturn]] static void leave(png_structp png, png_const_charp text) {
    auto *decoder = static_cast<PngDecoder *>(png_get_error_ptr(png));
    std::strncpy(decoder->message, text, sizeof(decoder->message) - 1);
    png_longjmp(png, 1);
  }

  static void passOver(png_structp, png_const_charp) {}

  static void readBytes(png_structp png, png_bytep bytes, size_t count) {
    auto *decoder = static_cast<PngDecoder *>(png_get_io_ptr(png));
    if (count > decoder->rest.size())
      png_error(png, "the file ends early");
    std::memcpy(bytes, decoder->rest.data(), count);
    decoder->rest = decoder->rest.drop_front(count);
  }

  // libpng jumps back into the next two functions. They have no objects with a
  // destructor and change no variable that is read after the jump.

  bool readHeader() {
    png = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, leave, passOver);
    if (!png)
      return false;
    if (setjmp(png_jmpbuf(png)))
      return false;
    info = png_create_info_struct(png);
    if (!info)
      return false;
    png_set_read_fn(png, this, readBytes);
    png_read_info(png, info);
    return true;
  }

  bool readPixels(bool isGrey16) {
    if (setjmp(png_jmpbuf(png)))
      return false;
    png_set_expand(png); // palette to RGB, grey to at least 8 bits
    png_set_strip_alpha(png);
    if (!isGrey16) {
      png_set_strip_16(png);
      png_set_gray_to_rgb(png);
    }
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
    png_read_image(png, rows.data());
    return true;
  }

  ArrayRef<uint8_t> rest;
  png_structp png = nullptr;
  png_infop info = nullptr;
  std::vector<uint8_t *> rows;
  char message[128] = "libpng cannot start";
};

} // namespace

Error decodePng(ArrayRef<uint8_t> file, Image &image) {
  return PngDecoder().decode(file, image);
}

} // namespace mobileone::images
