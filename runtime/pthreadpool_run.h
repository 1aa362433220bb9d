/* The pthreadpool library for the parallel_for of a mobileone_call. */
#ifndef MOBILEONE_RUNTIME_PTHREADPOOL_RUN_H
#define MOBILEONE_RUNTIME_PTHREADPOOL_RUN_H

#include "mobileone.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * mobileone_pthreadpool_run() is a mobileone_parallel_for whose 'user' is a
 * pthreadpool_t, of pthreadpool_get_threads_count() workers; null stands for
 * the caller's thread.  Calls from several threads take turns.  Returns 0, or
 * -1 without running anything if a task of the same pool calls it.
 */
int mobileone_pthreadpool_run(void *pool, uint32_t count, mobileone_task task,
                              void *context);

#ifdef __cplusplus
}
#endif

#endif /* MOBILEONE_RUNTIME_PTHREADPOOL_RUN_H */
