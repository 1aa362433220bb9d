/* What differs between processors: the mode of rounding, and waiting. Part of
 * EntryPoints.c. */
#ifndef MOBILEONE_COMPILER_TARGET_PROCESSOR_H
#define MOBILEONE_COMPILER_TARGET_PROCESSOR_H

#include <stdint.h>

/* The register that holds the mode of rounding. The network's own: to nearest,
 * denormal numbers are zero, no exception traps. */
#if defined(__x86_64__)

typedef uint32_t rounding_mode; /* MXCSR */
enum { kOwnMode = 0x9fc0 };

static inline rounding_mode get_mode(void) { return __builtin_ia32_stmxcsr(); }
static inline void set_mode(rounding_mode mode) {
  __builtin_ia32_ldmxcsr(mode);
}
static inline void wait_briefly(void) { __builtin_ia32_pause(); }

#elif defined(__aarch64__)

typedef uint64_t rounding_mode;        /* FPCR */
enum { kOwnMode = UINT32_C(1) << 24 }; /* FZ; NaN stays the NaN that it is */

static inline rounding_mode get_mode(void) {
  rounding_mode mode;
  __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
  return mode;
}

/* No computation may be moved past it. */
static inline void set_mode(rounding_mode mode) {
  __asm__ volatile("msr fpcr, %0" : : "r"(mode) : "memory");
}

static inline void wait_briefly(void) { __asm__ volatile("yield"); }

#endif

#endif /* MOBILEONE_COMPILER_TARGET_PROCESSOR_H */
