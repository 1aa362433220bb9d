/* Which ISA level the CPU, the operating system and the object have. Part of
 * EntryPoints.c. */
#ifndef MOBILEONE_COMPILER_TARGET_LEVELS_H
#define MOBILEONE_COMPILER_TARGET_LEVELS_H

#include "compiler/Target/Sizes.h"

#include <cpuid.h>

static int has_all(uint32_t word, uint32_t bits) {
  return (word & bits) == bits;
}

static uint32_t read_xcr0(void) {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

/* The highest level of the CPU and the operating system. */
static uint32_t find_host_level(void) {
  const uint32_t v2 = bit_SSE3 | bit_SSSE3 | bit_CMPXCHG16B | bit_SSE41 |
                      bit_SSE42 | bit_POPCNT;
  const uint32_t v3 = bit_FMA | bit_MOVBE | bit_OSXSAVE | bit_AVX | bit_F16C;
  const uint32_t v3_leaf7 = bit_BMI | bit_AVX2 | bit_BMI2;
  const uint32_t v4_leaf7 =
      bit_AVX512F | bit_AVX512DQ | bit_AVX512CD | bit_AVX512BW | bit_AVX512VL;
  /* XCR0: SSE and AVX; and opmask, upper halves and upper registers. */
  const uint32_t avx_state = 0x06, avx512_state = 0xe6;
  uint32_t eax, ebx, ecx, edx, leaf7, extended;

  if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !has_all(ecx, v2))
    return MOBILEONE_ISA_NONE;
  /* OSXSAVE is among the bits: xgetbv is allowed. */
  if (!has_all(ecx, v3) || !has_all(read_xcr0(), avx_state) ||
      !__get_cpuid_count(7, 0, &eax, &leaf7, &ecx, &edx) ||
      !__get_cpuid(0x80000001, &eax, &ebx, &extended, &edx) ||
      !has_all(leaf7, v3_leaf7) || !has_all(extended, bit_LZCNT))
    return MOBILEONE_ISA_X86_64_V2;
  if (!has_all(leaf7, v4_leaf7) || !has_all(read_xcr0(), avx512_state))
    return MOBILEONE_ISA_X86_64_V3;
  return MOBILEONE_ISA_X86_64_V4;
}

/* The best level: 0 not looked for yet, 1 none. */
static uint32_t best_level;

static int has_code_for(uint32_t level) {
  return level < 32 && (model_info.isa_levels >> level & 1);
}

/* P_isa: the level of the code that runs here, 0 where the CPU lacks it. */
uint32_t isa(void) {
  uint32_t level = __atomic_load_n(&best_level, __ATOMIC_RELAXED);
  if (!level) {
    /* Threads that come here at once store the same word. */
    level = find_host_level();
    while (level > 1 && !has_code_for(level))
      --level;
    if (!level)
      level = 1;
    __atomic_store_n(&best_level, level, __ATOMIC_RELAXED);
  }
  return level == 1 ? MOBILEONE_ISA_NONE : level;
}

#endif /* MOBILEONE_COMPILER_TARGET_LEVELS_H */
