/* Frames to inputs: a stream of rows through the resize, read from the frame in
 * upright order as RGB, written as the network wants them. */
#include "frame.h"

enum {
  CHANNELS = 3,
  FRACTION_BITS = 20, /* of the factors of colours */
  MOST_PLANES = 3
};

/*
 * The factors of a matrix of colours.  With the luma coefficients kr and kb of
 * the standard (BT.601-7 table 3, BT.709-6 table 3) and Y, Cb, Cr as fractions,
 *
 *   R = Y + 2 (1 - kr) Cr
 *   B = Y + 2 (1 - kb) Cb
 *   G = Y - 2 (1 - kb) kb / kg Cb - 2 (1 - kr) kr / kg Cr,  kg = 1 - kr - kb
 *
 * Limited: Y is 219 steps from 16 on, Cb and Cr are 224 around 128; full: all
 * are 255 steps, Y from 0 on (ITU-T H.273).  Each factor is rounded to 2^-20,
 * so that a sum of Y up to 239 from black and of chroma up to 128 from grey is
 * wrong by (239 + 2 * 128) * 2^-21 at most.
 */
typedef struct colour_matrix {
  int32_t black;
  int32_t luma;
  int32_t red_from_cr;
  int32_t green_from_cb;
  int32_t green_from_cr;
  int32_t blue_from_cb;
} colour_matrix;

#define FACTOR(number) ((int32_t)((number) * (1 << FRACTION_BITS) + 0.5))
#define MATRIX(kr, kb, black, luma_steps, chroma_steps)                        \
  {black,                                                                      \
   FACTOR(255.0 / (luma_steps)),                                               \
   FACTOR(255.0 / (chroma_steps) * 2 * (1 - (kr))),                            \
   FACTOR(255.0 / (chroma_steps) * 2 * (1 - (kb)) * (kb) / (1 - (kr) - (kb))), \
   FACTOR(255.0 / (chroma_steps) * 2 * (1 - (kr)) * (kr) / (1 - (kr) - (kb))), \
   FACTOR(255.0 / (chroma_steps) * 2 * (1 - (kb)))}

/* By mobileone_frame_colours. */
static const colour_matrix matrices[] = {
    MATRIX(0.299, 0.114, 16, 219, 224), MATRIX(0.299, 0.114, 0, 255, 255),
    MATRIX(0.2126, 0.0722, 16, 219, 224), MATRIX(0.2126, 0.0722, 0, 255, 255)};

static uint8_t round_to_byte(int32_t value) {
  value += 1 << (FRACTION_BITS - 1);
  if (value < 0)
    return 0;
  value >>= FRACTION_BITS;
  return (uint8_t)(value > 255 ? 255 : value);
}

static int is_packed(const mobileone_frame *frame) {
  return frame->format <= MOBILEONE_FRAME_BGRA;
}

/* The pixels of a plane's row, the bytes of each, and the rows. */
typedef struct plane_shape {
  uint32_t width;
  uint32_t pixel_bytes;
  uint32_t height;
} plane_shape;

static uint32_t count_planes(const mobileone_frame *frame) {
  return is_packed(frame) ? 1 : frame->format == MOBILEONE_FRAME_I420 ? 3 : 2;
}

static plane_shape get_plane(const mobileone_frame *frame, uint32_t plane) {
  plane_shape shape = {frame->width, 1, frame->height};
  if (is_packed(frame)) {
    shape.pixel_bytes = frame->format >= MOBILEONE_FRAME_RGBA ? 4 : 3;
  } else if (plane > 0) {
    shape.width = frame->width / 2 + frame->width % 2;
    shape.height = frame->height / 2 + frame->height % 2;
    shape.pixel_bytes = frame->format == MOBILEONE_FRAME_I420 ? 1 : 2;
  }
  return shape;
}

static uint64_t get_dense_row_bytes(plane_shape shape) {
  return (uint64_t)shape.width * shape.pixel_bytes;
}

