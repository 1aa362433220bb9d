/* The multiply-add peak of the core that calls, for bench.py: the kernel of
 * mobileone-run with the widest vectors that this CPU has. */
#include "tools/mobileone-run/PeakKernel.h"

#include <time.h>

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + 1e-9 * now.tv_nsec;
}

static mobileone_isa_level best_level(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f"))
    return MOBILEONE_ISA_X86_64_V4;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return MOBILEONE_ISA_X86_64_V3;
  return MOBILEONE_ISA_X86_64_V2;
#else
  return MOBILEONE_ISA_NONE;
#endif
}

int bench_peak_level(void) { return best_level(); }

/* Floating-point operations per second of one run, less than a millisecond;
 * 0 where there is no kernel for this machine. */
double bench_peak(void) {
  const double start = seconds();
  const double operations = mobileone_peak_run(best_level());
  return operations / (seconds() - start);
}
