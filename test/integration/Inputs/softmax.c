/* Probabilities lie in 0..1 and sum to 1, up to rounding. */
#include "test_model.h"
#include <math.h>

int main(void) {
  float output[kOutputs];
  double sum = 0;
  void *input = fenced_alloc(SIZE(_INPUT_BYTES), 0);
  int i;
  fill_input(input);
  EXPECT(mobileone_outputs(MODEL(_info)())->kind == MOBILEONE_SOFTMAX);
  EXPECT(MODEL(_run)(input, output, new_arena()) == MOBILEONE_OK);
  for (i = 0; i < kOutputs; ++i) {
    EXPECT(output[i] >= 0 && output[i] <= 1);
    sum += (double)output[i];
  }
  printf("sum 1 %+.3g\n", sum - 1);
  EXPECT(fabs(sum - 1) < 1e-6);
  return 0;
}
