/* Runs a model of two heads, fc_yaw and fc_pitch, with logits and probabilities
 * of each.
 *
 *   heads IMAGE EXPECTED
 *
 * EXPECTED holds the logits of IMAGE, both in float32 without a header. A batch
 * on one and on two workers has the bits of its images alone.
 */
#include "net.h"
#include "runtime/serial_run.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  BATCH = 3,
  IMAGE = NET_INPUT_BYTES / sizeof(float),
  BINS = NET_OUTPUT_FC_YAW_LEN
};

static float images[BATCH * IMAGE], expected[2 * BINS];
static float alone[NET_OUTPUT_COUNT][BATCH * BINS];
static float together[NET_OUTPUT_COUNT][BATCH * BINS];

static void expect(int condition, const char *what) {
  if (condition)
    return;
  printf("expects %s\n", what);
  exit(1);
}

static void read(const char *path, float *values, size_t count) {
  FILE *file = fopen(path, "rb");
  expect(file && fread(values, sizeof *values, count, file) == count, path);
  fclose(file);
}

/* Runs images from 'first' on, into the same places of 'outputs'. */
static void run(uint32_t first, uint32_t count, uint32_t workers,
                float (*outputs)[BATCH * BINS]) {
  float *buffers[NET_OUTPUT_COUNT];
  size_t bytes[NET_OUTPUT_COUNT];
  mobileone_call call;
  uint32_t i;
  void *arena = NULL;
  for (i = 0; i < NET_OUTPUT_COUNT; ++i) {
    buffers[i] = outputs[i] + first * BINS;
    bytes[i] = count * BINS * sizeof(float);
    memset(buffers[i], 0xff, bytes[i]);
  }
  memset(&call, 0, sizeof call);
  call.struct_size = sizeof call;
  call.batch = count;
  call.input = images + first * IMAGE;
  call.input_bytes = count * NET_INPUT_BYTES;
  call.outputs = buffers;
  call.output_bytes = bytes;
  call.output_count = NET_OUTPUT_COUNT;
  call.workers = workers;
  call.parallel_for = workers > 1 ? mobileone_serial_run : NULL;
  call.arena_bytes = net_arena_bytes(count, workers);
  expect(!posix_memalign(&arena, NET_ARENA_ALIGN, call.arena_bytes), "memory");
  memset(arena, 0xff, call.arena_bytes);
  call.arena = arena;
  expect(net_run_ex(&call) == MOBILEONE_OK, "no error");
  free(arena);
}

/* The first image's head, of which 'bins' are the logits and 'parts' the
 * probabilities. */
static void check(const float *want, const float *bins, const float *parts) {
  double largest = 0, error = 0, sum = 0;
  int i;
  for (i = 0; i < BINS; ++i) {
    largest = fmax(largest, fabs((double)want[i]));
    error = fmax(error, fabs((double)bins[i] - (double)want[i]));
    sum += exp((double)bins[i]);
  }
  expect(error <= 1e-4 * largest, "logits within 1e-4 of the largest");
  for (i = 0; i < BINS; ++i)
    expect(fabs((double)parts[i] - exp((double)bins[i]) / sum) <= 1e-6,
           "probabilities of these logits");
}

int main(int argc, char **argv) {
  const mobileone_output_info *outputs = mobileone_outputs(net_info());
  uint32_t image, workers;
  size_t i;
  expect(argc == 3, "heads IMAGE EXPECTED");
  read(argv[1], images, IMAGE);
  read(argv[2], expected, 2 * BINS);
  for (i = IMAGE; i < BATCH * IMAGE; ++i)
    images[i] = images[i - IMAGE] * 0.75f - 0.125f;
  expect(strcmp(outputs[NET_OUTPUT_FC_PITCH_INDEX].name, "fc_pitch") == 0 &&
             outputs[NET_OUTPUT_FC_PITCH_INDEX].kind == MOBILEONE_LOGITS &&
             outputs[NET_OUTPUT_FC_PITCH_SOFTMAX_INDEX].kind ==
                 MOBILEONE_SOFTMAX,
         "outputs by the names of their heads");
  for (image = 0; image < BATCH; ++image)
    run(image, 1, 1, alone);
  check(expected, alone[NET_OUTPUT_FC_YAW_INDEX],
        alone[NET_OUTPUT_FC_YAW_SOFTMAX_INDEX]);
  check(expected + BINS, alone[NET_OUTPUT_FC_PITCH_INDEX],
        alone[NET_OUTPUT_FC_PITCH_SOFTMAX_INDEX]);
  for (workers = 1; workers <= 2; ++workers) {
    run(0, BATCH, workers, together);
    expect(memcmp(together, alone, sizeof alone) == 0,
           "a batch to have the bits of its images alone");
  }
  return 0;
}
