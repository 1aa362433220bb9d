/* Shares layers between threads that ThreadSanitizer watches. */
#include "compiler/Object/Workers.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { kUnits = 60, kLayers = 1000, kWorkers = 3 };

static void check(int condition, const char *what) {
  if (condition)
    return;
  printf("expects %s\n", what);
  exit(1);
}

/* A team, and the threads that help. */
static struct team team = {.workers = kWorkers, .taken = (1ull << 48) - 1};
static pthread_t threads[kWorkers];
static int helped[kWorkers], left; /* atomic */

static _Thread_local uint32_t self;

static void *run_helper(void *worker) {
  self = (uint32_t)(uintptr_t)worker;
  help(&team, self);
  __atomic_fetch_add(&left, 1, __ATOMIC_RELEASE);
  return NULL;
}

/* The leader's share lasts until each helper has begun one, or left. */
static void wait_for_helpers(const uint64_t *operands, uint64_t begin,
                             uint64_t end, char *worker_block,
                             char *share_block) {
  (void)operands, (void)end, (void)worker_block, (void)share_block;
  __atomic_store_n(&helped[self], 1, __ATOMIC_RELEASE);
  if (begin == 0)
    for (uintptr_t i = 1; i < kWorkers; ++i)
      check(!pthread_create(&threads[i], NULL, run_helper, (void *)i),
            "a thread");
  for (int i = 1; i < kWorkers; ++i)
    while (!__atomic_load_n(&helped[i], __ATOMIC_ACQUIRE) &&
           !__atomic_load_n(&left, __ATOMIC_ACQUIRE)) {
    }
}

/* Plain memory: each unit is made of two of the layer before, which other
 * workers may have computed. Notes whose blocks it was given. */
static void add_neighbours(const uint64_t *operands, uint64_t begin,
                           uint64_t end, char *worker_block,
                           char *share_block) {
  const uint32_t *from = (const uint32_t *)(uintptr_t)operands[0];
  uint32_t *to = (uint32_t *)(uintptr_t)operands[1];
  for (uint64_t i = begin; i < end; ++i)
    to[i] = from[i] + 3 * from[(i + 17) % kUnits];
  check(worker_block == (self ? team.blocks + (self - 1) * 64 : NULL),
        "the worker's block");
  check(!share_block || (share_block - team.blocks) % 64 == 0,
        "a block of shares");
  if (worker_block)
    ++*(uint32_t *)(void *)worker_block; /* nobody else's */
}

int main(void) {
  static uint32_t buffers[2][kUnits], expected[2][kUnits];
  static char blocks[64 * (kWorkers - 1)];
  for (uint32_t i = 0; i < kUnits; ++i)
    buffers[0][i] = expected[0][i] = i;
  team.blocks = blocks;
  team.block_bytes = 64;

  share_layer(&team, 0, wait_for_helpers, NULL, kWorkers, 1);
  for (int i = 0; i < kWorkers; ++i)
    check(helped[i], "that every worker has a share");
  for (int layer = 0; layer < kLayers; ++layer) {
    const uint64_t operands[] = {(uintptr_t)buffers[layer % 2],
                                 (uintptr_t)buffers[1 - layer % 2]};
    share_layer(&team, 0, add_neighbours, operands, kUnits, 3);
    const uint64_t serial[] = {(uintptr_t)expected[layer % 2],
                               (uintptr_t)expected[1 - layer % 2]};
    add_neighbours(serial, 0, kUnits, NULL, NULL);
  }
  __atomic_store_n(&team.ends, 1, __ATOMIC_RELEASE);
  for (int i = 1; i < kWorkers; ++i)
    pthread_join(threads[i], NULL);
  for (int i = 0; i < kUnits; ++i)
    check(buffers[kLayers % 2][i] == expected[kLayers % 2][i],
          "what one worker computes");

  /* Alone, and with fewer units than workers. */
  struct team crowd = {.workers = 100, .taken = (1ull << 48) - 1};
  const uint64_t operands[] = {(uintptr_t)buffers[0], (uintptr_t)buffers[1]};
  share_layer(&crowd, 0, add_neighbours, operands, 2, 3);
  share_layer(&crowd, 0, add_neighbours, operands, kUnits, 3);
  check(crowd.shares == 48, "48 shares at most");
  printf("%d layers, each helper had a share\n", kLayers);
  return 0;
}
