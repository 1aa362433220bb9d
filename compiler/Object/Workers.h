/* How workers share the layers of one image. Part of EntryPoints.c.
 *
 * The tasks of one parallel_for meet here without waiting for each other to
 * start: they may run at once or in turn. The first to start leads: it walks
 * through the network, and publishes each layer that can be shared. The leader
 * and whoever else has come take shares of it until none is left, then the
 * leader goes on. Shares hold whole units, which the compiler chose, so that
 * the bits of the result do not depend on who takes which, or on how many. */
#ifndef MOBILEONE_COMPILER_OBJECT_WORKERS_H
#define MOBILEONE_COMPILER_OBJECT_WORKERS_H

#include "compiler/Contract/Contract.h"
#include "compiler/Object/Processor.h"

enum {
  kMostShares = 48,    /* of one layer: bits of `taken` beside its number */
  kPatience = 1 << 16, /* pauses without a share after which a worker leaves */
};
static const uint64_t kShareMask = ((uint64_t)1 << kMostShares) - 1;

struct team {
  uint32_t workers;
  char *blocks; /* of the workers from 1 on, and of the shares from 0 on */
  size_t block_bytes;
  uint32_t has_leader;

  /* The layer on its way, in one cache line. It changes only when all shares of
   * the one before are done. */
  _Alignas(64) uint64_t taken; /* a bit per share, the layer's number above */
  part_function *part;
  const uint64_t *operands;
  uint64_t units;
  uint32_t shares;
  uint32_t done; /* shares */
  uint32_t ends; /* the leader is through */
};

/* Runs one share of the layer, if there is one left: its own part of the
 * image, which its cache may hold from the layer before, or the next one. */
static int run_share(struct team *team, uint32_t worker) {
  uint64_t taken = __atomic_load_n(&team->taken, __ATOMIC_ACQUIRE), left;
  part_function *part;
  const uint64_t *operands;
  uint64_t units;
  uint32_t shares, share;
  do {
    left = ~taken & kShareMask;
    if (!left)
      return 0;
    /* Of another layer if the leader is about to publish it; then `taken` is
     * another one, too. */
    part = __atomic_load_n(&team->part, __ATOMIC_RELAXED);
    operands = __atomic_load_n(&team->operands, __ATOMIC_RELAXED);
    units = __atomic_load_n(&team->units, __ATOMIC_RELAXED);
    shares = __atomic_load_n(&team->shares, __ATOMIC_RELAXED);
    share = (uint32_t)((uint64_t)worker * shares / team->workers) % kMostShares;
    while (!(left >> share & 1))
      share = (share + 1) % kMostShares;
  } while (!__atomic_compare_exchange_n(
      &team->taken, &taken, taken | (uint64_t)1 << share, /*weak=*/1,
      __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE));
  part(operands, units * share / shares, units * (share + 1) / shares,
       worker ? team->blocks + (worker - 1) * team->block_bytes : 0,
       share + 1 < team->workers ? team->blocks + share * team->block_bytes
                                 : 0);
  __atomic_fetch_add(&team->done, 1, __ATOMIC_RELEASE);
  return 1;
}

/* Has a layer computed, in `per_worker` shares for each worker if there are so
 * many. */
static void share_layer(struct team *team, uint32_t worker, part_function *part,
                        const uint64_t *operands, uint64_t units,
                        uint32_t per_worker) {
  const uint32_t most = kMostShares / team->workers;
  per_worker = per_worker < most ? per_worker : most ? most : 1;
  uint64_t shares = (uint64_t)team->workers * per_worker;
  shares = shares < units ? shares : units;
  shares = shares < kMostShares ? shares : kMostShares;
  __atomic_store_n(&team->part, part, __ATOMIC_RELAXED);
  __atomic_store_n(&team->operands, operands, __ATOMIC_RELAXED);
  __atomic_store_n(&team->units, units, __ATOMIC_RELAXED);
  __atomic_store_n(&team->shares, (uint32_t)shares, __ATOMIC_RELAXED);
  __atomic_store_n(&team->done, 0, __ATOMIC_RELAXED);
  const uint64_t number =
      (__atomic_load_n(&team->taken, __ATOMIC_RELAXED) >> kMostShares) + 1;
  __atomic_store_n(&team->taken,
                   number << kMostShares | (kShareMask >> shares << shares),
                   __ATOMIC_RELEASE);
  while (run_share(team, worker)) {
  }
  while (__atomic_load_n(&team->done, __ATOMIC_ACQUIRE) != shares)
    wait_briefly();
}

/* Works with the leader until it is through. Leaves earlier where there is
 * nothing to do for long: the leader needs nobody. */
static void help(struct team *team, uint32_t worker) {
  for (uint32_t pauses = 0; pauses < kPatience; ++pauses) {
    while (run_share(team, worker))
      pauses = 0;
    if (__atomic_load_n(&team->ends, __ATOMIC_ACQUIRE))
      return;
    wait_briefly();
  }
}

#endif /* MOBILEONE_COMPILER_OBJECT_WORKERS_H */