/* Where planes of a frame have their rows. */
typedef struct frame_rows {
  const mobileone_frame *frame;
  size_t row_bytes[MOST_PLANES];
  uint8_t *line; /* room for a row of the upright frame as RGB */
} frame_rows;

static const uint8_t *get_row(const frame_rows *rows, uint32_t plane,
                              uint32_t y) {
  return rows->frame->planes[plane] + (size_t)y * rows->row_bytes[plane];
}

static int is_turned(const mobileone_frame *frame) {
  return frame->rotation == 90 || frame->rotation == 270;
}

static uint32_t get_upright_width(const mobileone_frame *frame) {
  return is_turned(frame) ? frame->height : frame->width;
}

static uint32_t get_upright_height(const mobileone_frame *frame) {
  return is_turned(frame) ? frame->width : frame->height;
}

/* A pixel of the frame, and how it moves with one to the right of it in the
 * upright frame: by 1, 0 or -1, in arithmetic that wraps. */
typedef struct walk {
  uint32_t x;
  uint32_t y;
  uint32_t step_x;
  uint32_t step_y;
} walk;

static walk start_walk(const mobileone_frame *frame, uint32_t x, uint32_t y) {
  const uint32_t right = frame->width - 1, bottom = frame->height - 1;
  const uint32_t step = frame->mirror ? UINT32_MAX : 1;
  if (frame->mirror)
    x = get_upright_width(frame) - 1 - x;
  const walk upright = {x, y, step, 0};
  const walk quarter = {y, bottom - x, 0, 0 - step};
  const walk half = {right - x, bottom - y, 0 - step, 0};
  const walk three_quarters = {right - y, x, 0, step};
  return frame->rotation == 90    ? quarter
         : frame->rotation == 180 ? half
         : frame->rotation == 270 ? three_quarters
                                  : upright;
}

static void read_packed(const frame_rows *rows, walk at, uint32_t count) {
  const mobileone_frame *frame = rows->frame;
  const uint32_t pixel_bytes = get_plane(frame, 0).pixel_bytes;
  const uint32_t red = frame->format % 2 ? 2 : 0;
  uint8_t *line = rows->line;
  for (uint32_t i = 0; i < count; ++i) {
    const uint8_t *pixel = get_row(rows, 0, at.y) + (size_t)at.x * pixel_bytes;
    *line++ = pixel[red];
    *line++ = pixel[1];
    *line++ = pixel[2 - red];
    at.x += at.step_x;
    at.y += at.step_y;
  }
}

static void read_planes(const frame_rows *rows, walk at, uint32_t count) {
  const mobileone_frame *frame = rows->frame;
  const colour_matrix *matrix = &matrices[frame->colours];
  /* Plane, and byte in a sample of it, of Cb and Cr. */
  const int is_separate = frame->format == MOBILEONE_FRAME_I420;
  const uint32_t cr_plane = is_separate ? 2 : 1;
  const uint32_t cb = frame->format == MOBILEONE_FRAME_NV21 ? 1 : 0;
  const uint32_t cr = frame->format == MOBILEONE_FRAME_NV12 ? 1 : 0;
  const size_t sample_bytes = is_separate ? 1 : 2;
  uint8_t *line = rows->line;
  for (uint32_t i = 0; i < count; ++i) {
    const size_t sample = at.x / 2 * sample_bytes;
    const int32_t luma =
        (get_row(rows, 0, at.y)[at.x] - matrix->black) * matrix->luma;
    const int32_t blue = get_row(rows, 1, at.y / 2)[sample + cb] - 128;
    const int32_t red = get_row(rows, cr_plane, at.y / 2)[sample + cr] - 128;
    *line++ = round_to_byte(luma + red * matrix->red_from_cr);
    *line++ = round_to_byte(luma - blue * matrix->green_from_cb -
                            red * matrix->green_from_cr);
    *line++ = round_to_byte(luma + blue * matrix->blue_from_cb);
    at.x += at.step_x;
    at.y += at.step_y;
  }
}

