/* Classifies a PNG with a compiled network and prints what
 * 'mobileone-run fashion.o --image FILE --labels LABELS' prints. */
#include "fashion.h"
#include "resize.h"
#include <png.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIDE = FASHION_INPUT_WIDTH, TOP = 5 };

static int fail(const char *what, const char *why) {
  fprintf(stderr, "classify: %s: %s\n", what, why);
  return 1;
}

int main(int argc, char **argv) {
  /* Each thread that calls fashion_run() has an arena of its own. */
  static alignas(FASHION_ARENA_ALIGN) unsigned char arena[FASHION_ARENA_BYTES];
  static unsigned char input[FASHION_INPUT_BYTES];
  static char labels[FASHION_OUTPUT_LEN][80];
  float output[FASHION_OUTPUT_LEN];

  if (argc != 3)
    return fprintf(stderr, "usage: classify IMAGE.png LABELS.txt\n"), 2;
  FILE *file = fopen(argv[2], "r");
  if (!file)
    return fail(argv[2], "cannot be read");
  for (unsigned i = 0; i < FASHION_OUTPUT_LEN; ++i)
    if (!fgets(labels[i], sizeof labels[i], file))
      return fail(argv[2], "expects a line for each class");
  fclose(file);

  png_image png = {.version = PNG_IMAGE_VERSION};
  if (!png_image_begin_read_from_file(&png, argv[1]))
    return fail(argv[1], png.message);
  png.format = PNG_FORMAT_RGBA;
  unsigned char *pixels = malloc(PNG_IMAGE_SIZE(png));
  if (!pixels || !png_image_finish_read(&png, NULL, pixels, 0, NULL))
    return fail(argv[1], pixels ? png.message : "is too large");
  for (size_t i = 0; i < (size_t)png.width * png.height; ++i)
    memmove(pixels + 3 * i, pixels + 4 * i, 3); /* alpha is not blended */

  mobileone_crop crop = mobileone_center_crop(png.width, png.height,
                                              SIDE * 256 / 224, SIDE, SIDE);
  if (mobileone_resize_crop(pixels, png.width, png.height, 3 * png.width, &crop,
                            input))
    return fail(argv[1], "is too large");
  free(pixels);
  int error = fashion_run(input, output, arena);
  if (error)
    return fail("fashion_run", mobileone_strerror(error));

  printf("%s\n", argv[1]);
  for (int rank = 0; rank < TOP; ++rank) {
    unsigned best = 0;
    for (unsigned i = 1; i < FASHION_OUTPUT_LEN; ++i)
      best = output[i] > output[best] ? i : best;
    printf("  %6.2f %%  %4u  %s", 100.0 * output[best], best, labels[best]);
    output[best] = -1; /* below every probability */
  }
  return 0;
}
