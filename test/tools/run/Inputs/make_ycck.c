/* Writes ycck.jpg, as Adobe's programs do: inverted CMYK, stored as YCCK. */
#include <stddef.h>
#include <stdio.h>

#include <jpeglib.h>

int main(void) {
  enum { WIDTH = 17, HEIGHT = 13 };
  struct jpeg_compress_struct codec;
  struct jpeg_error_mgr errors;
  FILE *file = fopen("ycck.jpg", "wb");

  codec.err = jpeg_std_error(&errors);
  jpeg_create_compress(&codec);
  jpeg_stdio_dest(&codec, file);
  codec.image_width = WIDTH;
  codec.image_height = HEIGHT;
  codec.input_components = 4;
  codec.in_color_space = JCS_CMYK;
  jpeg_set_defaults(&codec);
  jpeg_set_colorspace(&codec, JCS_YCCK);
  jpeg_set_quality(&codec, 90, TRUE);
  jpeg_start_compress(&codec, TRUE);
  for (int y = 0; y < HEIGHT; ++y) {
    JSAMPLE row[WIDTH * 4];
    JSAMPROW rows = row;
    for (int x = 0; x < WIDTH; ++x) {
      row[x * 4] = (JSAMPLE)(x * 15);
      row[x * 4 + 1] = (JSAMPLE)(y * 19);
      row[x * 4 + 2] = (JSAMPLE)(x * y);
      row[x * 4 + 3] = (JSAMPLE)(255 - (x + y) * 8);
    }
    jpeg_write_scanlines(&codec, &rows, 1);
  }
  jpeg_finish_compress(&codec);
  jpeg_destroy_compress(&codec);
  return fclose(file);
}
