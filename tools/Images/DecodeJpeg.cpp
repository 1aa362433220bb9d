// Reads JPEG files with libjpeg-turbo.
#include "tools/Images/DecodeImage.h"

#include <csetjmp>
#include <cstdio>
#include <fmt/format.h>
#include <jerror.h>
#include <jpeglib.h>

using namespace llvm;

namespace mobileone::images {
namespace {

/// libjpeg ends the process on an error, unless told to jump.
struct ErrorManager {
  jpeg_error_mgr base; // first: libjpeg knows only this part
  std::jmp_buf jump;
  char message[JMSG_LENGTH_MAX];
};

} // namespace

[[noreturn]] static void leave(j_common_ptr codec) {
  auto *errors = reinterpret_cast<ErrorManager *>(codec->err);
  codec->err->format_message(codec, errors->message);
  std::longjmp(errors->jump, 1);
}

/// Called for warnings (`level` -1) and traces. Damage that leaves the image
/// whole is passed over, as Pillow does; a file that ends early is not.
static void judgeWarning(j_common_ptr codec, int level) {
  if (level == -1 && codec->err->msg_code == JWRN_JPEG_EOF)
    leave(codec);
}

/// Pillow's conversion of the inverted CMYK that Adobe's programs write:
/// every channel is the product of its ink's and the black's brightness.
static void convertCmykRow(const std::vector<uint8_t> &row, uint8_t *rgb) {
  for (size_t i = 0; i < row.size(); i += 4)
    for (size_t channel = 0; channel < 3; ++channel) {
      const unsigned black = row[i + 3];
      const unsigned product = (255u - row[i + channel]) * black + 128;
      const unsigned shade = ((product >> 8) + product) >> 8;
      *rgb++ = static_cast<uint8_t>(black - shade);
    }
}

namespace {

/// One decoder; the destructor frees it wherever decoding stopped.
class JpegDecoder {
public:
  JpegDecoder() {
    codec.err = jpeg_std_error(&errors.base);
    errors.base.error_exit = leave;
    errors.base.emit_message = judgeWarning;
  }
  ~JpegDecoder() { jpeg_destroy_decompress(&codec); }

  Error decode(ArrayRef<uint8_t> file, Image &image) {
    if (!readHeader(file))
      return damaged();
    if (codec.num_components != 1 && codec.num_components != 3 &&
        codec.num_components != 4)
      return createStringError(
          fmt::format("expects 1, 3 or 4 colour components, but got {}",
                      codec.num_components));
    if (Error error = image.allocate(codec.image_width, codec.image_height))
      return error;
    if (codec.num_components == 4)
      cmykRow.resize(size_t{image.width} * 4);
    return readPixels(image) ? Error::success() : damaged();
  }

private:
  Error damaged() const {
    return createStringError(
        fmt::format("expects a whole JPEG image, but got: {}", errors.message));
  }

  // libjpeg jumps back into the next two functions. They have no objects with
  // a destructor and change no variable that is read after the jump.

  bool readHeader(ArrayRef<uint8_t> file) {
    if (setjmp(errors.jump))
      return false;
    jpeg_create_decompress(&codec);
    jpeg_mem_src(&codec, file.data(), file.size());
    jpeg_read_header(&codec, /*require_image=*/TRUE);
    return true;
  }

  bool readPixels(Image &image) {
    if (setjmp(errors.jump))
      return false;
    codec.out_color_space = cmykRow.empty() ? JCS_RGB : JCS_CMYK;
    jpeg_start_decompress(&codec);
    while (codec.output_scanline < codec.output_height) {
      uint8_t *rgb =
          &image.pixels[size_t{codec.output_scanline} * image.width * 3];
      JSAMPROW row = cmykRow.empty() ? rgb : cmykRow.data();
      jpeg_read_scanlines(&codec, &row, 1);
      if (!cmykRow.empty())
        convertCmykRow(cmykRow, rgb);
    }
    return true;
  }

  jpeg_decompress_struct codec = {};
  ErrorManager errors = {};
  std::vector<uint8_t> cmykRow;
};

} // namespace

Error decodeJpeg(ArrayRef<uint8_t> file, Image &image) {
  return JpegDecoder().decode(file, image);
}

} // namespace mobileone::images
