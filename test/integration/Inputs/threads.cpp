// One object in many threads: with an arena each, and in one call of a pool.
#include MODEL_HEADER
#include "runtime/thread_pool.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

static constexpr uint32_t kBatch = 16;
static constexpr size_t kFloats = MODEL_INPUT_BYTES / sizeof(float);
static float input[kBatch * kFloats];
static float expected[kBatch * MODEL_OUTPUT_LEN];

static void check(bool condition, const char *what) {
  if (condition)
    return;
  std::printf("expects %s\n", what);
  std::exit(1);
}

static void *allocate(size_t bytes) {
  return std::aligned_alloc(64, (bytes + 63) / 64 * 64);
}

static void runAlone(uint32_t image, float *output) {
  void *arena = allocate(MODEL_ARENA_BYTES);
  check(model_run(input + image * kFloats, output, arena) == MOBILEONE_OK,
        "no error");
  std::free(arena);
}

/// All images in one call on `workers` threads: the same bits.
static void runTogether(uint32_t workers) {
  mobileone_thread_pool *pool = mobileone_thread_pool_create(workers);
  check(pool, "a pool");
  float output[kBatch * MODEL_OUTPUT_LEN];
  float *outputs[] = {output};
  const size_t outputBytes[] = {sizeof output};
  mobileone_call call = {};
  call.struct_size = sizeof call;
  call.batch = kBatch;
  call.input = input;
  call.input_bytes = sizeof input;
  call.outputs = outputs;
  call.output_bytes = outputBytes;
  call.output_count = 1;
  call.workers = workers;
  call.arena_bytes = model_arena_bytes(kBatch, workers);
  call.arena = allocate(call.arena_bytes);
  call.parallel_for = mobileone_thread_pool_run;
  call.parallel_user = pool;
  for (int round = 0; round < 3; ++round) {
    std::memset(output, 0xff, sizeof output);
    check(model_run_ex(&call) == MOBILEONE_OK, "no error");
    check(!std::memcmp(output, expected, sizeof output), "the same bits");
  }
  std::free(call.arena);
  mobileone_thread_pool_destroy(pool);
}

int main() {
  for (size_t i = 0; i < kBatch * kFloats; ++i)
    input[i] = static_cast<float>(i * 7919 % 1000) / 500 - 1;
  // The first calls, which choose the level, come at once.
  std::vector<std::thread> threads;
  for (uint32_t image = 0; image < kBatch; ++image)
    threads.emplace_back(
        [=] { runAlone(image, expected + image * MODEL_OUTPUT_LEN); });
  for (std::thread &thread : threads)
    thread.join();
  for (uint32_t image = 0; image < kBatch; ++image) {
    float output[MODEL_OUTPUT_LEN];
    runAlone(image, output);
    check(!std::memcmp(output, expected + image * MODEL_OUTPUT_LEN,
                       sizeof output),
          "the same bits in one thread");
  }
  for (uint32_t workers : {1, 2, 3, 7, 8})
    runTogether(workers);
  std::printf("16 threads, and 1 to 8 workers: the same bits\n");
  return 0;
}
