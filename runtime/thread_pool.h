/* A pool of threads for the parallel_for of a mobileone_call. */
#ifndef MOBILEONE_RUNTIME_THREAD_POOL_H
#define MOBILEONE_RUNTIME_THREAD_POOL_H

#include "mobileone.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mobileone_thread_pool mobileone_thread_pool;

/*
 * mobileone_thread_pool_create() starts workers - 1 threads: the thread that
 * calls mobileone_thread_pool_run() is worker 0.  Threads without work sleep.
 * 0 stands for as many workers as mobileone_usable_cores() says.  Returns null
 * if the system has no more threads or memory.
 */
mobileone_thread_pool *mobileone_thread_pool_create(uint32_t workers);

/* What the 'workers' of a call with this pool may be at most. */
uint32_t mobileone_thread_pool_workers(const mobileone_thread_pool *pool);

/*
 * mobileone_usable_cores() counts the cores that the calling thread may run on,
 * as its affinity says, but no more than the CPU quota of its control groups
 * (version 1 and 2, as containers have) keeps busy, rounded up.  At least 1.
 */
uint32_t mobileone_usable_cores(void);

/* Ends the threads; no call may be running. */
void mobileone_thread_pool_destroy(mobileone_thread_pool *pool);

/*
 * mobileone_thread_pool_run() is a mobileone_parallel_for whose 'user' is the
 * pool.  Calls from several threads take turns.  Returns 0, or -1 without
 * running anything if a task of the same pool calls it.
 */
int mobileone_thread_pool_run(void *pool, uint32_t count, mobileone_task task,
                              void *context);

#ifdef __cplusplus
}
#endif

#endif /* MOBILEONE_RUNTIME_THREAD_POOL_H */
