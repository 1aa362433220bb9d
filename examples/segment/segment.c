/* Finds the garment in a picture. The encoder is one object, which gives the
 * feature maps of all stages; the decoder is this file, with weights of
 * train.py: as in a U-Net, each step takes the estimate of the step before,
 * twice as large, beside the encoder's map of that size. */
#include "decoder.h"
#include "encoder.h"
#include "resize.h"

#include <stdio.h>
#include <stdlib.h>

_Static_assert(ENCODER_OUTPUT_STEM_LAYOUT == MOBILEONE_HWC,
               "expects --feature-layout=nhwc");

enum { HEIGHT = ENCODER_OUTPUT_STEM_HEIGHT, WIDTH = ENCODER_OUTPUT_STEM_WIDTH };

static const struct step {
  int kernel;           /* rows and columns of the convolution */
  const float *weights; /* the bias; [kernel][kernel][channels + 1] */
} steps[ENCODER_OUTPUT_COUNT] = {{3, decoder_stem},
                                 {3, decoder_stage1},
                                 {3, decoder_stage2},
                                 {1, decoder_stage3},
                                 {1, decoder_stage4}};

static void fail(const char *what, const char *why) {
  fprintf(stderr, "segment: %s: %s\n", what, why);
  exit(1);
}

/* A convolution of the map and, as its last channel, the coarser estimate, a
 * pixel of which is 2x2 of the map. The result is cut to 0 to 1. */
static void decode(const struct step *step, const mobileone_output_info *map,
                   const float *values, const float *coarse, float *estimate) {
  const int height = (int)map->height, width = (int)map->width;
  const int channels = (int)map->channels, border = step->kernel / 2;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const float *weights = step->weights;
      float sum = *weights++;
      for (int row = y - border; row <= y + border; ++row)
        for (int column = x - border; column <= x + border; ++column) {
          if (row >= 0 && row < height && column >= 0 && column < width) {
            const float *pixel = values + (row * width + column) * channels;
            for (int i = 0; i < channels; ++i)
              sum += weights[i] * pixel[i];
            sum += weights[channels] *
                   coarse[row / 2 * ((width + 1) / 2) + column / 2];
          }
          weights += channels + 1;
        }
      estimate[y * width + x] = sum < 0 ? 0 : sum > 1 ? 1 : sum;
    }
}

/* A binary PPM, resized to what the network takes. */
static void read_picture(const char *path, unsigned char *input) {
  const mobileone_crop all = {ENCODER_INPUT_WIDTH, ENCODER_INPUT_HEIGHT, 0, 0,
                              ENCODER_INPUT_WIDTH, ENCODER_INPUT_HEIGHT};
  unsigned width = 0, height = 0, most = 0;
  FILE *file = fopen(path, "rb");
  if (!file)
    fail(path, "cannot be read");
  if (fscanf(file, "P6 %5u %5u %5u", &width, &height, &most) != 3 || !width ||
      !height || most != 255 || fgetc(file) != '\n')
    fail(path, "expects a binary PPM of 8 bits");
  size_t bytes = (size_t)3 * width * height;
  unsigned char *pixels = malloc(bytes);
  if (!pixels || fread(pixels, 1, bytes, file) != bytes)
    fail(path, "expects 3 bytes for each pixel");
  fclose(file);
  if (mobileone_resize_crop(pixels, width, height, 3 * (size_t)width, &all,
                            input))
    fail(path, "cannot be resized");
  free(pixels);
}

int main(int argc, char **argv) {
  static _Alignas(ENCODER_ARENA_ALIGN) unsigned char arena[ENCODER_ARENA_BYTES];
  static unsigned char input[ENCODER_INPUT_BYTES];
  static float stem[ENCODER_OUTPUT_STEM_LEN], stage1[ENCODER_OUTPUT_STAGE1_LEN],
      stage2[ENCODER_OUTPUT_STAGE2_LEN], stage3[ENCODER_OUTPUT_STAGE3_LEN],
      stage4[ENCODER_OUTPUT_STAGE4_LEN];
  static float estimates[2][HEIGHT * WIDTH]; /* of this step and the last */
  float *maps[] = {stem, stage1, stage2, stage3, stage4};
  const size_t sizes[] = {sizeof stem, sizeof stage1, sizeof stage2,
                          sizeof stage3, sizeof stage4};
  if (argc != 3) {
    fprintf(stderr, "usage: segment PICTURE.ppm MASK.pgm\n");
    return 2;
  }
  read_picture(argv[1], input);
  mobileone_call call = {.struct_size = sizeof call, .batch = 1};
  call.input = input;
  call.input_bytes = sizeof input;
  call.outputs = maps;
  call.output_bytes = sizes;
  call.output_count = ENCODER_OUTPUT_COUNT;
  call.arena = arena;
  call.arena_bytes = sizeof arena;
  int error = encoder_run_ex(&call);
  if (error)
    fail("encoder_run_ex", mobileone_strerror(error));

  const mobileone_output_info *infos = mobileone_outputs(encoder_info());
  for (int i = ENCODER_OUTPUT_COUNT - 1; i >= 0; --i)
    decode(&steps[i], &infos[i], maps[i], estimates[(i + 1) % 2],
           estimates[i % 2]);

  FILE *file = fopen(argv[2], "wb");
  if (!file)
    fail(argv[2], "cannot be written");
  fprintf(file, "P5\n%d %d\n255\n", WIDTH, HEIGHT);
  int garment = 0;
  for (int i = 0; i < HEIGHT * WIDTH; ++i) {
    garment += estimates[0][i] > 0.5f;
    fputc(estimates[0][i] > 0.5f ? 255 : 0, file);
  }
  if (ferror(file) || fclose(file))
    fail(argv[2], "cannot be written");
  printf("%s: %d of %d pixels are garment\n", argv[1], garment, HEIGHT * WIDTH);
  return 0;
}
