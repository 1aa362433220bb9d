/* Runs a model whose buffers touch guard pages, in turn before and behind, from
 * an arena and an output of NaN: the outputs are the same numbers both times.
 */
#include "test_model.h"
#include <math.h>

static void run(int at_start, float *result) {
  void *input = fenced_alloc(SIZE(_INPUT_BYTES), at_start);
  float *output = (float *)fenced_alloc(kOutputs * sizeof(float), at_start);
  void *arena = fenced_alloc(SIZE(_ARENA_BYTES), at_start);
  fill_input(input);
  fill_with_nan(output, kOutputs * sizeof(float));
  fill_with_nan(arena, SIZE(_ARENA_BYTES));
  EXPECT(MODEL(_run)(input, output, arena) == MOBILEONE_OK);
  memcpy(result, output, kOutputs * sizeof(float));
}

int main(void) {
  static float first[kOutputs], second[kOutputs];
  size_t i;
  run(0, first);
  run(1, second);
  EXPECT(memcmp(first, second, sizeof(first)) == 0);
  for (i = 0; i < kOutputs; ++i)
    EXPECT(isfinite(first[i]));
  return 0;
}
