/* OpenMP's threads for the parallel_for of a mobileone_call. */
#ifndef MOBILEONE_RUNTIME_OPENMP_RUN_H
#define MOBILEONE_RUNTIME_OPENMP_RUN_H

#include "mobileone.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * mobileone_openmp_run() is a mobileone_parallel_for whose 'user' points to the
 * number of workers, a uint32_t such as the call's own 'workers'; 0 means 1.
 * OpenMP may give fewer threads, so inside a parallel region, where it gives
 * one unless told to nest.  Returns 0.
 */
int mobileone_openmp_run(void *workers, uint32_t count, mobileone_task task,
                         void *context);

#ifdef __cplusplus
}
#endif

#endif /* MOBILEONE_RUNTIME_OPENMP_RUN_H */
