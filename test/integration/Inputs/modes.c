/* Whatever rounding, flush-to-zero and exception masks the caller has set: the
 * result is the same to the bit, and the caller finds them as they were. */
#include "test_model.h"

#if defined(__aarch64__)
typedef uint64_t mode; /* FPCR, and FPSR in the upper half */
static const mode default_mode = 0;
static const mode modes[] = {
    0,                    /* default */
    UINT64_C(1) << 22,    /* round up */
    UINT64_C(2) << 22,    /* round down */
    UINT64_C(3) << 22,    /* round towards zero */
    UINT64_C(1) << 24,    /* denormals are zero */
    UINT64_C(1) << 25,    /* any NaN is the default one */
    UINT64_C(15) << 22,   /* all of them */
    UINT64_C(0x9f) << 32, /* all exceptions have happened */
};
static mode get_mode(void) {
  uint64_t control, status;
  __asm__ volatile("mrs %0, fpcr" : "=r"(control));
  __asm__ volatile("mrs %0, fpsr" : "=r"(status));
  return control | status << 32;
}
static void set_mode(mode value) {
  __asm__ volatile("msr fpcr, %0" : : "r"(value & UINT32_MAX) : "memory");
  __asm__ volatile("msr fpsr, %0" : : "r"(value >> 32) : "memory");
}
#elif defined(__wasm__)
typedef unsigned mode; /* there is one, and nobody can ask */
static const mode default_mode = 0;
static const mode modes[] = {0};
static mode get_mode(void) { return default_mode; }
static void set_mode(mode value) { (void)value; }
#else
#include <xmmintrin.h>
typedef unsigned mode; /* MXCSR */
static const mode default_mode = 0x1f80;
static const mode modes[] = {
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
static mode get_mode(void) { return _mm_getcsr(); }
static void set_mode(mode value) { _mm_setcsr(value); }
#endif

int main(void) {
  float expected[kOutputs], output[kOutputs];
  void *input = fenced_alloc(SIZE(_INPUT_BYTES), 0);
  size_t i;
  fill_input(input);
  EXPECT(MODEL(_run)(input, expected, new_arena()) == MOBILEONE_OK);

  for (i = 0; i < sizeof(modes) / sizeof(modes[0]); ++i) {
    void *arena = new_arena();
    mode after;
    int status;
    set_mode(modes[i]);
    status = MODEL(_run)(input, output, arena);
    after = get_mode();
    set_mode(default_mode);
    EXPECT(status == MOBILEONE_OK);
    EXPECT(after == modes[i]);
    EXPECT(memcmp(output, expected, sizeof(output)) == 0);

    /* A refusal does not change them, either. */
    set_mode(modes[i]);
    status = MODEL(_run)(NULL, output, arena);
    after = get_mode();
    set_mode(default_mode);
    EXPECT(status == MOBILEONE_NULL_BUFFER && after == modes[i]);
  }
  return 0;
}
