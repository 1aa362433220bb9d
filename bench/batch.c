/* Times a batch of 8 beside eight calls, and says how large an arena is. Build:
 *   cc -O2 -I. -I<folder of the header> '-DHEADER="mobileone_s0.h"' \
 *     -DNAME=mobileone_s0 bench/batch.c mobileone_s0.o
 */
#include HEADER

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define JOIN(a, b) a##b
#define SYMBOL(name, verb) JOIN(name, verb)

enum { kBatch = 8, kRounds = 100 };

static double seconds(void) {
  struct timespec now;
  timespec_get(&now, TIME_UTC);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int main(void) {
  const mobileone_model_info *info = SYMBOL(NAME, _info)();
  const size_t output_bytes =
      kBatch * mobileone_outputs(info)->length * sizeof(float);
  const size_t arena_bytes = SYMBOL(NAME, _arena_bytes)(kBatch, 1);
  float *output = malloc(output_bytes);
  const mobileone_call batch = {.struct_size = sizeof batch,
                                .batch = kBatch,
                                .input = calloc(kBatch, info->input_bytes),
                                .input_bytes = kBatch * info->input_bytes,
                                .outputs = &output,
                                .output_bytes = &output_bytes,
                                .output_count = 1,
                                .arena = aligned_alloc(64, arena_bytes),
                                .arena_bytes = arena_bytes};
  if (!output || !batch.input || !batch.arena)
    return 1;
  mobileone_call single = batch;
  single.batch = 1;
  double together = 1e9, one_by_one = 1e9; /* the best of all rounds */
  for (int round = 0; round < kRounds; ++round) {
    const double start = seconds();
    int error = SYMBOL(NAME, _run_ex)(&batch);
    const double middle = seconds();
    for (int image = 0; image < kBatch; ++image)
      error |= SYMBOL(NAME, _run_ex)(&single);
    const double end = seconds();
    if (error)
      return 1;
    together = middle - start < together ? middle - start : together;
    one_by_one = end - middle < one_by_one ? end - middle : one_by_one;
  }
  printf("batch of 8: %.1f ms, eight calls: %.1f ms\n", 1e3 * together,
         1e3 * one_by_one);
  printf("arena: %zu bytes, %zu more for each further thread of one image\n",
         SYMBOL(NAME, _arena_bytes)(1, 1), (size_t)info->worker_bytes);
  return 0;
}
