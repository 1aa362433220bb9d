// One object in many threads: with an arena each, and in one call that every
// adapter of runtime/ runs.
#include MODEL_HEADER
#include "check.h"
#include "test/runtime/Adapters.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

static constexpr uint32_t kBatch = 16;
static constexpr size_t kFloats = MODEL_INPUT_BYTES / sizeof(float);
static float input[kBatch * kFloats];
static float expected[kBatch * MODEL_OUTPUT_LEN];

static void *allocate(size_t bytes) {
  return std::aligned_alloc(64, (bytes + 63) / 64 * 64);
}

static void runAlone(uint32_t image, float *output) {
  void *arena = allocate(MODEL_ARENA_BYTES);
  check(model_run(input + image * kFloats, output, arena) == MOBILEONE_OK,
        "no error");
  std::free(arena);
}

/// The first `batch` images in one call on `workers` threads: the same bits.
static void runTogether(uint32_t batch, uint32_t workers,
                        mobileone_parallel_for parallelFor, void *user) {
  float output[kBatch * MODEL_OUTPUT_LEN];
  float *outputs[] = {output};
  const size_t outputBytes[] = {batch * MODEL_OUTPUT_LEN * sizeof(float)};
  mobileone_call call = {};
  call.struct_size = sizeof call;
  call.batch = batch;
  call.input = input;
  call.input_bytes = sizeof input;
  call.outputs = outputs;
  call.output_bytes = outputBytes;
  call.output_count = 1;
  call.workers = workers;
  call.arena_bytes = model_arena_bytes(batch, workers);
  call.arena = allocate(call.arena_bytes);
  call.parallel_for = parallelFor;
  call.parallel_user = user;
  for (int round = 0; round < 3; ++round) {
    std::memset(output, 0xff, sizeof output);
    check(model_run_ex(&call) == MOBILEONE_OK, "no error");
    check(!std::memcmp(output, expected, outputBytes[0]), "the same bits");
  }
  std::free(call.arena);
}

template <typename Adapter>
static void runWithAdapter() {
  if (!Adapter::isBuilt)
    return;
  for (uint32_t workers : {1, 2, 3, 7, 8}) {
    Adapter adapter(workers);
    // Workers share one image, or have images of their own, or both.
    for (uint32_t batch : {1u, 8u, kBatch})
      runTogether(batch, workers, Adapter::run, adapter.user());
  }
  std::printf("%s, 1 to 8 workers: the same bits\n", Adapter::name);
}

int main() {
  fillImages(input);
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
  std::printf("16 threads: the same bits\n");
  runWithAdapter<mobileone::test::Serial>();
  runWithAdapter<mobileone::test::ThreadPool>();
  runWithAdapter<mobileone::test::OpenMP>();
  runWithAdapter<mobileone::test::Pthreadpool>();
  return 0;
}
