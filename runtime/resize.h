/* Resizes and crops RGB images the way MobileOne's published accuracy was
 * measured: Pillow's antialiased bilinear filter, torchvision's centre crop. */
#ifndef MOBILEONE_RUNTIME_RESIZE_H
#define MOBILEONE_RUNTIME_RESIZE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A window of a resized image, in pixels of the resized image. */
typedef struct mobileone_crop {
  uint32_t resized_width;
  uint32_t resized_height;
  uint32_t left;
  uint32_t top;
  uint32_t width;
  uint32_t height;
} mobileone_crop;

/*
 * mobileone_center_crop() says which window to take from an image of
 * 'image_width' x 'image_height' (both at least 1): the image is resized so
 * that its short edge becomes 'short_edge' and the long edge keeps the ratio,
 * rounded down; the window of 'width' x 'height' lies in the middle, half a
 * pixel rounded to even.  For MobileOne at 224 x 224, 'short_edge' is 256.
 * A long edge that has no 32 bits becomes 0, which the functions below refuse.
 */
mobileone_crop mobileone_center_crop(uint32_t image_width,
                                     uint32_t image_height, uint32_t short_edge,
                                     uint32_t width, uint32_t height);

/*
 * mobileone_resize_crop() writes one window of the resized 'image' to 'output'
 * (crop->width * crop->height RGB pixels, dense rows).  'image' holds
 * 'height' rows of 'width' RGB pixels, one row every 'row_bytes' bytes.
 * Pixels outside of the window are never computed; the others are equal, bit
 * for bit, to those of Image.resize(..., BILINEAR) in Pillow 9 to 12, and
 * within one grey level to those of Pillow 13.
 *
 * Returns 0, or -1 if a size is zero or above MOBILEONE_RESIZE_MOST, the window
 * does not lie inside of the resized image, or memory runs out; 'output' is
 * then untouched.
 *
 * Allocates mobileone_resize_scratch_bytes() and frees them again.  May run in
 * many threads at once.
 */
int mobileone_resize_crop(const uint8_t *image, uint32_t width, uint32_t height,
                          size_t row_bytes, const mobileone_crop *crop,
                          uint8_t *output);

/* Pixels that a side of an image or of a window has at most. */
#define MOBILEONE_RESIZE_MOST 4194304u

/* An image that is made row by row, and where the window goes row by row. */
typedef struct mobileone_row_stream {
  void *user;
  /* Returns pixels 'first' ... 'first' + 'count' - 1 of row 'y', as RGB.  They
   * stay as they are until the next call.  Each row that the window needs is
   * asked for once, in rising order, with the same 'first' and 'count'. */
  const uint8_t *(*read_row)(void *user, uint32_t y, uint32_t first,
                             uint32_t count);
  /* Takes row 'y' of the window: crop->width RGB pixels. */
  void (*write_row)(void *user, uint32_t y, const uint8_t *row);
} mobileone_row_stream;

/*
 * Bytes of scratch memory that mobileone_resize_rows() needs: a few rows of the
 * window.  0 for sizes that mobileone_resize_crop() refuses, and for what no
 * memory can hold.
 */
size_t mobileone_resize_scratch_bytes(uint32_t width, uint32_t height,
                                      const mobileone_crop *crop);

/*
 * mobileone_resize_rows() is mobileone_resize_crop() for images that do not lie
 * in memory as RGB.  It allocates nothing: 'scratch' holds what
 * mobileone_resize_scratch_bytes() says, of any alignment and with any content.
 *
 * Returns 0, or -1 if that function returns 0; nothing is then read or written.
 */
int mobileone_resize_rows(uint32_t width, uint32_t height,
                          const mobileone_crop *crop,
                          const mobileone_row_stream *stream, void *scratch);

#ifdef __cplusplus
}
#endif

#endif /* MOBILEONE_RUNTIME_RESIZE_H */