static const uint8_t *read_row(const frame_rows *rows, uint32_t y,
                               uint32_t first, uint32_t count) {
  const mobileone_frame *frame = rows->frame;
  const walk start = start_walk(frame, first, y);
  if (frame->format == MOBILEONE_FRAME_RGB && start.step_x == 1)
    return get_row(rows, 0, start.y) + (size_t)start.x * CHANNELS;
  if (is_packed(frame))
    read_packed(rows, start, count);
  else
    read_planes(rows, start, count);
  return rows->line;
}

/* Where the network has its pixels, and what its floats are for each byte. */
typedef struct network_rows {
  const mobileone_model_info *info;
  void *input;
  float *floats; /* [CHANNELS][256] */
} network_rows;

static void write_bytes(const network_rows *rows, uint32_t y,
                        const uint8_t *row) {
  const mobileone_model_info *info = rows->info;
  const uint32_t red = info->channel_order % 2 ? 2 : 0;
  uint8_t *pixel = (uint8_t *)rows->input +
                   (size_t)y * info->input_width * info->input_channels;
  for (uint32_t x = 0; x < info->input_width; ++x) {
    pixel[red] = *row++;
    pixel[1] = *row++;
    pixel[2 - red] = *row++;
    if (info->input_channels > CHANNELS)
      pixel[CHANNELS] = 255;
    pixel += info->input_channels;
  }
}

static void write_floats(const network_rows *rows, uint32_t y,
                         const uint8_t *row) {
  const mobileone_model_info *info = rows->info;
  const int is_planar = info->input_layout == MOBILEONE_F32_NCHW;
  const size_t width = info->input_width;
  const size_t plane = is_planar ? width * info->input_height : 1;
  const size_t step = is_planar ? 1 : CHANNELS;
  float *pixel = (float *)rows->input + y * width * step;
  for (size_t x = 0; x < width; ++x, pixel += step)
    for (size_t channel = 0; channel < CHANNELS; ++channel)
      pixel[channel * plane] = rows->floats[channel * 256 + *row++];
}

/* In float32 and in this order, as torchvision's ToTensor and Normalize. */
static void fill_floats(const mobileone_model_info *info, float *floats) {
  for (uint32_t channel = 0; channel < CHANNELS; ++channel)
    for (uint32_t byte = 0; byte < 256; ++byte)
      floats[channel * 256 + byte] =
          ((float)byte / 255.0f - info->mean[channel]) / info->std[channel];
}

/* What the resize reads and writes. */
typedef struct passage {
  frame_rows from;
  network_rows to;
} passage;

static const uint8_t *read_next(void *user, uint32_t y, uint32_t first,
                                uint32_t count) {
  const passage *through = user;
  return read_row(&through->from, y, first, count);
}

static void write_next(void *user, uint32_t y, const uint8_t *row) {
  const passage *through = user;
  if (through->to.floats)
    write_floats(&through->to, y, row);
  else
    write_bytes(&through->to, y, row);
}

mobileone_crop mobileone_frame_crop(const mobileone_frame *frame,
                                    const mobileone_model_info *info,
                                    uint32_t short_edge) {
  const uint32_t width = info->input_width, height = info->input_height;
  const uint64_t longest = width > height ? width : height;
  const mobileone_crop none = {0, 0, 0, 0, 0, 0};
  if (frame->width == 0 || frame->height == 0 ||
      longest > MOBILEONE_RESIZE_MOST)
    return none;
  if (short_edge == 0)
    short_edge = (uint32_t)(longest * 256 / 224);
  return mobileone_center_crop(get_upright_width(frame),
                               get_upright_height(frame), short_edge, width,
                               height);
}

static mobileone_crop choose_crop(const mobileone_frame *frame,
                                  const mobileone_model_info *info,
                                  const mobileone_crop *crop) {
  return crop ? *crop : mobileone_frame_crop(frame, info, 0);
}

