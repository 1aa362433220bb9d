/* Prints the most likely class of a JPEG: classify < photo.jpg */
#include "net.h"
#include "resize.h"
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

int main(void) {
  static _Alignas(NET_ARENA_ALIGN) unsigned char arena[NET_ARENA_BYTES];
  static unsigned char input[NET_INPUT_BYTES];
  float output[NET_OUTPUT_LEN];
  struct jpeg_error_mgr errors; /* ends the program where a file is damaged */
  struct jpeg_decompress_struct jpeg = {.err = jpeg_std_error(&errors)};
  jpeg_create_decompress(&jpeg);
  jpeg_stdio_src(&jpeg, stdin);
  jpeg_read_header(&jpeg, TRUE);
  jpeg.out_color_space = JCS_RGB;
  jpeg_start_decompress(&jpeg);
  uint32_t width = jpeg.output_width, height = jpeg.output_height, best = 0;
  unsigned char *photo = malloc((size_t)3 * width * height), *row = photo;
  for (; photo && jpeg.output_scanline < height; row += 3 * width)
    jpeg_read_scanlines(&jpeg, &row, 1);
  mobileone_crop crop = mobileone_center_crop(width, height, 73, 64, 64);
  if (!photo ||
      mobileone_resize_crop(photo, width, height, 3 * width, &crop, input) ||
      net_run(input, output, arena))
    return 1;
  for (uint32_t i = 1; i < NET_OUTPUT_LEN; ++i)
    best = output[i] > output[best] ? i : best;
  printf("  %6.2f %%  %4u\n", 100.0 * output[best], best);
  return 0;
}
