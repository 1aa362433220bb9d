/* Antialiased bilinear resize in the fixed-point arithmetic of Pillow: two
 * passes, first along the rows, then along the columns, bytes in between. */
#include "resize.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  CHANNELS = 3,
  /* A weight of 1 is 1 << WEIGHT_BITS: 8 bits of the 32 hold the pixel, and 2
   * are kept free for the sign and for weights that sum to more than 1. */
  WEIGHT_BITS = 32 - 8 - 2
};

/* How the positions of one axis of the window are made from the pixels of the
 * image along that axis: position p is the sum of pixels first[p] ...
 * first[p] + count[p] - 1, weighted with weights[p * taps] and following. */
typedef struct axis_filter {
  uint32_t taps;
  uint32_t *first;
  uint32_t *count;
  int32_t *weights;
} axis_filter;

static void free_filter(axis_filter *filter) {
  free(filter->first);
  free(filter->count);
  free(filter->weights);
}

/* Fills in one position: a triangle around 'center', wide enough to cover
 * every pixel that the position stands for, cut off at the image's border. */
static void fill_position(axis_filter *filter, uint32_t position, double center,
                          double support, uint32_t size, double *scratch) {
  const double low = center - support + 0.5;
  const double high = center + support + 0.5;
  const uint32_t first = low < 0 ? 0 : (uint32_t)low;
  const uint32_t end = high > size ? size : (uint32_t)high;
  int32_t *weights = filter->weights + (size_t)position * filter->taps;

  double sum = 0;
  for (uint32_t tap = 0; tap < end - first; ++tap) {
    const double distance =
        fabs(((double)tap + first - center + 0.5) * (1 / support));
    scratch[tap] = distance < 1 ? 1 - distance : 0;
    sum += scratch[tap];
  }
  for (uint32_t tap = 0; tap < end - first; ++tap)
    weights[tap] =
        (int32_t)(scratch[tap] / sum * (double)(1 << WEIGHT_BITS) + 0.5);
  filter->first[position] = first;
  filter->count[position] = end - first;
}

/* Makes the filter for positions 'offset' ... 'offset' + 'length' - 1 of an
 * axis that is resized from 'size' to 'resized' pixels.  The result must be
 * freed even if this fails. */
static int make_filter(axis_filter *filter, uint32_t size, uint32_t resized,
                       uint32_t offset, uint32_t length) {
  /* The triangle reaches one pixel far on the coarser of the two grids. */
  const double scale = (double)size / resized;
  const double support = scale < 1 ? 1 : scale;

  filter->taps = (uint32_t)ceil(support) * 2 + 1;
  filter->first = malloc(length * sizeof(*filter->first));
  filter->count = malloc(length * sizeof(*filter->count));
  filter->weights =
      malloc((size_t)length * filter->taps * sizeof(*filter->weights));
  double *scratch = malloc(filter->taps * sizeof(*scratch));
  const int complete =
      filter->first && filter->count && filter->weights && scratch;
  for (uint32_t position = 0; complete && position < length; ++position)
    fill_position(filter, position, (offset + position + 0.5) * scale, support,
                  size, scratch);
  free(scratch);
  return complete ? 0 : -1;
}

