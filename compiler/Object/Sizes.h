/* Sizes of a call's buffers and of what lies in them. Part of EntryPoints.c. */
#ifndef MOBILEONE_COMPILER_OBJECT_SIZES_H
#define MOBILEONE_COMPILER_OBJECT_SIZES_H

#include "compiler/Contract/Contract.h"

/* Of one image of `size`. */
static size_t get_output_bytes(const mobileone_model_info *size,
                               uint32_t output) {
  return mobileone_outputs(size)[output].length * sizeof(float);
}

static size_t get_element_bytes(void) {
  return model_info.input_layout == MOBILEONE_U8_NHWC ? 1 : sizeof(float);
}

/* Of one image: its planes follow each other. */
static size_t count_rows(const mobileone_model_info *size) {
  return (size_t)size->input_height *
         (size->input_layout == MOBILEONE_F32_NCHW ? size->input_channels : 1);
}

/* Without what may follow a row. */
static size_t get_dense_row_bytes(const mobileone_model_info *size) {
  return size->input_bytes / count_rows(size);
}

static size_t get_row_bytes(const mobileone_call *call,
                            const mobileone_model_info *size) {
  return call->input_row_bytes ? call->input_row_bytes
                               : get_dense_row_bytes(size);
}

/* Bytes of the arena that are a worker's own, for all workers but the first:
 * room for an image of its own or, where there are not enough images, for its
 * shares of the layers of one. */
static uint64_t get_block_bytes(uint32_t batch, uint32_t workers) {
  return batch >= workers ? model_info.arena_bytes : model_info.worker_bytes;
}

/* Where in the arena the workers' own bytes end. */
static uint64_t get_blocks_end(uint32_t batch, uint32_t workers) {
  return model_info.arena_bytes +
         (workers > 1 ? workers - 1 : 0) * get_block_bytes(batch, workers);
}

/* Whether results wait in the arena until all is well, so that an error leaves
 * the caller's output untouched. One image on one thread writes it last. Of
 * several outputs, most are large maps: they do not wait. */
static int is_staged(uint32_t batch, uint32_t workers) {
  return model_info.output_count == 1 && (batch > 1 || workers > 1);
}

/* Enough for each size, a multiple of 64, as aligned_alloc() wants it. */
static uint64_t count_arena_bytes(uint32_t batch, uint32_t workers) {
  uint64_t staged = 0;
  if (is_staged(batch, workers))
    for (const mobileone_model_info *size = &model_info; size;
         size = mobileone_next_size(size))
      if (staged < (uint64_t)batch * get_output_bytes(size, 0))
        staged = (uint64_t)batch * get_output_bytes(size, 0);
  return get_blocks_end(batch, workers) + (staged + 63) / 64 * 64;
}

/* P_arena_bytes: 0 also for what no memory holds. */
size_t arena_bytes(uint32_t batch, uint32_t workers) {
  const uint64_t bytes = batch ? count_arena_bytes(batch, workers) : 0;
  return (size_t)bytes == bytes ? (size_t)bytes : 0;
}

#endif /* MOBILEONE_COMPILER_OBJECT_SIZES_H */
