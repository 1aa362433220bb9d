/* The network in fashion.o as an addon of Node:
 * classify(rgb: Uint8Array, width: number, height: number): Float32Array */
#include "fashion.h"
#include "resize.h"
#include <node_api.h>
#include <stdlib.h>

enum { SIDE = FASHION_INPUT_WIDTH };

/* Classifies RGB pixels; returns null or what went wrong. Its buffers are its
 * own, so that any number of threads may call it at once. */
static const char *classify(const void *rgb, uint32_t width, uint32_t height,
                            float *output) {
  unsigned char input[FASHION_INPUT_BYTES];
  mobileone_crop crop =
      mobileone_center_crop(width, height, SIDE * 256 / 224, SIDE, SIDE);
  if (mobileone_resize_crop(rgb, width, height, 3 * (size_t)width, &crop,
                            input))
    return "no memory to resize the image";
  void *arena = aligned_alloc(FASHION_ARENA_ALIGN, FASHION_ARENA_BYTES);
  int error = fashion_run(input, output, arena); /* refuses a null arena */
  free(arena);
  return error ? mobileone_strerror(error) : NULL;
}

static napi_value call(napi_env env, napi_callback_info info) {
  napi_value arguments[3], buffer, result;
  napi_typedarray_type type;
  size_t count = 3, length;
  void *rgb, *output;
  uint32_t width, height;
  if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) ||
      napi_get_typedarray_info(env, arguments[0], &type, &length, &rgb, NULL,
                               NULL) ||
      napi_get_value_uint32(env, arguments[1], &width) ||
      napi_get_value_uint32(env, arguments[2], &height) || !length ||
      type != napi_uint8_array || length != 3 * (uint64_t)width * height) {
    napi_throw_type_error(env, NULL, "expects width * height RGB pixels");
    return NULL;
  }
  if (napi_create_arraybuffer(env, FASHION_OUTPUT_LEN * sizeof(float), &output,
                              &buffer) ||
      napi_create_typedarray(env, napi_float32_array, FASHION_OUTPUT_LEN,
                             buffer, 0, &result))
    return NULL; /* with an exception */
  const char *error = classify(rgb, width, height, output);
  if (error)
    napi_throw_error(env, NULL, error);
  return error ? NULL : result;
}

NAPI_MODULE_INIT() {
  napi_value function;
  if (napi_create_function(env, "classify", NAPI_AUTO_LENGTH, call, NULL,
                           &function))
    return NULL;
  return napi_set_named_property(env, exports, "classify", function) ? NULL
                                                                     : exports;
}
