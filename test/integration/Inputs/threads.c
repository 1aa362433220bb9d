/* Two threads at once, each with its own output and arena, compute what one
 * does alone, to the bit. */
#include "test_model.h"
#include <pthread.h>

static float expected[kOutputs];
static void *input;

static void *run(void *unused) {
  void *arena = new_arena();
  float output[kOutputs];
  int round;
  (void)unused;
  for (round = 0; round < 200; ++round) {
    fill_with_nan(output, sizeof(output));
    EXPECT(MODEL(_run)(input, output, arena) == MOBILEONE_OK);
    EXPECT(memcmp(output, expected, sizeof(output)) == 0);
  }
  return NULL;
}

int main(int argc, char **argv) {
  pthread_t threads[2];
  int i;
  (void)argv;
  input = fenced_alloc(SIZE(_INPUT_BYTES), 0);
  fill_input(input);
  /* Without arguments the first calls of the program are concurrent: both look
   * for the CPU's level. The expected result is then another process's. */
  if (argc > 1) {
    EXPECT(MODEL(_run)(input, expected, new_arena()) == MOBILEONE_OK);
    return fwrite(expected, sizeof(expected), 1, stdout) == 1 ? 0 : 1;
  }
  EXPECT(fread(expected, sizeof(expected), 1, stdin) == 1);
  for (i = 0; i < 2; ++i)
    EXPECT(pthread_create(&threads[i], NULL, run, NULL) == 0);
  for (i = 0; i < 2; ++i)
    EXPECT(pthread_join(threads[i], NULL) == 0);
  return 0;
}
