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
 * Returns 0, or -1 if a size is zero, the window does not lie inside of the
 * resized image, or memory runs out; 'output' is then untouched.
 *
 * Needs memory for crop->width pixels of each image row behind the window,
 * which it frees again.  May run in many threads at once.
 */
int mobileone_resize_crop(const uint8_t *image, uint32_t width, uint32_t height,
                          size_t row_bytes, const mobileone_crop *crop,
                          uint8_t *output);

#ifdef __cplusplus
}
#endif

#endif /* MOBILEONE_RUNTIME_RESIZE_H */
