/* Runs tasks on OpenMP's threads. */
#include "openmp_run.h"

#ifndef _OPENMP
#error "expects a compiler with OpenMP turned on, as by -fopenmp"
#endif
#include <omp.h>

int mobileone_openmp_run(void *workers, uint32_t count, mobileone_task task,
                         void *context) {
  const uint32_t most = *(const uint32_t *)workers;
  uint32_t threads = most < count ? most : count;
  if (threads < 1)
    threads = 1;
  /* The numbers of threads are those of this call's own team, in whatever
   * region it is. */
#pragma omp parallel for num_threads((int)threads) schedule(dynamic)
  for (uint32_t index = 0; index < count; ++index)
    task(context, index, (uint32_t)omp_get_thread_num());
  return 0;
}
