// The layers of one image, shared by the workers of a call.
#include MODEL_HEADER
#include "check.h"
#include "fenced.h"
#include "runtime/thread_pool.h"

#include <algorithm>
#include <cfenv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

static constexpr uint32_t kBatch = 3;
static constexpr size_t kFloats = MODEL_INPUT_BYTES / sizeof(float);
static float input[kBatch * kFloats];
static float expected[kBatch * MODEL_OUTPUT_LEN];

/// A call, and all that it needs.
struct Call : mobileone_call {
  std::vector<float> output;
  float *outputPointer;
  size_t outputBytes;

  explicit Call(uint32_t images, uint32_t threads)
      : mobileone_call{}, output(images * MODEL_OUTPUT_LEN, -1.0f),
        outputPointer(output.data()),
        outputBytes(output.size() * sizeof(float)) {
    struct_size = sizeof(mobileone_call);
    batch = images;
    mobileone_call::input = ::input;
    input_bytes = images * MODEL_INPUT_BYTES;
    outputs = &outputPointer;
    output_bytes = &outputBytes;
    output_count = 1;
    workers = threads;
    arena_bytes = model_arena_bytes(images, threads);
    // A byte behind it is a crash. What it holds does not matter.
    arena = fenced_alloc(arena_bytes, 0);
    fill_with_nan(arena, arena_bytes);
  }

  ~Call() { fenced_free(arena, arena_bytes, 0); }
  Call(const Call &) = delete;

  int run() { return model_run_ex(this); }
  bool isRight() const {
    return !std::memcmp(output.data(), expected, outputBytes);
  }
  bool isUntouched() const {
    for (float value : output)
      if (value != -1.0f)
        return false;
    return true;
  }
};

static uint32_t tasks; // of all calls of a parallel_for

/// In turn, the last one first: nobody helps whoever leads. Tasks keep the mode
/// of rounding of their thread, and do not compute in it.
static int backwards(void *, uint32_t count, mobileone_task task,
                     void *context) {
  tasks += count;
  std::fesetround(FE_DOWNWARD);
  for (uint32_t i = count; i-- > 0;) {
    task(context, i, i);
    check(std::fegetround() == FE_DOWNWARD, "the thread's mode of rounding");
  }
  std::fesetround(FE_TONEAREST);
  return 0;
}

/// At once, on threads that round upwards.
static int upwards(void *, uint32_t count, mobileone_task task, void *context) {
  auto run = [=](uint32_t i) {
    std::fesetround(FE_UPWARD);
    task(context, i, i);
    check(std::fegetround() == FE_UPWARD, "the thread's mode of rounding");
  };
  std::vector<std::thread> threads;
  for (uint32_t i = 0; i < count; ++i)
    threads.emplace_back(run, i);
  for (std::thread &thread : threads)
    thread.join();
  return 0;
}

static void checkPool(uint32_t workers, uint32_t level) {
  mobileone_thread_pool *pool = mobileone_thread_pool_create(workers);
  check(pool, "a pool");
  for (uint32_t batch = 1; batch <= kBatch; ++batch)
    for (int round = 0; round < 4; ++round) {
      Call call(batch, workers);
      call.isa = level;
      call.parallel_for = mobileone_thread_pool_run;
      call.parallel_user = pool;
      check(call.run() == MOBILEONE_OK, "no error");
      check(call.isRight(), "the bits of one thread");
    }
  mobileone_thread_pool_destroy(pool);
}

static void checkModesAndTurns(uint32_t workers, uint32_t level) {
  Call call(1, workers);
  call.isa = level;
  call.parallel_for = upwards;
  check(call.run() == MOBILEONE_OK, "no error");
  check(call.isRight(), "the bits of one thread");
  call.parallel_for = backwards;
  tasks = 0;
  check(call.run() == MOBILEONE_OK, "no error");
  check(tasks == std::min(workers, 48u), "a task for each of 48 workers");
  check(call.isRight(), "the bits of one thread");
}

static volatile int cancel;
static uint32_t ended, last, stopAfter;

/// Stops a call behind some layer.
static void onLayer(void *, uint32_t layer, uint32_t phase, const float *,
                    size_t) {
  if (phase != MOBILEONE_LAYER_END)
    return;
  last = layer;
  if (++ended == stopAfter)
    cancel = 1;
}

