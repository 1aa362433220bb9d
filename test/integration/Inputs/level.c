/* Prints the level in use, what a run returns, and its numbers. */
#include MODEL_HEADER

#ifndef FORMAT
#define FORMAT " %.2f"
#endif

#include <stdio.h>
#include <string.h>

static float input[MODEL_INPUT_BYTES / sizeof(float)];
static float output[MODEL_OUTPUT_LEN];
static char memory[MODEL_ARENA_BYTES + MODEL_ARENA_ALIGN];

int main(void) {
  void *arena = memory + (64 - (uintptr_t)memory % 64) % 64;
  for (size_t i = 0; i < sizeof input / sizeof *input; ++i)
    input[i] = (float)(i * 7919 % 1000) / 500.0f - 1.0f;
  memset(output, 0x5a, sizeof output);
  int status = model_run(input, output, arena);
  printf("level %u, %s", (unsigned)model_isa(), mobileone_strerror(status));
  if (status == MOBILEONE_OK)
    for (size_t i = 0; i < MODEL_OUTPUT_LEN; ++i)
      printf(FORMAT, (double)output[i]);
  printf("\n");
  return 0;
}
