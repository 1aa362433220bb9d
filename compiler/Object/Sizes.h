/* Sizes of a call's buffers and of what lies in them. Part of EntryPoints.c. */
#ifndef MOBILEONE_COMPILER_OBJECT_SIZES_H
#define MOBILEONE_COMPILER_OBJECT_SIZES_H

#include "compiler/Contract/Contract.h"

/* Of one image. */
static size_t get_output_bytes(uint32_t output) {
  return mobileone_outputs(&model_info)[output].length * sizeof(float);
}

static size_t get_element_bytes(void) {
  return model_info.input_layout == MOBILEONE_U8_NHWC ? 1 : sizeof(float);
}

/* Of one image: its planes follow each other. */
static size_t count_rows(void) {
  return (size_t)model_info.input_height *
         (model_info.input_layout == MOBILEONE_F32_NCHW
              ? model_info.input_channels
              : 1);
}

/* Without what may follow a row. */
static size_t get_dense_row_bytes(void) {
  return model_info.input_bytes / count_rows();
}

static size_t get_row_bytes(const mobileone_call *call) {
  return call->input_row_bytes ? call->input_row_bytes : get_dense_row_bytes();
}

/* Bytes of the arena that are a worker's own, for all workers but the first:
 * room for an image of its own or, where there are not enough images, for its
 * shares of the layers of one. */
static size_t get_block_bytes(uint32_t batch, uint32_t workers) {
  return batch >= workers ? model_info.arena_bytes : model_info.worker_bytes;
}

/* Where in the arena the workers' own bytes end. */
static size_t get_blocks_end(uint32_t batch, uint32_t workers) {
  return model_info.arena_bytes +
         (workers > 1 ? workers - 1 : 0) * get_block_bytes(batch, workers);
}

/* Whether results wait in the arena until all is well, so that an error leaves
 * the caller's output untouched. One image on one thread writes it last. Of
 * several outputs, most are large maps: they do not wait. */
static int is_staged(uint32_t batch, uint32_t workers) {
  return model_info.output_count == 1 && (batch > 1 || workers > 1);
}

/* P_arena_bytes: a multiple of 64, as aligned_alloc() wants it. */
size_t arena_bytes(uint32_t batch, uint32_t workers) {
  if (!batch)
    return 0;
  return get_blocks_end(batch, workers) +
         (is_staged(batch, workers)
              ? (batch * get_output_bytes(0) + 63) / 64 * 64
              : 0);
}

#endif /* MOBILEONE_COMPILER_OBJECT_SIZES_H */
