/* Null and misaligned buffers are refused before any work. */
#include "test_model.h"

static char canary[kOutputs * sizeof(float) + 64];

/* Runs and checks that the output still holds what it held. */
static int run_untouched(const void *input, float *output, void *arena) {
  size_t i;
  int status;
  fill_with_nan(canary, sizeof(canary));
  status = MODEL(_run)(input, output, arena);
  for (i = 0; i < sizeof(canary); ++i)
    EXPECT((unsigned char)canary[i] == 0xff);
  return status;
}

int main(void) {
  char *input = (char *)fenced_alloc(SIZE(_INPUT_BYTES) + 4, 0);
  char *arena = (char *)fenced_alloc(SIZE(_ARENA_BYTES) + 64, 1);
  float *output = (float *)(void *)canary;
  float *odd_output = (float *)(void *)(canary + 2);
  memset(input, 0, SIZE(_INPUT_BYTES) + 4);

  EXPECT(run_untouched(NULL, output, arena) == MOBILEONE_NULL_BUFFER);
  EXPECT(run_untouched(input, NULL, arena) == MOBILEONE_NULL_BUFFER);
  EXPECT(run_untouched(input, output, NULL) == MOBILEONE_NULL_BUFFER);
  EXPECT(run_untouched(NULL, NULL, NULL) == MOBILEONE_NULL_BUFFER);
  /* Null goes before alignment. */
  EXPECT(run_untouched(NULL, odd_output, arena) == MOBILEONE_NULL_BUFFER);
  EXPECT(run_untouched(input, odd_output, arena) ==
         MOBILEONE_MISALIGNED_BUFFER);
  EXPECT(run_untouched(input, output, arena + 32) ==
         MOBILEONE_MISALIGNED_BUFFER);
  EXPECT(run_untouched(input, output, arena + 1) ==
         MOBILEONE_MISALIGNED_BUFFER);
  /* Bytes may stand anywhere. */
  if (SIZE(_INPUT_LAYOUT) == MOBILEONE_U8_NHWC) {
    EXPECT(MODEL(_run)(input + 1, output, arena) == MOBILEONE_OK);
  } else {
    EXPECT(run_untouched(input + 1, output, arena) ==
           MOBILEONE_MISALIGNED_BUFFER);
    EXPECT(run_untouched(input + 2, output, arena) ==
           MOBILEONE_MISALIGNED_BUFFER);
  }
  EXPECT(MODEL(_run)(input + 4, output, arena) == MOBILEONE_OK);
  /* A float is all the alignment that the output needs. */
  EXPECT(MODEL(_run)(input, (float *)(void *)(canary + 4), arena + 64) ==
         MOBILEONE_OK);

  /* One image, one worker; 0 stands for one. */
  EXPECT(MODEL(_arena_bytes)(1, 0) == SIZE(_ARENA_BYTES));
  EXPECT(MODEL(_arena_bytes)(1, 1) == SIZE(_ARENA_BYTES));
  EXPECT(MODEL(_arena_bytes)(0, 1) == 0);
  EXPECT(MODEL(_arena_bytes)(1, 2) > SIZE(_ARENA_BYTES));
  EXPECT(MODEL(_arena_bytes)(2, 1) > SIZE(_ARENA_BYTES));
  EXPECT(SIZE(_ARENA_BYTES) % SIZE(_ARENA_ALIGN) == 0);
  return 0;
}