static uint8_t round_to_byte(int32_t sum) {
  const int32_t value = (sum + (1 << (WEIGHT_BITS - 1))) >> WEIGHT_BITS;
  return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

static void filter_row(const axis_filter *filter, const uint8_t *row,
                       uint32_t width, uint8_t *output) {
  for (uint32_t x = 0; x < width; ++x) {
    const uint8_t *pixel = row + (size_t)filter->first[x] * CHANNELS;
    const int32_t *weights = filter->weights + (size_t)x * filter->taps;
    int32_t sum[CHANNELS] = {0, 0, 0};
    for (uint32_t tap = 0; tap < filter->count[x]; ++tap)
      for (uint32_t channel = 0; channel < CHANNELS; ++channel)
        sum[channel] += weights[tap] * pixel[tap * CHANNELS + channel];
    for (uint32_t channel = 0; channel < CHANNELS; ++channel)
      *output++ = round_to_byte(sum[channel]);
  }
}

/* Makes row 'y' of the window from 'rows', whose first is image row
 * 'first_row'.  'sums' holds one number for each byte of a row. */
static void filter_column(const axis_filter *filter, uint32_t y,
                          const uint8_t *rows, uint32_t first_row,
                          size_t row_length, int32_t *sums, uint8_t *output) {
  const uint8_t *row = rows + (filter->first[y] - first_row) * row_length;
  const int32_t *weights = filter->weights + (size_t)y * filter->taps;
  memset(sums, 0, row_length * sizeof(*sums));
  for (uint32_t tap = 0; tap < filter->count[y]; ++tap, row += row_length)
    for (size_t i = 0; i < row_length; ++i)
      sums[i] += weights[tap] * row[i];
  for (size_t i = 0; i < row_length; ++i)
    output[i] = round_to_byte(sums[i]);
}

static int contains(uint32_t resized, uint32_t offset, uint32_t length) {
  return length > 0 && offset <= resized && length <= resized - offset;
}

int mobileone_resize_crop(const uint8_t *image, uint32_t width, uint32_t height,
                          size_t row_bytes, const mobileone_crop *crop,
                          uint8_t *output) {
  if (width == 0 || height == 0 ||
      !contains(crop->resized_width, crop->left, crop->width) ||
      !contains(crop->resized_height, crop->top, crop->height))
    return -1;

  axis_filter across = {0, NULL, NULL, NULL};
  axis_filter down = {0, NULL, NULL, NULL};
  uint8_t *rows = NULL;
  int32_t *sums = NULL;
  int status = -1;
  if (make_filter(&across, width, crop->resized_width, crop->left,
                  crop->width) == 0 &&
      make_filter(&down, height, crop->resized_height, crop->top,
                  crop->height) == 0) {
    const size_t row_length = (size_t)crop->width * CHANNELS;
    const uint32_t last = crop->height - 1;
    const uint32_t first_row = down.first[0];
    const uint32_t row_count = down.first[last] + down.count[last] - first_row;
    rows = malloc(row_count * row_length);
    sums = malloc(row_length * sizeof(*sums));
    if (rows && sums) {
      for (uint32_t y = 0; y < row_count; ++y)
        filter_row(&across, image + (size_t)(first_row + y) * row_bytes,
                   crop->width, rows + y * row_length);
      for (uint32_t y = 0; y < crop->height; ++y)
        filter_column(&down, y, rows, first_row, row_length, sums,
                      output + y * row_length);
      status = 0;
    }
  }
  free(sums);
  free(rows);
  free_filter(&down);
  free_filter(&across);
  return status;
}

/* Where the middle 'length' of 'resized' pixels start. */
static uint32_t center(uint32_t resized, uint32_t length) {
  const uint32_t margin = resized > length ? resized - length : 0;
  return margin / 2 + (margin & margin / 2 & 1);
}

mobileone_crop mobileone_center_crop(uint32_t image_width,
                                     uint32_t image_height, uint32_t short_edge,
                                     uint32_t width, uint32_t height) {
  const int wide = image_width > image_height;
  const uint32_t image_short = wide ? image_height : image_width;
  const uint32_t image_long = wide ? image_width : image_height;
  const uint32_t long_edge =
      (uint32_t)((uint64_t)short_edge * image_long / image_short);

  mobileone_crop crop;
  crop.resized_width = wide ? long_edge : short_edge;
  crop.resized_height = wide ? short_edge : long_edge;
  crop.left = center(crop.resized_width, width);
  crop.top = center(crop.resized_height, height);
  crop.width = width;
  crop.height = height;
  return crop;
}
