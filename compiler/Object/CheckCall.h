/* Everything that a call must fulfil. Part of EntryPoints.c. */
#ifndef MOBILEONE_COMPILER_OBJECT_CHECKCALL_H
#define MOBILEONE_COMPILER_OBJECT_CHECKCALL_H

#include "compiler/Object/Levels.h"
#include "compiler/Object/Sizes.h"

static int refuse(const mobileone_call *call, int error, const char *field,
                  uint64_t expected, uint64_t actual) {
  if (call->detail) {
    const mobileone_error_detail detail = {error, 0, field, expected, actual};
    *call->detail = detail;
  }
  return error;
}

static int is_misaligned(const void *pointer, uintptr_t alignment) {
  return ((uintptr_t)pointer & (alignment - 1)) != 0;
}

/* Checks the rows of all images; behind the last one nothing is needed. */
static int check_rows(const mobileone_call *call,
                      const mobileone_model_info *size) {
  const size_t row = get_row_bytes(call, size);
  const size_t dense = get_dense_row_bytes(size);
  const size_t distances = call->batch * count_rows(size) - 1;
  if (row < dense)
    return refuse(call, MOBILEONE_BAD_CALL, "input_row_bytes", dense, row);
  if (row % get_element_bytes())
    return refuse(call, MOBILEONE_BAD_CALL, "input_row_bytes",
                  row - row % get_element_bytes(), row);
  if (distances && row > (SIZE_MAX - dense) / distances)
    return refuse(call, MOBILEONE_BAD_CALL, "input_row_bytes",
                  (SIZE_MAX - dense) / distances, row);
  if (call->input_bytes < distances * row + dense)
    return refuse(call, MOBILEONE_SHORT_BUFFER, "input_bytes",
                  distances * row + dense, call->input_bytes);
  return MOBILEONE_OK;
}

/* Checks that a call gives weights if they are not in the object, and that they
 * begin as those of this object do. */
static int check_weights(const mobileone_call *call) {
  if (!model_info.external_weights) {
    if (call->weights || call->weights_bytes)
      return refuse(call, MOBILEONE_BAD_CALL, "weights", 0,
                    call->weights_bytes);
    return MOBILEONE_OK;
  }
  const mobileone_weights_head *head = call->weights;
  if (!head)
    return refuse(call, MOBILEONE_NULL_BUFFER, "weights", 0, 0);
  if (is_misaligned(head, 64))
    return refuse(call, MOBILEONE_MISALIGNED_BUFFER, "weights", 64,
                  (uintptr_t)head);
  const uint64_t bytes = sizeof *head + model_info.weights_bytes;
  if (call->weights_bytes < bytes)
    return refuse(call, MOBILEONE_SHORT_BUFFER, "weights_bytes", bytes,
                  call->weights_bytes);
  if (!mobileone_is_head_of(head, &model_info))
    return refuse(call, MOBILEONE_BAD_WEIGHTS, "weights", 0, 0);
  return MOBILEONE_OK;
}

/* Checks the buffers of all outputs. */
static int check_outputs(const mobileone_call *call,
                         const mobileone_model_info *size) {
  const uint32_t count = model_info.output_count;
  if (call->output_count != count)
    return refuse(call, MOBILEONE_BAD_CALL, "output_count", count,
                  call->output_count);
  for (uint32_t i = 0; i < count; ++i) {
    if (!call->outputs[i])
      return refuse(call, MOBILEONE_NULL_BUFFER, "outputs", 0, 0);
    if (is_misaligned(call->outputs[i], sizeof(float)))
      return refuse(call, MOBILEONE_MISALIGNED_BUFFER, "outputs", sizeof(float),
                    (uintptr_t)call->outputs[i]);
    const size_t bytes = get_output_bytes(size, i);
    if (call->output_bytes[i] / bytes < call->batch)
      return refuse(call, MOBILEONE_SHORT_BUFFER, "output_bytes",
                    (uint64_t)call->batch * bytes, call->output_bytes[i]);
  }
  return MOBILEONE_OK;
}

/* The number of the size that a call names, of those compiled in; the network
 * for it in *size, null if there is none. */
static uint32_t find_size(const mobileone_call *call,
                          const mobileone_model_info **size) {
  uint32_t number = 0;
  *size = &model_info;
  if (call->height || call->width)
    while (*size && ((*size)->input_height != call->height ||
                     (*size)->input_width != call->width)) {
      *size = mobileone_next_size(*size);
      ++number;
    }
  return number;
}

/* Names the field that no size has: with the height of one, the width. */
static int refuse_size(const mobileone_call *call) {
  for (const mobileone_model_info *size = &model_info; size;
       size = mobileone_next_size(size))
    if (size->input_height == call->height)
      return refuse(call, MOBILEONE_BAD_CALL, "width", size->input_width,
                    call->width);
  return refuse(call, MOBILEONE_BAD_CALL, "height", model_info.input_height,
                call->height);
}

/* Checks all that a call for images of `size` says, before any work. */
static int check(const mobileone_call *call, const mobileone_model_info *size) {
  const size_t element = get_element_bytes();
  if (!size)
    return refuse_size(call);
  if (!call->input)
    return refuse(call, MOBILEONE_NULL_BUFFER, "input", 0, 0);
  if (!call->outputs)
    return refuse(call, MOBILEONE_NULL_BUFFER, "outputs", 0, 0);
  if (!call->output_bytes)
    return refuse(call, MOBILEONE_NULL_BUFFER, "output_bytes", 0, 0);
  if (!call->arena)
    return refuse(call, MOBILEONE_NULL_BUFFER, "arena", 0, 0);
  if (is_misaligned(call->input, element))
    return refuse(call, MOBILEONE_MISALIGNED_BUFFER, "input", element,
                  (uintptr_t)call->input);
  if (is_misaligned(call->arena, 64))
    return refuse(call, MOBILEONE_MISALIGNED_BUFFER, "arena", 64,
                  (uintptr_t)call->arena);
  /* A batch whose size in bytes cannot be counted is in no memory. */
  if (!call->batch || call->batch > SIZE_MAX / 2 / size->input_bytes)
    return refuse(call, MOBILEONE_BAD_BATCH, "batch", 1, call->batch);
  const int error = check_rows(call, size);
  if (error)
    return error;
  const int output_error = check_outputs(call, size);
  if (output_error)
    return output_error;
  const uint64_t arena = count_arena_bytes(call->batch, call->workers);
  if (call->arena_bytes < arena)
    return refuse(call, MOBILEONE_SHORT_BUFFER, "arena_bytes", arena,
                  call->arena_bytes);
  const int weights_error = check_weights(call);
  if (weights_error)
    return weights_error;
  if (call->flags)
    return refuse(call, MOBILEONE_BAD_CALL, "flags", 0, call->flags);
  if (call->on_layer && !model_info.instrument)
    return refuse(call, MOBILEONE_NOT_INSTRUMENTED, "on_layer", 0, 0);
  if (!isa() || call->isa > isa())
    return refuse(call, MOBILEONE_UNSUPPORTED_CPU, "isa", call->isa, isa());
  if (call->isa && !has_code_for(call->isa))
    return refuse(call, MOBILEONE_BAD_CALL, "isa", isa(), call->isa);
  if (call->cancel && *call->cancel)
    return refuse(call, MOBILEONE_CANCELLED, "cancel", 0, 0);
  return MOBILEONE_OK;
}

#endif /* MOBILEONE_COMPILER_OBJECT_CHECKCALL_H */
