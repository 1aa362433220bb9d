/* What differs between processors: the mode of rounding, and waiting. Part of
 * EntryPoints.c. */
#ifndef MOBILEONE_COMPILER_OBJECT_PROCESSOR_H
#define MOBILEONE_COMPILER_OBJECT_PROCESSOR_H

#include <stdint.h>

/* What the caller finds again: the mode of rounding, and which exceptions have
 * happened. The network's own mode: to nearest, denormal numbers are zero, no
 * exception traps. */
#if defined(__x86_64__)

typedef uint32_t rounding_mode; /* MXCSR */
enum { kOwnMode = 0x9fc0 };

static inline rounding_mode get_mode(void) { return __builtin_ia32_stmxcsr(); }
static inline void set_mode(rounding_mode mode) {
  __builtin_ia32_ldmxcsr(mode);
}
static inline void wait_briefly(void) { __builtin_ia32_pause(); }

#elif defined(__aarch64__)

typedef uint64_t rounding_mode;        /* FPCR, and FPSR in the upper half */
enum { kOwnMode = UINT32_C(1) << 24 }; /* FZ; NaN stays the NaN that it is */

static inline rounding_mode get_mode(void) {
  uint64_t control, status;
  __asm__ volatile("mrs %0, fpcr\n\tmrs %1, fpsr"
                   : "=r"(control), "=r"(status));
  return control | status << 32;
}

/* No computation may be moved past it. */
static inline void set_mode(rounding_mode mode) {
  __asm__ volatile("msr fpcr, %0\n\tmsr fpsr, %1"
                   :
                   : "r"(mode & UINT32_MAX), "r"(mode >> 32)
                   : "memory");
}

static inline void wait_briefly(void) { __asm__ volatile("yield"); }

#elif defined(__wasm__)

/* To nearest, with denormal numbers, always. */
typedef uint32_t rounding_mode;
enum { kOwnMode = 0 };

static inline rounding_mode get_mode(void) { return kOwnMode; }
static inline void set_mode(rounding_mode mode) { (void)mode; }
static inline void wait_briefly(void) {}

#endif

#endif /* MOBILEONE_COMPILER_OBJECT_PROCESSOR_H */
