/* Runs P_run of several images between guard pages: the results are those of
 * the images one by one, and the header's sizes are those of the object. */
#include "test_model.h"

enum { kBatch = SIZE(_BATCH), kClasses = kOutputs / kBatch };

int main(void) {
  float *input = (float *)fenced_alloc(SIZE(_INPUT_BYTES), 0);
  float *output = (float *)fenced_alloc(kOutputs * sizeof(float), 0);
  static float expected[kClasses];
  float *outputs[] = {expected};
  const size_t output_bytes[] = {sizeof expected};
  const size_t image_bytes = MODEL(_info)()->input_bytes;
  /* Its size is no multiple of its alignment. */
  void *arena = fenced_alloc(SIZE(_ARENA_BYTES), 1);
  mobileone_call call;
  size_t i;

  EXPECT(kBatch == 4 && MODEL(_info)()->batch == kBatch);
  EXPECT(SIZE(_INPUT_BYTES) == kBatch * image_bytes);
  EXPECT(SIZE(_ARENA_BYTES) == MODEL(_arena_bytes)(kBatch, 1));
  EXPECT(SIZE(_ARENA_BYTES_BATCH1) == MODEL(_arena_bytes)(1, 1));
  EXPECT(SIZE(_INPUT_BYTES_BATCH1) == image_bytes);
  EXPECT(SIZE(_OUTPUT_LEN_BATCH1) == kClasses);

  fill_input(input);
  fill_with_nan(arena, SIZE(_ARENA_BYTES));
  fill_with_nan(output, kOutputs * sizeof(float));
  EXPECT(MODEL(_run)(input, output, arena) == MOBILEONE_OK);
  EXPECT(MODEL(_run)(input, output, NULL) == MOBILEONE_NULL_BUFFER);
  for (i = 0; i < kBatch; ++i) {
    memset(&call, 0, sizeof call);
    call.struct_size = sizeof call;
    call.batch = 1;
    call.input = (const char *)input + i * image_bytes;
    call.input_bytes = image_bytes;
    call.outputs = outputs;
    call.output_bytes = output_bytes;
    call.output_count = 1;
    call.arena = arena;
    call.arena_bytes = SIZE(_ARENA_BYTES_BATCH1);
    EXPECT(MODEL(_run_ex)(&call) == MOBILEONE_OK);
    EXPECT(memcmp(output + i * kClasses, expected, sizeof expected) == 0);
    EXPECT(i == 0 || memcmp(output, expected, sizeof expected) != 0);
  }
  return 0;
}
