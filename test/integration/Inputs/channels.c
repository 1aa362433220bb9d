/* Runs one picture through two objects, of pixels in order RGB and in another
 * order: the results are the same bits, whatever alpha is. */
#include "fenced.h"
#include "other.h"
#include "rgb.h"

enum { kHeight = RGB_INPUT_HEIGHT, kWidth = RGB_INPUT_WIDTH };

#define ARENA_BYTES                                                            \
  (RGB_ARENA_BYTES > OTHER_ARENA_BYTES ? RGB_ARENA_BYTES : OTHER_ARENA_BYTES)

static unsigned char picture[kHeight][kWidth][3];

static uint32_t next_random(void) {
  static uint32_t state = 1;
  state = state * 1664525u + 1013904223u;
  return state >> 24;
}

#define EXPECT(condition)                                                      \
  do {                                                                         \
    if (!(condition)) {                                                        \
      fprintf(stderr, "line %d: expects %s\n", __LINE__, #condition);          \
      exit(1);                                                                 \
    }                                                                          \
  } while (0)

/* The picture as the other object takes it, rows `row_bytes` apart. */
static void lay_out(unsigned char *to, size_t elements, size_t row_bytes) {
  const int is_reversed = OTHER_CHANNEL_ORDER == MOBILEONE_BGR ||
                          OTHER_CHANNEL_ORDER == MOBILEONE_BGRA;
  size_t y, x, c;
  for (y = 0; y < kHeight; ++y)
    for (x = 0; x < kWidth; ++x) {
      unsigned char *pixel = to + y * row_bytes + x * elements;
      for (c = 0; c < 3; ++c)
        pixel[is_reversed ? 2 - c : c] = picture[y][x][c];
      if (elements == 4)
        pixel[3] = (unsigned char)next_random();
    }
}

/* Runs one of the two objects. */
static void run(int (*run_ex)(const mobileone_call *), uint32_t level,
                const void *input, size_t bytes, size_t row_bytes,
                float *output) {
  static char memory[ARENA_BYTES + 64];
  const size_t output_bytes = OTHER_OUTPUT_LEN * sizeof(float);
  mobileone_call call;
  memset(&call, 0, sizeof call);
  fill_with_nan(memory, sizeof memory);
  call.struct_size = sizeof call;
  call.batch = 1;
  call.input = input;
  call.input_bytes = bytes;
  call.input_row_bytes = row_bytes;
  call.outputs = &output;
  call.output_bytes = &output_bytes;
  call.output_count = 1;
  call.arena = memory + (64 - (uintptr_t)memory % 64) % 64;
  call.arena_bytes = ARENA_BYTES;
  call.isa = level;
  EXPECT(run_ex(&call) == MOBILEONE_OK);
}

static void check_level(uint32_t level) {
  static float expected[RGB_OUTPUT_LEN], actual[OTHER_OUTPUT_LEN];
  const size_t elements = other_info()->input_channels;
  const size_t gaps[] = {0, 1, 5, 64};
  size_t i;
  int at_start;
  run(rgb_run_ex, level, picture, sizeof picture, 0, expected);
  for (i = 0; i < sizeof gaps / sizeof *gaps; ++i)
    for (at_start = 0; at_start < 2; ++at_start) {
      const size_t row = kWidth * elements + gaps[i];
      const size_t bytes = (kHeight - 1) * row + kWidth * elements;
      unsigned char *input = (unsigned char *)fenced_alloc(bytes, at_start);
      fill_with_nan(input, bytes);
      lay_out(input, elements, row);
      fill_with_nan(actual, sizeof actual);
      run(other_run_ex, level, input, bytes, gaps[i] ? row : 0, actual);
      EXPECT(memcmp(actual, expected, sizeof expected) == 0);
      fenced_free(input, bytes, at_start);
    }
  /* The colours do count. */
  {
    unsigned char *input = (unsigned char *)fenced_alloc(OTHER_INPUT_BYTES, 0);
    lay_out(input, elements, kWidth * elements);
    input[0] = (unsigned char)(input[0] + 128);
    run(other_run_ex, level, input, OTHER_INPUT_BYTES, 0, actual);
    EXPECT(memcmp(actual, expected, sizeof expected) != 0);
    fenced_free(input, OTHER_INPUT_BYTES, 0);
  }
}

int main(void) {
  uint32_t level;
  size_t i;
  for (i = 0; i < sizeof picture; ++i)
    ((unsigned char *)picture)[i] = (unsigned char)next_random();
  EXPECT(other_info()->channel_order == OTHER_CHANNEL_ORDER);
  EXPECT(OTHER_INPUT_BYTES == kHeight * kWidth * other_info()->input_channels);
  for (level = 1; level <= other_isa(); ++level)
    if (other_info()->isa_levels >> level & 1) {
      check_level(level);
      printf("level %u\n", (unsigned)level);
    }
  return 0;
}
