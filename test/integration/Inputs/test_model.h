/* Names of the one model that a test program is compiled for:
 * -DMODEL_HEADER="NAME.h" -DP=prefix -DU=PREFIX. */
#ifndef MOBILEONE_TEST_MODEL_H
#define MOBILEONE_TEST_MODEL_H

#include MODEL_HEADER
#include "fenced.h"

#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)
#define MODEL(name) PASTE(P, name)
#define SIZE(name) PASTE(U, name)

enum { kOutputs = SIZE(_OUTPUT_LEN) };

/* Floats from about -2 to 2, the same in each run; some are denormal. */
static inline void fill_input(void *input) {
  float *values = (float *)input;
  uint32_t state = 1;
  size_t i;
  for (i = 0; i < SIZE(_INPUT_BYTES) / sizeof(float); ++i) {
    state = state * 1664525u + 1013904223u;
    values[i] = (float)(int32_t)state / 1073741824.0f;
    if (i % 7 == 0)
      values[i] *= 1e-38f;
  }
}

static inline void *new_arena(void) {
  void *arena = fenced_alloc(SIZE(_ARENA_BYTES), 0);
  fill_with_nan(arena, SIZE(_ARENA_BYTES));
  return arena;
}

/* A call for one image on this thread; what else it has is zero. */
static inline mobileone_call new_call(const void *input, float *const *outputs,
                                      void *arena) {
  static const size_t output_bytes[] = {SIZE(_OUTPUT_LEN) * sizeof(float)};
  mobileone_call call;
  memset(&call, 0, sizeof call);
  call.struct_size = sizeof call;
  call.batch = 1;
  call.input = input;
  call.input_bytes = SIZE(_INPUT_BYTES);
  call.outputs = outputs;
  call.output_bytes = output_bytes;
  call.output_count = 1;
  call.arena = arena;
  call.arena_bytes = SIZE(_ARENA_BYTES);
  return call;
}

/* A test's assertion: says what was expected and ends. */
#define EXPECT(condition)                                                      \
  do {                                                                         \
    if (!(condition)) {                                                        \
      fprintf(stderr, "%s:%d: expects %s\n", __FILE__, __LINE__, #condition);  \
      exit(1);                                                                 \
    }                                                                          \
  } while (0)

#endif /* MOBILEONE_TEST_MODEL_H */
