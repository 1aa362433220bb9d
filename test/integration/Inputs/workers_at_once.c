/* Workers that run at once, one thread each, compute what one thread computes,
 * to the bit: 1 to 8 of them, on batches of 1, 3 and 8 images. */
#include "test_model.h"
#include <pthread.h>

enum { kMostWorkers = 8, kMostImages = 8, kRounds = 5 };

/* One parallel_for on its way. */
struct loop {
  mobileone_task task;
  void *context;
  uint32_t count, next, workers;
};

struct worker {
  struct loop *loop;
  uint32_t number;
};

static void *work(void *user) {
  const struct worker *worker = user;
  struct loop *loop = worker->loop;
  uint32_t index;
  while ((index = __atomic_fetch_add(&loop->next, 1, __ATOMIC_RELAXED)) <
         loop->count)
    loop->task(loop->context, index, worker->number);
  return NULL;
}

static int run_at_once(void *user, uint32_t count, mobileone_task task,
                       void *context) {
  struct loop loop = {task, context, count, 0, *(const uint32_t *)user};
  struct worker workers[kMostWorkers];
  pthread_t threads[kMostWorkers];
  uint32_t i;
  for (i = 0; i < loop.workers; ++i) {
    workers[i].loop = &loop;
    workers[i].number = i;
    EXPECT(pthread_create(&threads[i], NULL, work, &workers[i]) == 0);
  }
  for (i = 0; i < loop.workers; ++i)
    EXPECT(pthread_join(threads[i], NULL) == 0);
  return 0;
}

static void run(const void *input, float *output, uint32_t batch,
                uint32_t workers) {
  const size_t output_bytes = batch * kOutputs * sizeof(float);
  const size_t arena_bytes = MODEL(_arena_bytes)(batch, workers);
  void *arena = fenced_alloc(arena_bytes, 0);
  mobileone_call call = {0};
  fill_with_nan(arena, arena_bytes);
  fill_with_nan(output, output_bytes);
  call.struct_size = sizeof(call);
  call.batch = batch;
  call.input = input;
  call.input_bytes = batch * SIZE(_INPUT_BYTES);
  call.outputs = &output;
  call.output_bytes = &output_bytes;
  call.output_count = 1;
  call.workers = workers;
  call.parallel_for = workers > 1 ? run_at_once : NULL;
  call.parallel_user = &workers;
  call.arena = arena;
  call.arena_bytes = arena_bytes;
  EXPECT(MODEL(_run_ex)(&call) == MOBILEONE_OK);
  fenced_free(arena, arena_bytes, 0);
}

int main(void) {
  static const uint32_t batches[] = {1, 3, kMostImages};
  static float expected[kMostImages * kOutputs], output[kMostImages * kOutputs];
  char *input = malloc(kMostImages * SIZE(_INPUT_BYTES));
  size_t b;
  uint32_t i, workers;
  int round;
  EXPECT(input != NULL);
  for (i = 0; i < kMostImages; ++i) { /* each another one */
    fill_input(input + i * SIZE(_INPUT_BYTES));
    input[i * SIZE(_INPUT_BYTES)] = (char)i;
  }
  for (b = 0; b < sizeof(batches) / sizeof(*batches); ++b) {
    run(input, expected, batches[b], 1);
    for (workers = 2; workers <= kMostWorkers; ++workers)
      for (round = 0; round < kRounds; ++round) {
        run(input, output, batches[b], workers);
        EXPECT(memcmp(output, expected,
                      batches[b] * kOutputs * sizeof(float)) == 0);
      }
  }
  printf("2 to %d workers at once: the same bits\n", (int)kMostWorkers);
  return 0;
}
