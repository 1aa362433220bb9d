/* Runs a linked model and compares with expected floats.
 *
 *   compare IMAGES EXPECTED COUNT TOLERANCE
 *
 * IMAGES holds COUNT inputs, EXPECTED as many outputs in float32, both without
 * a header. Prints the largest absolute error and the largest relative to the
 * largest magnitude of an image's outputs; fails above TOLERANCE, which is
 * relative, with -DABSOLUTE absolute.
 * Compile with -DMODEL_HEADER="NAME.h" -DP=prefix -DU=PREFIX.
 *
 * The buffers touch guard pages, in turn before and behind, and arena and
 * output hold NaN before each run: what is read before it was written, or left
 * unwritten, shows.
 */
#include "test_model.h"
#include <math.h>

static size_t find_largest(const float *values, size_t count) {
  size_t largest = 0, i;
  for (i = 1; i < count; ++i)
    if (values[i] > values[largest])
      largest = i;
  return largest;
}

static double find_magnitude(const float *values, size_t count) {
  double magnitude = 0;
  size_t i;
  for (i = 0; i < count; ++i)
    if (fabs((double)values[i]) > magnitude)
      magnitude = fabs((double)values[i]);
  return magnitude;
}

/* A NaN is worse than every number. */
static void keep_worst(double *worst, double value) {
  if (isnan(value) || value > *worst)
    *worst = value;
}

static double find_error(const float *output, const float *expected,
                         size_t length) {
  double error = 0;
  size_t i;
  for (i = 0; i < length; ++i)
    keep_worst(&error, fabs((double)output[i] - (double)expected[i]));
  return error;
}

int main(int argc, char **argv) {
  const size_t length = SIZE(_OUTPUT_LEN),
               output_bytes = length * sizeof(float);
  float *expected = (float *)malloc(output_bytes);
  double worst_absolute = 0, worst_relative = 0;
  long image, count = argc == 5 ? strtol(argv[3], NULL, 10) : 0;
  long same_class = 0;
  int at_start;
  if (count < 1) {
    fprintf(stderr, "usage: compare IMAGES EXPECTED COUNT TOLERANCE\n");
    return 2;
  }
  if (MODEL(_arena_bytes)(1, 1) != SIZE(_ARENA_BYTES)) {
    fprintf(stderr, "header and object differ in the arena's size\n");
    return 2;
  }

  for (at_start = 0; at_start < 2; ++at_start) {
    void *input = fenced_alloc(SIZE(_INPUT_BYTES), at_start);
    float *output = (float *)fenced_alloc(output_bytes, at_start);
    void *arena = fenced_alloc(SIZE(_ARENA_BYTES), at_start);
    for (image = 0; image < count; ++image) {
      double error;
      int status;
      read_file(argv[1], (long)(image * SIZE(_INPUT_BYTES)), input,
                SIZE(_INPUT_BYTES));
      read_file(argv[2], (long)(image * output_bytes), expected, output_bytes);
      fill_with_nan(output, output_bytes);
      fill_with_nan(arena, SIZE(_ARENA_BYTES));
      status = MODEL(_run)(input, output, arena);
      if (status != MOBILEONE_OK) {
        fprintf(stderr, "run: %s\n", mobileone_strerror(status));
        return 1;
      }
      error = find_error(output, expected, length);
      keep_worst(&worst_absolute, error);
      keep_worst(&worst_relative, error / find_magnitude(expected, length));
      if (!at_start &&
          find_largest(output, length) == find_largest(expected, length))
        ++same_class;
    }
  }
  printf("%ld images, same class on %ld, largest error %.3g, relative %.3g\n",
         count, same_class, worst_absolute, worst_relative);
#ifdef ABSOLUTE
  return !(worst_absolute <= strtod(argv[4], NULL));
#else
  return !(worst_relative <= strtod(argv[4], NULL));
#endif
}
