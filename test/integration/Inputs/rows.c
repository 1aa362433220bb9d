/* Runs images whose rows do not follow each other at once: the results are
 * those of dense rows, bit for bit, and nothing outside of the rows is read. */
#include "test_model.h"

enum { kBatch = 3, kWorkers = 4 };
#include "in_turn.h"

static size_t element, dense, rows; /* of all images */
static char *images;                /* dense rows */

/* The first `count` rows, at `row_bytes` from each other. */
static void spread(char *to, size_t count, size_t row_bytes) {
  size_t i;
  for (i = 0; i < count; ++i)
    memcpy(to + i * row_bytes, images + i * dense, dense);
}

/* Rows that end right before a page that nobody may touch; `at_start`: that
 * begin right behind one. */
static char *fence_rows(size_t page, int at_start) {
  char *base = reserve_pages((2 * rows + 1) * page);
  size_t i;
  EXPECT(base != NULL && dense <= page);
  for (i = 0; i < rows; ++i)
    EXPECT(open_pages(base + (2 * i + 1) * page, page));
  base += at_start ? page : 2 * page - dense;
  spread(base, rows, 2 * page);
  return base;
}

/* What the first `batch` images give. `bytes` is all that may be read. */
static int run(uint32_t level, uint32_t batch, uint32_t workers,
               const char *input, size_t bytes, size_t row_bytes,
               float *output) {
  size_t output_bytes = batch * kOutputs * sizeof(float);
  size_t arena_bytes = MODEL(_arena_bytes)(batch, workers);
  char *memory = (char *)malloc(arena_bytes + 64);
  char *arena = memory + (64 - (uintptr_t)memory % 64) % 64;
  mobileone_call call;
  int error;
  memset(&call, 0, sizeof call);
  call.struct_size = sizeof call;
  call.batch = batch;
  call.input = input;
  call.input_bytes = bytes;
  call.input_row_bytes = row_bytes;
  call.outputs = &output;
  call.output_bytes = &output_bytes;
  call.output_count = 1;
  call.arena = arena;
  call.arena_bytes = arena_bytes;
  call.isa = level;
  call.workers = workers;
  call.parallel_for = in_turn;
  fill_with_nan(arena, arena_bytes);
  error = MODEL(_run_ex)(&call);
  free(memory);
  return error;
}

static void check_level(uint32_t level) {
  static float expected[kBatch * kOutputs], actual[kBatch * kOutputs];
  const size_t page = get_page_bytes();
  const size_t gaps[] = {0, 1, 7, 64};
  char *const fenced[] = {fence_rows(page, 0), fence_rows(page, 1)};
  uint32_t batch, workers;
  size_t i;

#define EXPECT_SAME(input, bytes, row_bytes)                                   \
  for (workers = 1; workers <= kWorkers; workers += kWorkers - 1) {            \
    fill_with_nan(actual, sizeof actual);                                      \
    EXPECT(run(level, batch, workers, input, bytes, row_bytes, actual) ==      \
           MOBILEONE_OK);                                                      \
    EXPECT(memcmp(actual, expected, batch * kOutputs * sizeof(float)) == 0);   \
  }
  for (batch = 1; batch <= kBatch; batch += 2) {
    const size_t count = rows / kBatch * batch;
    EXPECT(run(level, batch, 1, images, count * dense, 0, expected) ==
           MOBILEONE_OK);
    EXPECT_SAME(images, count * dense, dense)
    for (i = 0; i < sizeof gaps / sizeof *gaps; ++i) {
      const size_t row = dense + gaps[i] * element;
      const size_t bytes = (count - 1) * row + dense;
      char *padded = (char *)fenced_alloc(bytes, 0);
      /* No NaN and no byte between the rows comes to the results. */
      fill_with_nan(padded, bytes);
      spread(padded, count, row);
      EXPECT_SAME(padded, bytes, row)
      EXPECT(run(level, batch, 1, padded, bytes - 1, row, actual) ==
             MOBILEONE_SHORT_BUFFER);
    }
    for (i = 0; i < 2; ++i) {
      EXPECT_SAME(fenced[i], (count - 1) * 2 * page + dense, 2 * page)
    }
  }
}

int main(void) {
  const mobileone_model_info *info = MODEL(_info)();
  uint32_t level, state = 1;
  size_t i;
  const int is_bytes = info->input_layout == MOBILEONE_U8_NHWC;
  const int is_planar = info->input_layout == MOBILEONE_F32_NCHW;
  element = is_bytes ? 1 : sizeof(float);
  dense = info->input_width * element * (is_planar ? 1 : 3);
  rows = (size_t)kBatch * info->input_height * (is_planar ? 3 : 1);
  images = (char *)malloc(rows * dense);
  EXPECT(images && rows * dense == kBatch * SIZE(_INPUT_BYTES));
  for (i = 0; i < rows * dense / element; ++i) {
    state = state * 1664525u + 1013904223u;
    if (is_bytes)
      images[i] = (char)(state >> 24);
    else
      ((float *)(void *)images)[i] = (float)(int32_t)state / 1073741824.0f;
  }
  for (level = 1; level <= MODEL(_isa)(); ++level)
    if (info->isa_levels >> level & 1) {
      check_level(level);
      printf("level %u\n", (unsigned)level);
    }
  free(images);
  return 0;
}
