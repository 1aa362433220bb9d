/* From a camera's frame, or any decoded picture, to the input of a network:
 * colours, rotation, resize, crop and normalization in one pass over the rows
 * that are needed, without allocation. */
#ifndef MOBILEONE_RUNTIME_FRAME_H
#define MOBILEONE_RUNTIME_FRAME_H

#include "mobileone.h"
#include "resize.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of a pixel in order, or planes of luma and chroma.  Chroma has half the
 * width and half the height, rounded up: one sample for 2 x 2 pixels, which all
 * get it as it is.  An Android Image of YUV_420_888 is NV12 or NV21 where the
 * pixel stride is 2, by which of its chroma planes begins first, else I420. */
typedef enum mobileone_frame_format {
  MOBILEONE_FRAME_RGB = 0,  /* planes: one */
  MOBILEONE_FRAME_BGR = 1,  /* one */
  MOBILEONE_FRAME_RGBA = 2, /* one; alpha is not read */
  MOBILEONE_FRAME_BGRA = 3, /* one; alpha is not read */
  MOBILEONE_FRAME_NV12 = 4, /* Y, then pairs of Cb and Cr */
  MOBILEONE_FRAME_NV21 = 5, /* Y, then pairs of Cr and Cb */
  MOBILEONE_FRAME_I420 = 6  /* Y, Cb, Cr */
} mobileone_frame_format;

/* What luma and chroma mean.  Limited: black is 16, white 235; full: 0 and 255.
 * Cameras of phones mostly give BT.601, full where the frames are meant for
 * JPEG; video of 720 lines and more BT.709, limited. */
typedef enum mobileone_frame_colours {
  MOBILEONE_BT601_LIMITED = 0, /* ITU-R BT.601-7 */
  MOBILEONE_BT601_FULL = 1,    /* as JPEG (JFIF) has it */
  MOBILEONE_BT709_LIMITED = 2, /* ITU-R BT.709-6 */
  MOBILEONE_BT709_FULL = 3
} mobileone_frame_colours;

/* A frame in memory.  Set what is wanted; all else is zero. */
typedef struct mobileone_frame {
  uint32_t format;  /* mobileone_frame_format */
  uint32_t colours; /* mobileone_frame_colours, of Y, Cb and Cr alone */
  uint32_t width;   /* as it lies in memory */
  uint32_t height;
  /* Degrees by which the frame is to be turned clockwise, to stand upright: 0,
   * 90, 180 or 270.  What the network sees, and what a crop is of, is the frame
   * that stands upright. */
  uint32_t rotation;
  uint32_t mirror; /* 1: left and right are swapped, once it stands upright */
  const uint8_t *planes[3];
  size_t row_bytes[3];   /* from one row of a plane to the next; 0: dense */
  size_t plane_bytes[3]; /* that may be read; 0: enough, which is not checked */
} mobileone_frame;

/*
 * mobileone_frame_crop() is mobileone_center_crop() of the upright frame for
 * the network: what mobileone-run does to photographs.  'short_edge' 0 stands
 * for that of mobileone-run: the network's longer edge * 256 / 224.  Of sizes
 * that are zero all is zero.
 *
 * Another crop is the caller's to make: of the upright frame, its 'width' and
 * 'height' those of the network.  The whole frame, whatever its ratio, is
 * {W, H, 0, 0, W, H} for a network of W x H.
 */
mobileone_crop mobileone_frame_crop(const mobileone_frame *frame,
                                    const mobileone_model_info *info,
                                    uint32_t short_edge);

/*
 * Bytes of scratch memory that mobileone_frame_to_input() needs for a frame of
 * this size and rotation, whose planes are not looked at: some rows of the
 * window and one of the frame.  'crop' null: mobileone_frame_crop() with 0.
 * 0 for sizes that are zero or above MOBILEONE_RESIZE_MOST, a crop that does
 * not lie inside of the frame, and what no memory can hold.
 */
size_t mobileone_frame_scratch_bytes(const mobileone_frame *frame,
                                     const mobileone_model_info *info,
                                     const mobileone_crop *crop);

/*
 * mobileone_frame_to_input() makes the input of one image from a frame, as the
 * object of 'info' wants it: bytes in its order, alpha 255, or floats by its
 * mean and std.  'crop' null: mobileone_frame_crop() with 0.  Frames of RGB
 * give the very bits that mobileone-run gives the network.
 *
 * 'input' receives info->input_bytes, and has the alignment of one element.
 * 'scratch' holds what mobileone_frame_scratch_bytes() says, of any alignment
 * and with any content.  'detail' null: none.
 *
 * Of 'info' only input_layout, input_channels, input_height, input_width,
 * channel_order, mean and std are read: a copy of P_info() with another mean
 * and std normalizes by these.
 *
 * Y, Cb and Cr become red, green and blue by the formulas of the standard,
 * within 0.0003 of a grey level before they are rounded and clamped to bytes;
 * then they are resized, as bytes of RGB are.
 *
 * Returns 0 or a mobileone_error, with the field in 'detail'; on an error
 * 'input' is untouched:
 *   MOBILEONE_NULL_BUFFER        an argument or a plane is null
 *   MOBILEONE_MISALIGNED_BUFFER  'input' is not aligned
 *   MOBILEONE_SHORT_BUFFER       input_bytes, scratch_bytes or a plane_bytes
 *                                is too small
 *   MOBILEONE_BAD_CALL           no format, colours, rotation or mirror of
 *                                those above; a size is zero or too large;
 *                                row_bytes is below a dense row, or too large;
 *                                the crop is none of the frame or not the
 *                                network's; the network does not take pictures,
 *                                or its floats have no std
 *
 * Reads the pixels that the crop needs and nothing else.  Allocates nothing,
 * writes no global state, and may run in many threads at once as long as each
 * has its own 'input' and 'scratch'.
 */
int mobileone_frame_to_input(const mobileone_frame *frame,
                             const mobileone_model_info *info,
                             const mobileone_crop *crop, void *input,
                             size_t input_bytes, void *scratch,
                             size_t scratch_bytes,
                             mobileone_error_detail *detail);

#ifdef __cplusplus
}
#endif

#endif /* MOBILEONE_RUNTIME_FRAME_H */
