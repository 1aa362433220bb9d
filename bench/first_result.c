/* The smallest app: reads an image, runs one network, writes its logits.
 *
 *   cc -DNAME=mobileone_s0 -DHEADER='"s0.h"' first_result.c s0.o -o s0-app
 *   ./s0-app image.bin logits.bin
 *
 * image.bin holds floats in the layout that the object was compiled for.
 * Prints "result" as soon as the logits are there, then the process's peak
 * resident memory, as /proc says it. */
#include HEADER

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JOIN(a, b) a##b
#define SYMBOL(name, verb) JOIN(name, verb)

static void *load(const char *path, size_t bytes) {
  void *data = malloc(bytes);
  FILE *file = fopen(path, "rb");
  if (!data || !file || fread(data, 1, bytes, file) != bytes) {
    fprintf(stderr, "%s: expects %zu bytes\n", path, bytes);
    exit(1);
  }
  fclose(file);
  return data;
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: %s IMAGE LOGITS\n", argv[0]);
    return 1;
  }
  const mobileone_model_info *info = SYMBOL(NAME, _info)();
  const size_t align = 64;
  const size_t arena_bytes = SYMBOL(NAME, _arena_bytes)(1, 1);
  void *arena = aligned_alloc(align, (arena_bytes + align - 1) / align * align);
  const size_t length = mobileone_outputs(info)->length;
  float *logits = malloc(length * sizeof(float));
  void *image = load(argv[1], info->input_bytes);

  const int error = SYMBOL(NAME, _run)(image, logits, arena);
  if (error) {
    fprintf(stderr, "%s\n", mobileone_strerror(error));
    return 1;
  }
  puts("result");
  fflush(stdout);

  FILE *output = fopen(argv[2], "wb");
  if (!output || fwrite(logits, sizeof(float), length, output) != length ||
      fclose(output)) {
    perror(argv[2]);
    return 1;
  }
  char line[256];
  FILE *status = fopen("/proc/self/status", "r");
  while (status && fgets(line, sizeof line, status))
    if (!strncmp(line, "VmHWM:", 6))
      fputs(line, stdout);
  return 0;
}
