/* The ISA level that a call uses. Part of EntryPoints.c. */
#ifndef MOBILEONE_COMPILER_OBJECT_LEVELS_H
#define MOBILEONE_COMPILER_OBJECT_LEVELS_H

#include "compiler/Machine/FindLevel.h"
#include "compiler/Object/Sizes.h"

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

#endif /* MOBILEONE_COMPILER_OBJECT_LEVELS_H */
