/* The parallel_for of a mobileone_call that has one thread. */
#ifndef MOBILEONE_RUNTIME_SERIAL_RUN_H
#define MOBILEONE_RUNTIME_SERIAL_RUN_H

#include "mobileone.h"

/*
 * mobileone_serial_run() is a mobileone_parallel_for that runs the tasks in
 * order on the caller's thread, as worker 0.  'user' is not used.  Returns 0.
 */
static inline int mobileone_serial_run(void *user, uint32_t count,
                                       mobileone_task task, void *context) {
  (void)user;
  for (uint32_t index = 0; index < count; ++index)
    task(context, index, 0);
  return 0;
}

#endif /* MOBILEONE_RUNTIME_SERIAL_RUN_H */
