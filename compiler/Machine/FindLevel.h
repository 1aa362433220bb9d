/* Which ISA level the CPU and the operating system have. C, for objects and for
 * the compiler. */
#ifndef MOBILEONE_COMPILER_MACHINE_FINDLEVEL_H
#define MOBILEONE_COMPILER_MACHINE_FINDLEVEL_H

#include "runtime/mobileone.h"

#if defined(__x86_64__)

#include <cpuid.h>

static inline int has_all_bits(uint32_t word, uint32_t bits) {
  return (word & bits) == bits;
}

/* The highest level of this CPU and system, 0 where they lack the lowest. */
static inline uint32_t find_host_level(void) {
  uint32_t eax, ebx, ecx, edx, leaf1 = 0, leaf7b = 0, leaf7c = 0;
  uint32_t extended = 0, xcr0 = 0, level = MOBILEONE_ISA_NONE;
  if (!__get_cpuid(1, &eax, &ebx, &leaf1, &edx))
    return level;
  if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) {
    leaf7b = ebx;
    leaf7c = ecx;
  }
  if (__get_cpuid(0x80000001, &eax, &ebx, &ecx, &edx))
    extended = ecx;
  if (leaf1 & bit_OSXSAVE)
    __asm__ volatile("xgetbv" : "=a"(xcr0), "=d"(edx) : "c"(0));
#define MOBILEONE_LEVEL(id, name, suffix, cpu, features, bits, registers,      \
                        multiply_adds, loads, latency, lanes, elements, folds, \
                        bytes, bits1, bits7b, bits7c, bits_extended, state)    \
  if (!has_all_bits(leaf1, bits1) || !has_all_bits(leaf7b, bits7b) ||          \
      !has_all_bits(leaf7c, bits7c) ||                                         \
      !has_all_bits(extended, bits_extended) || !has_all_bits(xcr0, state))    \
    return level;                                                              \
  level = MOBILEONE_ISA_##id;
#include "compiler/Machine/X86_64.def"
#undef MOBILEONE_LEVEL
  return level;
}

#elif defined(__aarch64__)

/* Every CPU has the lowest level. */
static inline uint32_t find_host_level(void) { return MOBILEONE_ISA_ARMV8_A; }

#elif defined(__wasm__)

/* What runs has the level that it was compiled for: an engine without it
 * refuses the whole module. */
static inline uint32_t find_host_level(void) {
  return MOBILEONE_ISA_WASM_RELAXED_SIMD;
}

#else

static inline uint32_t find_host_level(void) { return MOBILEONE_ISA_NONE; }

#endif

#endif /* MOBILEONE_COMPILER_MACHINE_FINDLEVEL_H */
