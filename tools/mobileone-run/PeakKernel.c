/* Measures the multiply-add peak of one core: as many independent chains as
 * the registers allow, so that only the arithmetic units are the limit. */
#include "PeakKernel.h"

#if defined(__x86_64__)

enum { ROUNDS = 40000 };

/* Accumulators are registers 0 ... n - 1; the two highest registers that a
 * kernel uses are the factors.  All hold zero: no operand is denormal. */
#define REPEAT7(OP) OP(0) OP(1) OP(2) OP(3) OP(4) OP(5) OP(6)
#define REPEAT12(OP) REPEAT7(OP) OP(7) OP(8) OP(9) OP(10) OP(11)
#define REPEAT24(OP)                                                           \
  REPEAT12(OP)                                                                 \
  OP(12)                                                                       \
  OP(13) OP(14) OP(15) OP(16) OP(17) OP(18) OP(19) OP(20) OP(21) OP(22) OP(23)

#define XMM_0_15                                                               \
  "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8",      \
      "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15"

/* 24 chains cover a latency of 4 cycles on two units, and more. */
static double run_avx512(void) {
#define CLEAR(n) "vpxorq %%zmm" #n ",%%zmm" #n ",%%zmm" #n "\n"
#define FMA(n) "vfmadd231ps %%zmm30,%%zmm31,%%zmm" #n "\n"
  long rounds = ROUNDS;
  __asm__ volatile(REPEAT24(CLEAR) CLEAR(30) CLEAR(31) "1:\n" REPEAT24(
                       FMA) "dec %0\njnz 1b\nvzeroupper\n"
                   : "+r"(rounds)
                   :
                   : XMM_0_15, "cc"
#if defined(__AVX512F__)
                     ,
                     "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21",
                     "xmm22", "xmm23", "xmm30", "xmm31"
#endif
  );
#undef CLEAR
#undef FMA
  return ROUNDS * 24.0 * 16 * 2;
}

/* Of 16 registers, 12 chains cover a latency of 5 cycles on two units. */
static double run_avx2(void) {
#define CLEAR(n) "vxorps %%ymm" #n ",%%ymm" #n ",%%ymm" #n "\n"
#define FMA(n) "vfmadd231ps %%ymm14,%%ymm15,%%ymm" #n "\n"
  long rounds = ROUNDS;
  __asm__ volatile(REPEAT12(CLEAR) CLEAR(14) CLEAR(15) "1:\n" REPEAT12(
                       FMA) "dec %0\njnz 1b\nvzeroupper\n"
                   : "+r"(rounds)
                   :
                   : XMM_0_15, "cc");
#undef CLEAR
#undef FMA
  return ROUNDS * 12.0 * 8 * 2;
}

/* Without FMA, a multiply-add is a multiply and an add: 7 chains of each. */
static double run_sse(void) {
#define CLEAR(n) "xorps %%xmm" #n ",%%xmm" #n "\n"
#define MULTIPLY(n) "mulps %%xmm15,%%xmm" #n "\n"
#define ADD(n) "addps %%xmm15,%%xmm" #n "\n"
  long rounds = ROUNDS;
  __asm__ volatile(REPEAT12(CLEAR) CLEAR(12) CLEAR(13)
                       CLEAR(15) "1:\n" REPEAT7(MULTIPLY) ADD(7) ADD(8) ADD(9)
                           ADD(10) ADD(11) ADD(12) ADD(13) "dec %0\njnz 1b\n"
                   : "+r"(rounds)
                   :
                   : XMM_0_15, "cc");
#undef CLEAR
#undef MULTIPLY
#undef ADD
  return ROUNDS * 14.0 * 4;
}

static uint32_t get_vector_bits(mobileone_isa_level level) {
  switch (level) {
#define MOBILEONE_LEVEL(id, name, suffix, cpu, features, bits, ...)            \
  case MOBILEONE_ISA_##id:                                                     \
    return bits;
#include "compiler/Machine/X86_64.def"
#undef MOBILEONE_LEVEL
  default:
    return 0;
  }
}

double mobileone_peak_run(mobileone_isa_level level) {
  switch (get_vector_bits(level)) {
  case 512:
    return run_avx512();
  case 256:
    return run_avx2();
  case 128:
    return run_sse();
  default:
    return 0;
  }
}

#else

double mobileone_peak_run(mobileone_isa_level level) {
  (void)level;
  return 0;
}

#endif
