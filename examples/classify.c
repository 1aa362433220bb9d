/* Classifies images with a compiled network and writes a sheet to look at.
 *
 *   mobileone-opt fashion/mobileone_s0_fashion.safetensors --image-size=64x64
 *                 --output=softmax --prefix=fashion -o fashion.o
 *   cc -O2 -I. classify.c fashion.o -o classify
 *   ./classify fashion/images_u8.bin fashion/labels_u8.bin sheet.html
 *
 * The network is fashion.o alone: no library, no model file, no allocation. */
#define _POSIX_C_SOURCE 199309L /* clock_gettime */
#include "fashion.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
  SIDE = 28, /* pixels of the stored images, in both directions */
  PIXELS = SIDE * SIDE,
  HEIGHT = FASHION_INPUT_HEIGHT,
  WIDTH = FASHION_INPUT_WIDTH,
  CLASSES = FASHION_OUTPUT_LEN,
  MOST = 1000 /* images on one sheet */
};

static const char *const names[CLASSES] = {
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
    "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};

typedef struct result {
  int best;          /* the class with the highest probability */
  float probability; /* of that class */
  double seconds;    /* that the network took */
} result;

static void fail(const char *what, const char *why) {
  fprintf(stderr, "classify: %s: %s\n", what, why);
  exit(1);
}

/* --- The network ---------------------------------------------------------- */

/* The pixel under `position` of a row of `length`, and the weight of the next:
 * bilinear, half-pixel centres, edges clamped. */
static int find_pixel(int position, int length, float *weight) {
  float scale = (float)SIDE / (float)length;
  float source = ((float)position + 0.5f) * scale - 0.5f;
  int pixel = source > 0 ? (int)source : 0;
  *weight = source > 0 && pixel < SIDE - 1 ? source - (float)pixel : 0;
  return pixel;
}

/* What the network saw in training: resized, grey in all three channels, with
 * the mean and standard deviation of Fashion-MNIST. */
static void preprocess(const unsigned char *image, float *input) {
  int channel, y, x;
  for (y = 0; y < HEIGHT; ++y)
    for (x = 0; x < WIDTH; ++x) {
      float down, right;
      int row = find_pixel(y, HEIGHT, &down);
      int column = find_pixel(x, WIDTH, &right);
      const unsigned char *above = image + row * SIDE + column;
      const unsigned char *below = above + (down > 0 ? SIDE : 0);
      int next = right > 0;
      float top = (1 - right) * above[0] + right * above[next];
      float bottom = (1 - right) * below[0] + right * below[next];
      float value = (1 - down) * top + down * bottom;
      for (channel = 0; channel < 3; ++channel)
        input[(channel * HEIGHT + y) * WIDTH + x] =
            (value / 255 - 0.2860f) / 0.3530f;
    }
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static result classify(const unsigned char *image) {
  static float input[FASHION_INPUT_BYTES / sizeof(float)];
  static unsigned char memory[FASHION_ARENA_BYTES + FASHION_ARENA_ALIGN];
  unsigned char *arena =
      memory + FASHION_ARENA_ALIGN - (uintptr_t)memory % FASHION_ARENA_ALIGN;
  float output[FASHION_OUTPUT_LEN];
  result found = {0, 0, 0};
  double start;
  int i, error;

  preprocess(image, input);
  start = now();
  error = fashion_run(input, output, arena);
  found.seconds = now() - start;
  if (error)
    fail("fashion_run", mobileone_strerror(error));
  for (i = 1; i < CLASSES; ++i)
    if (output[i] > output[found.best])
      found.best = i;
  found.probability = output[found.best];
  return found;
}

/* --- The sheet ------------------------------------------------------------ */

static void write_base64(FILE *file, const unsigned char *bytes, size_t size) {
  static const char digits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  size_t i;
  for (i = 0; i < size; i += 3) {
    unsigned long group = (unsigned long)bytes[i] << 16;
    group |= i + 1 < size ? (unsigned long)bytes[i + 1] << 8 : 0;
    group |= i + 2 < size ? bytes[i + 2] : 0;
    putc(digits[group >> 18], file);
    putc(digits[group >> 12 & 63], file);
    putc(i + 1 < size ? digits[group >> 6 & 63] : '=', file);
    putc(i + 2 < size ? digits[group & 63] : '=', file);
  }
}

static void put32(unsigned char *at, long value) {
  int i;
  for (i = 0; i < 4; ++i)
    at[i] = (unsigned char)((unsigned long)value >> 8 * i & 255);
}

/* All images below each other as one 8-bit BMP. Its header and palette come
 * to 1080 bytes, a multiple of 3, so that the base64 of both parts joins. */
static void write_bitmap(FILE *file, const unsigned char *images, int count) {
  unsigned char header[1080] = {'B', 'M'};
  int grey;
  put32(header + 2, (long)sizeof(header) + (long)count * PIXELS);
  put32(header + 10, sizeof(header));
  put32(header + 14, 40);
  put32(header + 18, SIDE);
  put32(header + 22, -(long)count * SIDE); /* negative: from top to bottom */
  header[26] = 1;                          /* plane */
  header[28] = 8;                          /* bits per pixel */
  for (grey = 0; grey < 256; ++grey)
    memset(header + 54 + 4 * grey, grey, 3);
  write_base64(file, header, sizeof(header));
  write_base64(file, images, (size_t)count * PIXELS);
}

static void write_sheet(const char *path, const unsigned char *images,
                        const unsigned char *labels, const result *results,
                        int count, int correct, double milliseconds) {
  FILE *file = fopen(path, "w");
  int i;
  if (!file)
    fail(path, "cannot be written");
  fprintf(file,
          "<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width\">\n"
          "<title>MobileOne on Fashion-MNIST</title>\n<style>\n"
          "body{font:15px/1.3 system-ui,sans-serif;margin:2em;color:#222}\n"
          "main{display:grid;gap:10px;margin-top:1em;"
          "grid-template-columns:repeat(auto-fill,128px)}\n"
          "figure{margin:0;padding:7px;border:1px solid #ddd;font-size:12px}\n"
          "figure.wrong{border:2px solid #b00;padding:6px;background:#fff0ee}\n"
          "i{display:block;width:112px;height:112px;margin:0 auto 5px;"
          "image-rendering:pixelated;background-size:112px auto;"
          "print-color-adjust:exact;-webkit-print-color-adjust:exact}\n"
          "figcaption{min-height:2.6em}.wrong b{color:#b00}\n"
          "#only:checked~main .right{display:none}\n"
          "i{background-image:url(data:image/bmp;base64,");
  write_bitmap(file, images, count);
  fprintf(file,
          ")}\n</style>\n<h1>%d of %d images right, %.2f ms per image</h1>\n"
          "<p>MobileOne-%s, %s, compiled by mobileone-opt %s. Each image has "
          "the class that the network found and how sure it was; where it was "
          "wrong, the label stands below.</p>\n"
          "<input type=\"checkbox\" id=\"only\"><label for=\"only\"> Only the "
          "%d wrong ones</label>\n<main>\n",
          correct, count, milliseconds, fashion_info()->variant,
          fashion_info()->precision, fashion_info()->tool_version,
          count - correct);
  for (i = 0; i < count; ++i) {
    int right = results[i].best == labels[i];
    fprintf(file,
            "<figure class=\"%s\"><i role=\"img\" aria-label=\"image %d\" "
            "style=\"background-position:0 -%dpx\"></i><figcaption><b>%s</b> "
            "%.0f %%",
            right ? "right" : "wrong", i, 112 * i, names[results[i].best],
            100 * results[i].probability);
    if (!right)
      fprintf(file, "<br>label: %s", names[labels[i]]);
    fprintf(file, "</figcaption></figure>\n");
  }
  fprintf(file, "</main>\n</html>\n");
  if (ferror(file) || fclose(file))
    fail(path, "cannot be written");
}

/* --- The program ---------------------------------------------------------- */

static int by_seconds(const void *a, const void *b) {
  double left = ((const result *)a)->seconds;
  double right = ((const result *)b)->seconds;
  return (left > right) - (left < right);
}

static double median_milliseconds(const result *results, int count) {
  static result sorted[MOST];
  memcpy(sorted, results, (size_t)count * sizeof(result));
  qsort(sorted, (size_t)count, sizeof(result), by_seconds);
  return 1e3 * sorted[count / 2].seconds;
}

static size_t read_bytes(const char *path, unsigned char *bytes, size_t most) {
  FILE *file = fopen(path, "rb");
  size_t size;
  if (!file)
    fail(path, "cannot be read");
  size = fread(bytes, 1, most, file);
  fclose(file);
  return size;
}

int main(int argc, char **argv) {
  static unsigned char images[MOST * PIXELS], labels[MOST];
  static result results[MOST];
  int i, count, correct = 0;
  double milliseconds;

  if (argc != 4) {
    fprintf(stderr, "usage: classify IMAGES LABELS SHEET.html\n");
    return 2;
  }
  count = (int)read_bytes(argv[2], labels, sizeof(labels));
  if (!count)
    fail(argv[2], "expects one byte for each image");
  if (read_bytes(argv[1], images, sizeof(images)) != (size_t)count * PIXELS)
    fail(argv[1], "expects 28x28 bytes for each label");
  for (i = 0; i < count; ++i)
    if (labels[i] >= CLASSES)
      fail(argv[2], "expects labels from 0 to 9");

  classify(images); /* the first run brings the weights into memory */
  for (i = 0; i < count; ++i) {
    results[i] = classify(images + i * PIXELS);
    correct += results[i].best == labels[i];
  }
  milliseconds = median_milliseconds(results, count);
  printf("accuracy  %d of %d right (%.1f %%)\n", correct, count,
         100.0 * correct / count);
  printf("latency   %.3f ms per image (median, one thread)\n", milliseconds);
  write_sheet(argv[3], images, labels, results, count, correct, milliseconds);
  return 0;
}