/* What is in scratch memory: floats, whose bytes are a multiple of their
 * alignment; a row of the frame; what the resize needs. */
static const size_t scratch_alignment = sizeof(float);
static const size_t floats_bytes = CHANNELS * 256 * sizeof(float);

static size_t get_line_bytes(const mobileone_frame *frame) {
  return (size_t)get_upright_width(frame) * CHANNELS;
}

size_t mobileone_frame_scratch_bytes(const mobileone_frame *frame,
                                     const mobileone_model_info *info,
                                     const mobileone_crop *crop) {
  const mobileone_crop window = choose_crop(frame, info, crop);
  const size_t resize_bytes = mobileone_resize_scratch_bytes(
      get_upright_width(frame), get_upright_height(frame), &window);
  const size_t others =
      scratch_alignment - 1 + floats_bytes + get_line_bytes(frame);
  return resize_bytes && resize_bytes <= SIZE_MAX - others
             ? resize_bytes + others
             : 0;
}

static int refuse(mobileone_error_detail *detail, int error, const char *field,
                  uint64_t expected, uint64_t actual) {
  if (detail) {
    const mobileone_error_detail said = {error, 0, field, expected, actual};
    *detail = said;
  }
  return error;
}

/* Checks what a frame says of itself, and finds its rows. */
static int check_frame(const mobileone_frame *frame, size_t *row_bytes,
                       mobileone_error_detail *detail) {
  const uint32_t rotation = frame->rotation;
  if (frame->format > MOBILEONE_FRAME_I420)
    return refuse(detail, MOBILEONE_BAD_CALL, "frame->format", 0,
                  frame->format);
  if (frame->colours > MOBILEONE_BT709_FULL)
    return refuse(detail, MOBILEONE_BAD_CALL, "frame->colours", 0,
                  frame->colours);
  if (frame->width == 0 || frame->width > MOBILEONE_RESIZE_MOST)
    return refuse(detail, MOBILEONE_BAD_CALL, "frame->width",
                  frame->width ? MOBILEONE_RESIZE_MOST : 1, frame->width);
  if (frame->height == 0 || frame->height > MOBILEONE_RESIZE_MOST)
    return refuse(detail, MOBILEONE_BAD_CALL, "frame->height",
                  frame->height ? MOBILEONE_RESIZE_MOST : 1, frame->height);
  if (rotation % 90 != 0 || rotation > 270)
    return refuse(detail, MOBILEONE_BAD_CALL, "frame->rotation", 0, rotation);
  if (frame->mirror > 1)
    return refuse(detail, MOBILEONE_BAD_CALL, "frame->mirror", 1,
                  frame->mirror);
  for (uint32_t plane = 0; plane < count_planes(frame); ++plane) {
    const plane_shape shape = get_plane(frame, plane);
    const uint64_t dense = get_dense_row_bytes(shape);
    const uint64_t row =
        frame->row_bytes[plane] ? frame->row_bytes[plane] : dense;
    const uint64_t distances = shape.height - 1;
    if (!frame->planes[plane])
      return refuse(detail, MOBILEONE_NULL_BUFFER, "frame->planes", 0, 0);
    if (row < dense)
      return refuse(detail, MOBILEONE_BAD_CALL, "frame->row_bytes", dense, row);
    if (distances && row > (SIZE_MAX - dense) / distances)
      return refuse(detail, MOBILEONE_BAD_CALL, "frame->row_bytes",
                    (SIZE_MAX - dense) / distances, row);
    const uint64_t bytes = distances * row + dense;
    if (frame->plane_bytes[plane] && frame->plane_bytes[plane] < bytes)
      return refuse(detail, MOBILEONE_SHORT_BUFFER, "frame->plane_bytes", bytes,
                    frame->plane_bytes[plane]);
    row_bytes[plane] = (size_t)row;
  }
  return MOBILEONE_OK;
}

