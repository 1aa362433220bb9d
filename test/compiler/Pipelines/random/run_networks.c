/* Runs the networks that RandomNetworks has written, on one and on three
 * workers, and compares them with what the interpreter says:
 *
 *   run_networks FOLDER */
#include "runtime/mobileone.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct network {
  const char *name;
  int (*run_ex)(const mobileone_call *);
  size_t (*arena_bytes)(uint32_t, uint32_t);
  const mobileone_model_info *(*info)(void);
};

#define NETWORK(name)                                                          \
  int name##_run_ex(const mobileone_call *);                                   \
  size_t name##_arena_bytes(uint32_t, uint32_t);                               \
  const mobileone_model_info *name##_info(void);
#include "networks.def"
#undef NETWORK

static const struct network networks[] = {
#define NETWORK(name) {#name, name##_run_ex, name##_arena_bytes, name##_info},
#include "networks.def"
#undef NETWORK
};

static void *read_file(const char *folder, const char *name, const char *suffix,
                       size_t *bytes) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s%s", folder, name, suffix);
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END))
    exit(2);
  *bytes = (size_t)ftell(file);
  rewind(file);
  void *data = malloc(*bytes + 1);
  if (!data || fread(data, 1, *bytes, file) != *bytes)
    exit(2);
  fclose(file);
  return data;
}

static int run_in_turn(void *user, uint32_t count, mobileone_task task,
                       void *context) {
  (void)user;
  for (uint32_t i = 0; i < count; ++i)
    task(context, i, 0);
  return 0;
}

/* The outputs behind each other, on so many workers, in memory that was NaN
 * before. */
static float *run(const struct network *network, const void *image,
                  size_t image_bytes, size_t output_bytes, uint32_t workers) {
  const size_t arena_bytes = network->arena_bytes(1, workers);
  const uint32_t count = network->info()->output_count;
  const mobileone_output_info *outputs = mobileone_outputs(network->info());
  float *output = malloc(output_bytes), *next = output;
  float *pointers[MOBILEONE_MOST_OUTPUTS];
  size_t bytes[MOBILEONE_MOST_OUTPUTS];
  for (uint32_t i = 0; i < count; next += outputs[i++].length) {
    pointers[i] = next;
    bytes[i] = outputs[i].length * sizeof(float);
  }
  if ((size_t)(next - output) * sizeof(float) != output_bytes)
    exit(2);
  void *arena = aligned_alloc(64, arena_bytes);
  memset(output, 0xff, output_bytes);
  memset(arena, 0xff, arena_bytes);
  const mobileone_call call = {
      .struct_size = sizeof call,
      .batch = 1,
      .input = image,
      .input_bytes = image_bytes,
      .outputs = pointers,
      .output_bytes = bytes,
      .output_count = count,
      .workers = workers,
      .parallel_for = workers > 1 ? run_in_turn : NULL,
      .arena = arena,
      .arena_bytes = arena_bytes,
  };
  const int error = network->run_ex(&call);
  free(arena);
  if (error) {
    printf("%s: run_ex() returned %d\n", network->name, error);
    exit(1);
  }
  return output;
}

int main(int argc, char **argv) {
  const size_t count = sizeof networks / sizeof *networks;
  if (argc != 2)
    return 2;
  for (size_t n = 0; n < count; ++n) {
    size_t image_bytes, bytes;
    void *image = read_file(argv[1], networks[n].name, ".image", &image_bytes);
    float *expected = read_file(argv[1], networks[n].name, ".expected", &bytes);
    float *alone = run(&networks[n], image, image_bytes, bytes, 1);
    float *together = run(&networks[n], image, image_bytes, bytes, 3);
    if (memcmp(alone, together, bytes)) {
      printf("%s: one and three workers give different bits\n",
             networks[n].name);
      return 1;
    }
    const mobileone_model_info *info = networks[n].info();
    size_t first = 0;
    for (uint32_t output = 0; output < info->output_count; ++output) {
      const size_t end = first + mobileone_outputs(info)[output].length;
      float largest = 1;
      for (size_t i = first; i < end; ++i)
        largest = fmaxf(largest, fabsf(expected[i]));
      for (size_t i = first; i < end; ++i)
        if (!(fabsf(alone[i] - expected[i]) <= 2e-5f * largest)) {
          printf("%s: number %zu of output %u is %g, but the interpreter says "
                 "%g\n",
                 networks[n].name, i - first, output, (double)alone[i],
                 (double)expected[i]);
          return 1;
        }
      first = end;
    }
    free(image);
    free(expected);
    free(alone);
    free(together);
  }
  printf("%zu networks agree with the interpreter\n", count);
  return 0;
}
