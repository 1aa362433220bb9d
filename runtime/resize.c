/* Antialiased bilinear resize in the fixed-point arithmetic of Pillow: first
 * along the rows, then along the columns, bytes in between.  The rows in
 * between stand in a ring, as many as one row of the window needs. */
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

/* An axis that is resized: a position of it is a sum of at most 'taps' pixels
 * of the image. */
typedef struct axis {
  uint32_t size;
  double scale;
  double support;
  uint32_t taps;
} axis;

/* One position of an axis: the sum of pixels first ... first + count - 1,
 * weighted. */
typedef struct position {
  uint32_t first;
  uint32_t count;
  int32_t *weights;
} position;

static axis make_axis(uint32_t size, uint32_t resized) {
  /* The triangle reaches one pixel far on the coarser of the two grids. */
  const double scale = (double)size / resized;
  const double support = scale < 1 ? 1 : scale;
  const double taps = ceil(support) * 2 + 1;
  const axis made = {size, scale, support, taps < size ? (uint32_t)taps : size};
  return made;
}

/* Fills in position 'index' of the resized axis: a triangle around its centre,
 * wide enough to cover every pixel that it stands for, cut off at the image's
 * border.  'triangle' has room for all taps. */
static void fill_position(const axis *along, uint32_t index, position *filled,
                          double *triangle) {
  const double center = (index + 0.5) * along->scale;
  const double low = center - along->support + 0.5;
  const double high = center + along->support + 0.5;
  const uint32_t first = low < 0 ? 0 : (uint32_t)low;
  const uint32_t end = high > along->size ? along->size : (uint32_t)high;

  double sum = 0;
  for (uint32_t tap = 0; tap < end - first; ++tap) {
    const double distance =
        fabs(((double)tap + first - center + 0.5) * (1 / along->support));
    triangle[tap] = distance < 1 ? 1 - distance : 0;
    sum += triangle[tap];
  }
  for (uint32_t tap = 0; tap < end - first; ++tap)
    filled->weights[tap] =
        (int32_t)(triangle[tap] / sum * (double)(1 << WEIGHT_BITS) + 0.5);
  filled->first = first;
  filled->count = end - first;
}

