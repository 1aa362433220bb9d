/* The multiply-add peak of one core or several, for bench.py: the kernel of
 * mobileone-run with the widest vectors that this CPU has. */
#include "compiler/Machine/FindLevel.h"
#include "tools/mobileone-run/PeakKernel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <time.h>

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + 1e-9 * now.tv_nsec;
}

struct runner {
  pthread_t thread;
  atomic_uint *missing; /* runners that are not there yet */
  double start, end, operations;
};

/* Starting a thread takes as long as the kernel: all wait for the last one. */
static void *run(void *argument) {
  struct runner *runner = argument;
  /* Asking a virtual machine's CPU takes a tenth of what is timed. */
  mobileone_isa_level level = (mobileone_isa_level)find_host_level();
  atomic_fetch_sub(runner->missing, 1);
  while (atomic_load(runner->missing))
    sched_yield();
  runner->start = seconds();
  runner->operations = mobileone_peak_run(level);
  runner->end = seconds();
  return 0;
}

/* Floating-point operations per second of one run on each of the threads at
 * once, less than a millisecond; 0 where there is no kernel for this machine,
 * or no more threads. */
double bench_peak(unsigned threads) {
  struct runner runners[threads];
  atomic_uint missing = threads;
  unsigned started = 1; /* the caller */
  for (unsigned i = 0; i < threads; ++i)
    runners[i].missing = &missing;
  while (started < threads &&
         !pthread_create(&runners[started].thread, 0, run, &runners[started]))
    ++started;
  atomic_fetch_sub(&missing, threads - started);
  run(&runners[0]);

  double start = runners[0].start, end = runners[0].end;
  double operations = runners[0].operations;
  for (unsigned i = 1; i < started; ++i) {
    pthread_join(runners[i].thread, 0);
    operations += runners[i].operations;
    start = runners[i].start < start ? runners[i].start : start;
    end = runners[i].end > end ? runners[i].end : end;
  }
  return started < threads ? 0 : operations / (end - start);
}