static void checkCancel() {
  mobileone_thread_pool *pool = mobileone_thread_pool_create(2);
  check(pool, "a pool");
  Call call(1, 2);
  call.parallel_for = mobileone_thread_pool_run;
  call.parallel_user = pool;
  call.on_layer = onLayer;
  call.cancel = &cancel;
  cancel = ended = stopAfter = 0;
  check(call.run() == MOBILEONE_OK && call.isRight(), "the bits of one thread");
  const uint32_t layers = ended;
  for (stopAfter = 1; stopAfter <= layers; ++stopAfter) {
    Call stopped(1, 2);
    stopped.parallel_for = mobileone_thread_pool_run;
    stopped.parallel_user = pool;
    stopped.on_layer = onLayer;
    stopped.cancel = &cancel;
    cancel = ended = 0;
    check(stopped.run() == MOBILEONE_CANCELLED, "that it is cancelled");
    check(ended == stopAfter, "no layer after it was cancelled");
    check(stopped.isUntouched(), "an output that nobody wrote");
  }
  check(last + 1 == model_info()->layer_count, "the last layer to end last");
  mobileone_thread_pool_destroy(pool);
}

/// Runs tasks as a worker that the arena has no room for.
static int asStranger(void *, uint32_t count, mobileone_task task,
                      void *context) {
  for (uint32_t i = 0; i < count; ++i)
    task(context, i, i + 1);
  return 0;
}

static int fail(void *, uint32_t, mobileone_task, void *) { return 1; }

/// Its tasks ran, but it says that they did not.
static int failAfterwards(void *user, uint32_t count, mobileone_task task,
                          void *context) {
  return backwards(user, count, task, context) + 1;
}

static int runNone(void *, uint32_t, mobileone_task, void *) { return 0; }

static int runAllButOne(void *, uint32_t count, mobileone_task task,
                        void *context) {
  for (uint32_t i = 1; i < count; ++i)
    task(context, i, 0);
  return 0;
}

/// As many tasks as there should be.
static int runOneForAnother(void *, uint32_t count, mobileone_task task,
                            void *context) {
  for (uint32_t i = 0; i < count; ++i)
    task(context, i ? i : count - 1, 0);
  return 0;
}

static int runOneTwice(void *, uint32_t count, mobileone_task task,
                       void *context) {
  for (uint32_t i = 0; i <= count; ++i)
    task(context, i % count, 0);
  return 0;
}

static int runOneBeyond(void *, uint32_t count, mobileone_task task,
                        void *context) {
  for (uint32_t i = 0; i <= count; ++i)
    task(context, i, 0);
  return 0;
}

static void checkFailure() {
  for (mobileone_parallel_for broken :
       {fail, failAfterwards, asStranger, runNone, runAllButOne,
        runOneForAnother, runOneTwice, runOneBeyond})
    // Shared by both workers, one for each, and both.
    for (uint32_t batch : {1, 2, 3}) {
      mobileone_error_detail told = {};
      Call call(batch, 2);
      call.parallel_for = broken;
      call.detail = &told;
      check(call.run() == MOBILEONE_PARALLEL_FAILED, "that it fails");
      check(!std::strcmp(told.field, "parallel_for"), "to be told why");
      check(call.isUntouched(), "an output that nobody wrote");
    }
}

int main() {
  fillImages(input);
  for (uint32_t level = 2; level <= model_isa(); ++level) {
    if (!(model_info()->isa_levels >> level & 1))
      continue;
    Call alone(kBatch, 1);
    alone.isa = level;
    check(alone.run() == MOBILEONE_OK, "no error");
    std::memcpy(expected, alone.output.data(), sizeof expected);
    for (uint32_t workers : {1, 2, 3, 7, 8, 16})
      checkPool(workers, level);
    for (uint32_t workers : {2, 3, 16, 48, 100})
      checkModesAndTurns(workers, level);
    std::printf("level %u: the same bits for 1 to 100 workers\n", level);
  }
  checkCancel();
  checkFailure();
  std::printf("stopped and failed calls leave the output\n");
  return 0;
}
