/* An object with external weights beside one that holds the same: -DP=net and
 * inside.h, with net.weights and other.weights in the working directory. */
#include "inside.h"
#include "test_model.h"

#include "runtime/weights.h"

static float input[NET_INPUT_BYTES / sizeof(float)];
static float expected[NET_OUTPUT_LEN], actual[NET_OUTPUT_LEN];
static void *arena;
static mobileone_error_detail detail;

static mobileone_call make_call(const void *weights, size_t bytes) {
  static float *outputs[] = {actual};
  mobileone_call call = new_call(input, outputs, arena);
  call.weights = weights;
  call.weights_bytes = bytes;
  call.detail = &detail;
  return call;
}

static int run(const void *weights, size_t bytes) {
  const mobileone_call call = make_call(weights, bytes);
  return net_run_ex(&call);
}

static void write_file(const char *path, const char *data, size_t bytes) {
  FILE *file = fopen(path, "wb");
  EXPECT(file && fwrite(data, 1, bytes, file) == bytes && fclose(file) == 0);
}

/* What a damaged file gives: it is not opened. */
static int open_damaged(const char *data, size_t bytes) {
  mobileone_weights weights;
  int error;
  write_file("damaged.weights", data, bytes);
  error = mobileone_weights_open("damaged.weights", net_info(), &weights);
  EXPECT(!weights.data && !weights.bytes);
  return error;
}

static void check_damage(const char *good, size_t bytes) {
  char *data = malloc(bytes + 1);
  unsigned i, refused = 0;
  uint32_t state = 1;
  EXPECT(data);
  data[bytes] = 0;
  /* One bit, of the head and anywhere. */
  for (i = 0; i < 80; ++i) {
    state = state * 1664525u + 1013904223u;
    const size_t place = i < 8 ? i * 16 : state % bytes;
    memcpy(data, good, bytes);
    /* Reserved bytes say nothing. */
    if (place < sizeof(mobileone_weights_head) &&
        place >= offsetof(mobileone_weights_head, reserved))
      continue;
    data[place] ^= (char)(1 << state % 8);
    EXPECT(open_damaged(data, bytes) == MOBILEONE_BAD_WEIGHTS);
    ++refused;
  }
  memcpy(data, good, bytes);
  EXPECT(open_damaged(data, bytes + 1) == MOBILEONE_BAD_WEIGHTS);
  ++refused;
  /* Cut short, the last time to nothing. */
  for (i = 1; refused < 100; ++i, ++refused)
    EXPECT(open_damaged(data, refused == 99 ? 0 : bytes - i * (bytes / 21)) ==
           MOBILEONE_SHORT_BUFFER);
  printf("%u damaged files refused\n", refused);
  free(data);
}

int main(void) {
  mobileone_weights weights, other;
  char *copy;
  arena = new_arena();
  fill_input(input);
  EXPECT(inside_run(input, expected, arena) == MOBILEONE_OK);

  EXPECT(net_info()->external_weights && !inside_info()->external_weights);
  EXPECT(mobileone_weights_open("net.weights", net_info(), &weights) ==
         MOBILEONE_OK);
  EXPECT(weights.bytes == NET_WEIGHTS_BYTES);
  EXPECT(run(weights.data, weights.bytes) == MOBILEONE_OK);
  EXPECT(memcmp(actual, expected, sizeof actual) == 0);

  /* A call checks what it can without reading all. */
  EXPECT(run(NULL, 0) == MOBILEONE_NULL_BUFFER);
  EXPECT(!strcmp(detail.field, "weights"));
  EXPECT(run(weights.data, weights.bytes - 1) == MOBILEONE_SHORT_BUFFER);
  EXPECT(!strcmp(detail.field, "weights_bytes"));
  EXPECT(detail.expected == NET_WEIGHTS_BYTES);
  EXPECT(run((const char *)weights.data + 32, weights.bytes) ==
         MOBILEONE_MISALIGNED_BUFFER);
  copy = fenced_alloc(weights.bytes, 0);
  memcpy(copy, weights.data, weights.bytes);
  EXPECT(run(copy, weights.bytes) == MOBILEONE_OK);
  EXPECT(memcmp(actual, expected, sizeof actual) == 0);
  copy[40] ^= 1; /* of the digest */
  EXPECT(run(copy, weights.bytes) == MOBILEONE_BAD_WEIGHTS);

  /* An object that holds its weights takes no others. */
  {
    mobileone_call call = make_call(weights.data, weights.bytes);
    call.arena_bytes = INSIDE_ARENA_BYTES;
    EXPECT(inside_run_ex(&call) == MOBILEONE_BAD_CALL);
  }
  EXPECT(mobileone_weights_open("net.weights", inside_info(), &other) ==
         MOBILEONE_BAD_WEIGHTS);
  EXPECT(mobileone_weights_open("other.weights", net_info(), &other) < 0);
  EXPECT(mobileone_weights_open("none.weights", net_info(), &other) ==
         MOBILEONE_IO_ERROR);
  EXPECT(mobileone_weights_open(".", net_info(), &other) == MOBILEONE_IO_ERROR);
  EXPECT(mobileone_weights_open(NULL, net_info(), &other) ==
         MOBILEONE_NULL_BUFFER);
  EXPECT(mobileone_weights_check((const char *)weights.data + 1, 64,
                                 net_info()) == MOBILEONE_MISALIGNED_BUFFER);
  check_damage(weights.data, weights.bytes);
  mobileone_weights_close(&weights);
  EXPECT(!weights.data && !weights.bytes);
  mobileone_weights_close(&weights);
  mobileone_weights_close(NULL);
  return 0;
}
