/* Calls P_run_ex in every way that it takes and refuses. */
#include MODEL_HEADER

#include <fenv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JOIN(a, b) a##b
#define NAME(p, suffix) JOIN(p, suffix)
#define ARENA_BYTES NAME(U, _ARENA_BYTES)
#define INPUT_FLOATS (NAME(U, _INPUT_BYTES) / sizeof(float))
#define OUTPUT_LEN NAME(U, _OUTPUT_LEN)

/* WebAssembly has no other modes of rounding. */
#ifdef __wasm__
#define FE_UPWARD FE_TONEAREST
#define FE_DOWNWARD FE_TONEAREST
#endif

enum { kBatch = 3, kLayers = 64 };

static float input[kBatch * INPUT_FLOATS];
static float expected[kBatch * OUTPUT_LEN], actual[kBatch * OUTPUT_LEN];
static char *arena;
static float *outputs[] = {actual};
static size_t output_bytes[] = {sizeof actual};
static mobileone_error_detail detail;

#define CHECK(condition)                                                       \
  do {                                                                         \
    if (!(condition)) {                                                        \
      printf("line %d: expects %s\n", __LINE__, #condition);                   \
      exit(1);                                                                 \
    }                                                                          \
  } while (0)

static mobileone_call make_call(uint32_t batch) {
  mobileone_call call;
  memset(&call, 0, sizeof call);
  call.struct_size = sizeof call;
  call.batch = batch;
  call.input = input;
  call.input_bytes = batch * sizeof(float) * INPUT_FLOATS;
  call.outputs = outputs;
  call.output_bytes = output_bytes;
  call.output_count = 1;
  call.arena = arena;
  call.arena_bytes = NAME(P, _arena_bytes)(batch, 1);
  call.detail = &detail;
  return call;
}

/* The output is a mark before and after a refused call. */
static void expect_error(const mobileone_call *call, int error,
                         const char *field) {
  memset(actual, 0x5a, sizeof actual);
  memset(&detail, 0, sizeof detail);
  int status = NAME(P, _run_ex)(call);
  if (status != error) {
    printf("%s: expects %d (%s), but got %d (%s)\n", field, error,
           mobileone_strerror(error), status, mobileone_strerror(status));
    exit(1);
  }
  if (call && call->struct_size >= sizeof *call) {
    CHECK(detail.error == error);
    CHECK(strcmp(detail.field, field) == 0);
  }
  for (size_t i = 0; i < sizeof actual; ++i)
    CHECK(((unsigned char *)actual)[i] == 0x5a);
  CHECK(strcmp(mobileone_strerror(error), "unknown error") != 0);
}

#define REFUSE(field, value, error, name)                                      \
  call = make_call(1);                                                         \
  call.field = value;                                                          \
  expect_error(&call, error, name)

static void check_row_errors(void) {
  const size_t row = sizeof(float) * NAME(U, _INPUT_WIDTH);
  const size_t distances = 3 * NAME(U, _INPUT_HEIGHT) - 1;
  mobileone_call call;
#define REFUSE_ROWS(value, wanted)                                             \
  REFUSE(input_row_bytes, value, MOBILEONE_BAD_CALL, "input_row_bytes");       \
  CHECK(detail.expected == (wanted) && detail.actual == call.input_row_bytes)
  REFUSE_ROWS(4, row);
  REFUSE_ROWS(row - 4, row);
  REFUSE_ROWS(row + 5, row + 4);
  /* No size wraps: a quarter of all bytes would be a few for four rows. */
  REFUSE_ROWS((size_t)-4, (SIZE_MAX - row) / distances);
  REFUSE_ROWS(SIZE_MAX / 4 + 1, (SIZE_MAX - row) / distances);
  REFUSE(input_row_bytes, row + 4, MOBILEONE_SHORT_BUFFER, "input_bytes");
  CHECK(detail.expected == distances * (row + 4) + row);
  CHECK(detail.actual == call.input_bytes);
}

static void check_errors(void) {
  mobileone_call call;
  REFUSE(input, NULL, MOBILEONE_NULL_BUFFER, "input");
  REFUSE(outputs, NULL, MOBILEONE_NULL_BUFFER, "outputs");
  float *none[] = {NULL};
  REFUSE(outputs, none, MOBILEONE_NULL_BUFFER, "outputs");
  REFUSE(output_bytes, NULL, MOBILEONE_NULL_BUFFER, "output_bytes");
  REFUSE(arena, NULL, MOBILEONE_NULL_BUFFER, "arena");
  REFUSE(input, (char *)input + 1, MOBILEONE_MISALIGNED_BUFFER, "input");
  float *odd[] = {(float *)(void *)((char *)actual + 2)};
  REFUSE(outputs, odd, MOBILEONE_MISALIGNED_BUFFER, "outputs");
  REFUSE(arena, arena + 32, MOBILEONE_MISALIGNED_BUFFER, "arena");
  REFUSE(batch, 0, MOBILEONE_BAD_BATCH, "batch");
  REFUSE(batch, 2, MOBILEONE_SHORT_BUFFER, "input_bytes");
  REFUSE(input_bytes, call.input_bytes - 1, MOBILEONE_SHORT_BUFFER,
         "input_bytes");
  CHECK(detail.expected == sizeof(float) * INPUT_FLOATS);
  CHECK(detail.actual == sizeof(float) * INPUT_FLOATS - 1);
  size_t few[] = {sizeof(float) * OUTPUT_LEN - 1};
  REFUSE(output_bytes, few, MOBILEONE_SHORT_BUFFER, "output_bytes");
  REFUSE(arena_bytes, call.arena_bytes - 1, MOBILEONE_SHORT_BUFFER,
         "arena_bytes");
  REFUSE(output_count, 2, MOBILEONE_BAD_CALL, "output_count");
  check_row_errors();
  REFUSE(weights, input, MOBILEONE_BAD_CALL, "weights");
  REFUSE(flags, 0x80000000u, MOBILEONE_BAD_CALL, "flags");
  REFUSE(isa, 31, MOBILEONE_UNSUPPORTED_CPU, "isa");
  REFUSE(isa, 1, MOBILEONE_BAD_CALL, "isa");
  const volatile int stop = 1;
  REFUSE(cancel, &stop, MOBILEONE_CANCELLED, "cancel");
  REFUSE(struct_size, sizeof call - 8, MOBILEONE_BAD_CALL, "struct_size");
  CHECK(NAME(P, _run_ex)(NULL) == MOBILEONE_NULL_BUFFER);

  /* A later, longer call: fine as long as what is new is not used. */
  struct {
    mobileone_call call;
    char more[16];
  } later;
  memset(&later, 0, sizeof later);
  later.call = make_call(1);
  later.call.struct_size = sizeof later;
  CHECK(NAME(P, _run_ex)(&later.call) == MOBILEONE_OK);
  later.more[15] = 1;
  expect_error(&later.call, MOBILEONE_BAD_CALL, "struct_size");
}

/* A batch is its images one by one, in any rounding mode of the caller. */
static void check_batch(void) {
  for (int image = 0; image < kBatch; ++image)
    CHECK(NAME(P, _run)(input + image * INPUT_FLOATS,
                        expected + image * OUTPUT_LEN, arena) == MOBILEONE_OK);
  CHECK(NAME(P, _arena_bytes)(0, 1) == 0);
  mobileone_call call = make_call(kBatch);
  memset(arena, 0xff, call.arena_bytes);
  fesetround(FE_UPWARD);
  CHECK(NAME(P, _run_ex)(&call) == MOBILEONE_OK);
  CHECK(fegetround() == FE_UPWARD);
  fesetround(FE_TONEAREST);
  CHECK(memcmp(actual, expected, sizeof actual) == 0);
}

/* Runs the tasks backwards, as two workers in turn; counts them. */
static int backwards(void *user, uint32_t count, mobileone_task task,
                     void *context) {
  *(uint32_t *)user += count;
  for (uint32_t i = count; i-- > 0;)
    task(context, i, i % 2);
  return 0;
}

static int broken(void *user, uint32_t count, mobileone_task task,
                  void *context) {
  (void)user, (void)count, (void)task, (void)context;
  return 1;
}

static void check_workers(void) {
  uint32_t tasks = 0;
  mobileone_call call = make_call(kBatch);
  call.workers = 2;
  call.parallel_for = backwards;
  call.parallel_user = &tasks;
  expect_error(&call, MOBILEONE_SHORT_BUFFER, "arena_bytes");
  /* Arenas of so many workers may be larger than what 32 bits can count. */
  if (NAME(P, _info)()->worker_bytes) {
    const size_t most = NAME(P, _arena_bytes)(kBatch, UINT32_MAX);
    call.workers = UINT32_MAX;
    call.arena_bytes = UINT32_MAX;
    expect_error(&call, MOBILEONE_SHORT_BUFFER, "arena_bytes");
    CHECK(detail.expected > UINT32_MAX);
    CHECK(most == (sizeof most == 4 ? 0 : detail.expected));
  }
  call.workers = 2;
  call.arena_bytes = NAME(P, _arena_bytes)(kBatch, 2);
  memset(arena, 0xff, call.arena_bytes);
  CHECK(NAME(P, _run_ex)(&call) == MOBILEONE_OK);
  /* One image for each worker; the last one is a task for both. */
  CHECK(tasks == 4);
  CHECK(memcmp(actual, expected, sizeof actual) == 0);
  call.parallel_for = broken;
  expect_error(&call, MOBILEONE_PARALLEL_FAILED, "parallel_for");
}

/* Every level of the object that this CPU has computes about the same. */
static void check_levels(void) {
  for (uint32_t level = 1; level <= NAME(P, _isa)(); ++level) {
    if (!(NAME(P, _info)()->isa_levels >> level & 1))
      continue;
    mobileone_call call = make_call(1);
    call.isa = level;
    CHECK(NAME(P, _run_ex)(&call) == MOBILEONE_OK);
    for (size_t i = 0; i < OUTPUT_LEN; ++i)
      CHECK(actual[i] - expected[i] < 1e-3f && expected[i] - actual[i] < 1e-3f);
    printf("level %u\n", (unsigned)level);
  }
}

static volatile int cancel;
static uint32_t stop_at;
static uint32_t ended[kLayers], ends, open_layers;
static size_t lengths;

static void on_layer(void *user, uint32_t layer, uint32_t phase,
                     const float *data, size_t length) {
  CHECK(user == &ends && fegetround() == FE_DOWNWARD);
  if (phase == MOBILEONE_LAYER_BEGIN) {
    CHECK(!data && !length && !open_layers);
    ++open_layers;
    return;
  }
  CHECK(phase == MOBILEONE_LAYER_END && open_layers == 1);
  --open_layers;
  CHECK(ends < kLayers);
  ended[ends++] = layer;
  lengths += length;
  const mobileone_model_info *info = NAME(P, _info)();
  const mobileone_layer_info *shape = &mobileone_layers(info)[layer];
  if (info->instrument == MOBILEONE_INSTRUMENT_TENSORS) {
    CHECK(length == (size_t)shape->height * shape->width * shape->channels);
    for (size_t i = 0; i < length; ++i)
      CHECK(data[i] == data[i]);
    if (layer + 1 == info->layer_count)
      CHECK(memcmp(data, expected, length * sizeof *data) == 0);
  }
  if (layer == stop_at)
    cancel = 1;
}

static void check_layers(void) {
  const mobileone_model_info *info = NAME(P, _info)();
  mobileone_call call = make_call(1);
  call.on_layer = on_layer;
  call.on_layer_user = &ends;
  call.cancel = &cancel;
  stop_at = info->layer_count;
  if (info->instrument == MOBILEONE_INSTRUMENT_NONE) {
    expect_error(&call, MOBILEONE_NOT_INSTRUMENTED, "on_layer");
    return;
  }
  fesetround(FE_DOWNWARD); /* of the callbacks, not of the network */
  CHECK(NAME(P, _run_ex)(&call) == MOBILEONE_OK);
  CHECK(memcmp(actual, expected, sizeof(float) * OUTPUT_LEN) == 0);
  printf("%u of %u layers, %zu floats\n", (unsigned)ends,
         (unsigned)info->layer_count, lengths);
  for (uint32_t i = 1; i < ends; ++i)
    CHECK(ended[i] > ended[i - 1]);

  /* Cancelled after any layer, it ends with that layer. */
  for (uint32_t i = 0, all = ends; i < all; ++i) {
    const uint32_t last = ended[i];
    ends = 0;
    cancel = 0;
    stop_at = last;
    expect_error(&call, MOBILEONE_CANCELLED, "cancel");
    CHECK(ended[ends - 1] == last && !open_layers);
  }

  /* No image of a batch begins after one was cancelled. */
  uint32_t tasks = 0;
  mobileone_call images = make_call(kBatch);
  images.workers = 2;
  images.arena_bytes = NAME(P, _arena_bytes)(kBatch, 2);
  images.parallel_for = backwards;
  images.parallel_user = &tasks;
  images.on_layer = on_layer;
  images.on_layer_user = &ends;
  images.cancel = &cancel;
  ends = 0;
  cancel = 0;
  stop_at = 0;
  expect_error(&images, MOBILEONE_CANCELLED, "cancel");
  CHECK(tasks == 2 && ends == 1);
}

int main(void) {
  for (size_t i = 0; i < sizeof input / sizeof *input; ++i)
    input[i] = (float)(i * 7919 % 1000) / 500.0f - 1.0f;
  const size_t bytes = NAME(P, _arena_bytes)(kBatch, 2) + 64;
  char *memory = malloc(bytes);
  arena = memory + (64 - (uintptr_t)memory % 64) % 64;
  check_batch();
  check_workers();
  check_errors();
  check_levels();
  check_layers();
  free(memory);
  printf("all calls are as they should be\n");
  return 0;
}