static uint8_t round_to_byte(int32_t sum) {
  const int32_t value = (sum + (1 << (WEIGHT_BITS - 1))) >> WEIGHT_BITS;
  return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

static void filter_row(const position *across, uint32_t width,
                       const uint8_t *row, uint32_t row_begin,
                       uint8_t *output) {
  for (uint32_t x = 0; x < width; ++x) {
    const uint8_t *pixel =
        row + (size_t)(across[x].first - row_begin) * CHANNELS;
    int32_t sum[CHANNELS] = {0, 0, 0};
    for (uint32_t tap = 0; tap < across[x].count; ++tap)
      for (uint32_t channel = 0; channel < CHANNELS; ++channel)
        sum[channel] +=
            across[x].weights[tap] * pixel[(size_t)tap * CHANNELS + channel];
    for (uint32_t channel = 0; channel < CHANNELS; ++channel)
      *output++ = round_to_byte(sum[channel]);
  }
}

/* Makes a row of the window from a ring of 'ring_rows' rows.  'sums' holds one
 * number for each byte of a row. */
static void filter_column(const position *down, const uint8_t *ring,
                          uint32_t ring_rows, size_t row_length, int32_t *sums,
                          uint8_t *output) {
  memset(sums, 0, row_length * sizeof(*sums));
  for (uint32_t tap = 0; tap < down->count; ++tap) {
    const uint8_t *row = ring + (down->first + tap) % ring_rows * row_length;
    for (size_t i = 0; i < row_length; ++i)
      sums[i] += down->weights[tap] * row[i];
  }
  for (size_t i = 0; i < row_length; ++i)
    output[i] = round_to_byte(sums[i]);
}

static int is_side(uint32_t length) {
  return length > 0 && length <= MOBILEONE_RESIZE_MOST;
}

static int contains(uint32_t resized, uint32_t offset, uint32_t length) {
  return is_side(length) && offset <= resized && length <= resized - offset;
}

/* What is in scratch memory, the largest alignment first.  In 64 bits nothing
 * wraps: sides have 22. */
typedef struct scratch_sizes {
  uint64_t across;   /* positions of a row of the window */
  uint64_t triangle; /* one position's, before it is rounded */
  uint64_t across_weights;
  uint64_t down_weights;
  uint64_t sums;
  uint64_t row; /* of the window, and of the ring */
  uint64_t ring;
} scratch_sizes;

static const size_t scratch_alignment = sizeof(uint64_t);

static scratch_sizes get_sizes(const axis *across, const axis *down,
                               uint32_t width) {
  const uint64_t row = (uint64_t)width * CHANNELS;
  const uint64_t taps = across->taps > down->taps ? across->taps : down->taps;
  const scratch_sizes sizes = {width * (uint64_t)sizeof(position),
                               taps * sizeof(double),
                               (uint64_t)width * across->taps * sizeof(int32_t),
                               (uint64_t)down->taps * sizeof(int32_t),
                               row * sizeof(int32_t),
                               row,
                               row * down->taps};
  return sizes;
}

size_t mobileone_resize_scratch_bytes(uint32_t width, uint32_t height,
                                      const mobileone_crop *crop) {
  if (!is_side(width) || !is_side(height) ||
      !contains(crop->resized_width, crop->left, crop->width) ||
      !contains(crop->resized_height, crop->top, crop->height))
    return 0;
  const axis across = make_axis(width, crop->resized_width);
  const axis down = make_axis(height, crop->resized_height);
  const scratch_sizes sizes = get_sizes(&across, &down, crop->width);
  const uint64_t bytes = scratch_alignment - 1 + sizes.across + sizes.triangle +
                         sizes.across_weights + sizes.down_weights +
                         sizes.sums + sizes.row + sizes.ring;
  return bytes <= SIZE_MAX ? (size_t)bytes : 0;
}

/* Takes the next bytes of scratch memory. */
static void *take(unsigned char **scratch, uint64_t bytes) {
  void *taken = *scratch;
  *scratch += (size_t)bytes;
  return taken;
}

int mobileone_resize_rows(uint32_t width, uint32_t height,
                          const mobileone_crop *crop,
                          const mobileone_row_stream *stream, void *scratch) {
  if (mobileone_resize_scratch_bytes(width, height, crop) == 0)
    return -1;
  const axis across = make_axis(width, crop->resized_width);
  const axis down = make_axis(height, crop->resized_height);
  const scratch_sizes sizes = get_sizes(&across, &down, crop->width);
  unsigned char *free_scratch =
      (unsigned char *)scratch +
      (size_t)(-(uintptr_t)scratch % scratch_alignment);
  position *positions = take(&free_scratch, sizes.across);
  double *triangle = take(&free_scratch, sizes.triangle);
  int32_t *weights = take(&free_scratch, sizes.across_weights);
  position line = {0, 0, take(&free_scratch, sizes.down_weights)};
  int32_t *sums = take(&free_scratch, sizes.sums);
  uint8_t *row = take(&free_scratch, sizes.row);
  uint8_t *ring = take(&free_scratch, sizes.ring);
  const size_t row_length = (size_t)sizes.row;

  for (uint32_t x = 0; x < crop->width; ++x) {
    positions[x].weights = weights + (size_t)x * across.taps;
    fill_position(&across, crop->left + x, &positions[x], triangle);
  }
  const position *last = &positions[crop->width - 1];
  const uint32_t begin = positions[0].first;
  const uint32_t count = last->first + last->count - begin;

  uint32_t next = 0; /* image row that is not in the ring yet */
  for (uint32_t y = 0; y < crop->height; ++y) {
    fill_position(&down, crop->top + y, &line, triangle);
    if (next < line.first)
      next = line.first;
    for (; next < line.first + line.count; ++next)
      filter_row(positions, crop->width,
                 stream->read_row(stream->user, next, begin, count), begin,
                 ring + next % down.taps * row_length);
    filter_column(&line, ring, down.taps, row_length, sums, row);
    stream->write_row(stream->user, y, row);
  }
  return 0;
}

/* An image and a window that lie in memory. */
typedef struct buffers {
  const uint8_t *image;
  size_t row_bytes;
  uint8_t *output;
  size_t output_row_bytes;
} buffers;

static const uint8_t *read_image(void *user, uint32_t y, uint32_t first,
                                 uint32_t count) {
  const buffers *memory = user;
  (void)count;
  return memory->image + (size_t)y * memory->row_bytes +
         (size_t)first * CHANNELS;
}

static void write_window(void *user, uint32_t y, const uint8_t *row) {
  const buffers *memory = user;
  memcpy(memory->output + (size_t)y * memory->output_row_bytes, row,
         memory->output_row_bytes);
}

int mobileone_resize_crop(const uint8_t *image, uint32_t width, uint32_t height,
                          size_t row_bytes, const mobileone_crop *crop,
                          uint8_t *output) {
  const size_t bytes = mobileone_resize_scratch_bytes(width, height, crop);
  void *scratch = bytes ? malloc(bytes) : NULL;
  if (!scratch)
    return -1;
  buffers memory = {image, row_bytes, output, (size_t)crop->width * CHANNELS};
  const mobileone_row_stream stream = {&memory, read_image, write_window};
  mobileone_resize_rows(width, height, crop, &stream, scratch);
  free(scratch);
  return 0;
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
  const uint64_t exact = (uint64_t)short_edge * image_long / image_short;
  const uint32_t long_edge = exact <= UINT32_MAX ? (uint32_t)exact : 0;

  mobileone_crop crop;
  crop.resized_width = wide ? long_edge : short_edge;
  crop.resized_height = wide ? short_edge : long_edge;
  crop.left = center(crop.resized_width, width);
  crop.top = center(crop.resized_height, height);
  crop.width = width;
  crop.height = height;
  return crop;
}
