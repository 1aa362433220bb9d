/* One NaN in the image makes every output NaN, as in PyTorch: in a corner, on
 * an edge and inside, in each channel. */
#include "test_model.h"
#include <math.h>

int main(void) {
  const mobileone_model_info *info = MODEL(_info)();
  const size_t h = info->input_height, w = info->input_width;
  const size_t pixels[] = {0, w - 1, (h - 1) * w, h * w - 1, h / 2 * w + w / 2};
  float *input = (float *)fenced_alloc(SIZE(_INPUT_BYTES), 0);
  float output[kOutputs];
  size_t i, channel;
  int k;
  for (i = 0; i < sizeof(pixels) / sizeof(pixels[0]); ++i)
    for (channel = 0; channel < 3; ++channel) {
      fill_input(input);
      input[channel * h * w + pixels[i]] = (float)NAN;
      EXPECT(MODEL(_run)(input, output, new_arena()) == MOBILEONE_OK);
      for (k = 0; k < kOutputs; ++k)
        EXPECT(isnan(output[k]));
    }
  /* And the next image is none the worse for it, in the same arena. */
  fill_input(input);
  EXPECT(MODEL(_run)(input, output, new_arena()) == MOBILEONE_OK);
  for (k = 0; k < kOutputs; ++k)
    EXPECT(isfinite(output[k]));
  return 0;
}