/* Checks that the network takes pictures, whose size 'crop' has. */
static int check_network(const mobileone_model_info *info,
                         const mobileone_crop *crop, const void *input,
                         size_t input_bytes, mobileone_error_detail *detail) {
  const int takes_bytes = info->input_layout == MOBILEONE_U8_NHWC;
  const int has_alpha = info->channel_order >= MOBILEONE_RGBA;
  const size_t element = takes_bytes ? 1 : sizeof(float);
  if (info->input_layout > MOBILEONE_U8_NHWC)
    return refuse(detail, MOBILEONE_BAD_CALL, "info->input_layout", 0,
                  info->input_layout);
  if (info->channel_order > (takes_bytes ? MOBILEONE_BGRA : MOBILEONE_RGB))
    return refuse(detail, MOBILEONE_BAD_CALL, "info->channel_order", 0,
                  info->channel_order);
  if (info->input_channels != (has_alpha ? CHANNELS + 1 : CHANNELS))
    return refuse(detail, MOBILEONE_BAD_CALL, "info->input_channels",
                  has_alpha ? CHANNELS + 1 : CHANNELS, info->input_channels);
  for (uint32_t channel = 0; channel < CHANNELS && !takes_bytes; ++channel)
    if (!(info->std[channel] > 0))
      return refuse(detail, MOBILEONE_BAD_CALL, "info->std", 0, 0);
  if (crop->width != info->input_width)
    return refuse(detail, MOBILEONE_BAD_CALL, "crop->width", info->input_width,
                  crop->width);
  if (crop->height != info->input_height)
    return refuse(detail, MOBILEONE_BAD_CALL, "crop->height",
                  info->input_height, crop->height);
  if ((uintptr_t)input % element != 0)
    return refuse(detail, MOBILEONE_MISALIGNED_BUFFER, "input", element,
                  (uintptr_t)input);
  /* Sides of 22 bits, which the caller has seen to. */
  const uint64_t bytes =
      (uint64_t)crop->width * crop->height * info->input_channels * element;
  if (input_bytes < bytes)
    return refuse(detail, MOBILEONE_SHORT_BUFFER, "input_bytes", bytes,
                  input_bytes);
  return MOBILEONE_OK;
}

int mobileone_frame_to_input(const mobileone_frame *frame,
                             const mobileone_model_info *info,
                             const mobileone_crop *crop, void *input,
                             size_t input_bytes, void *scratch,
                             size_t scratch_bytes,
                             mobileone_error_detail *detail) {
  if (!frame || !info || !input || !scratch)
    return refuse(detail, MOBILEONE_NULL_BUFFER,
                  !frame   ? "frame"
                  : !info  ? "info"
                  : !input ? "input"
                           : "scratch",
                  0, 0);
  passage through = {{frame, {0, 0, 0}, NULL}, {info, input, NULL}};
  int error = check_frame(frame, through.from.row_bytes, detail);
  if (error)
    return error;
  const mobileone_crop window = choose_crop(frame, info, crop);
  const size_t needed = mobileone_frame_scratch_bytes(frame, info, &window);
  if (needed == 0)
    return refuse(detail, MOBILEONE_BAD_CALL, "crop", 0, 0);
  error = check_network(info, &window, input, input_bytes, detail);
  if (error)
    return error;
  if (scratch_bytes < needed)
    return refuse(detail, MOBILEONE_SHORT_BUFFER, "scratch_bytes", needed,
                  scratch_bytes);

  unsigned char *rest = (unsigned char *)scratch +
                        (size_t)(-(uintptr_t)scratch % scratch_alignment);
  if (info->input_layout != MOBILEONE_U8_NHWC) {
    through.to.floats = (float *)(void *)rest;
    fill_floats(info, through.to.floats);
  }
  through.from.line = rest + floats_bytes;
  const mobileone_row_stream stream = {&through, read_next, write_next};
  mobileone_resize_rows(get_upright_width(frame), get_upright_height(frame),
                        &window, &stream,
                        through.from.line + get_line_bytes(frame));
  return MOBILEONE_OK;
}
