/* Whatever rounding, flush-to-zero and exception masks the caller has set: the
 * result is the same to the bit, and the caller finds them as they were. */
#include "test_model.h"
#include <xmmintrin.h>

int main(void) {
  static const unsigned modes[] = {
      0x1f80, /* default */
      0x3f80, /* round down */
      0x5f80, /* round up */
      0x7f80, /* round towards zero */
      0x9fc0, /* denormals are zero, flush to zero */
      0xffc0, /* both, round towards zero */
      0x1fbf, /* all exceptions have happened */
      0x0000, /* all exceptions trap */
      0x6000, /* trap, round towards zero */
  };
  float expected[kOutputs], output[kOutputs];
  void *input = fenced_alloc(SIZE(_INPUT_BYTES), 0);
  size_t i;
  fill_input(input);
  EXPECT(MODEL(_run)(input, expected, new_arena()) == MOBILEONE_OK);

  for (i = 0; i < sizeof(modes) / sizeof(modes[0]); ++i) {
    void *arena = new_arena();
    unsigned after;
    int status;
    _mm_setcsr(modes[i]);
    status = MODEL(_run)(input, output, arena);
    after = _mm_getcsr();
    _mm_setcsr(0x1f80);
    EXPECT(status == MOBILEONE_OK);
    EXPECT(after == modes[i]);
    EXPECT(memcmp(output, expected, sizeof(output)) == 0);

    /* A refusal does not change them, either. */
    _mm_setcsr(modes[i]);
    status = MODEL(_run)(NULL, output, arena);
    after = _mm_getcsr();
    _mm_setcsr(0x1f80);
    EXPECT(status == MOBILEONE_NULL_BUFFER && after == modes[i]);
  }
  return 0;
}
