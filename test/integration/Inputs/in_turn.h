/* A parallel_for on the caller's thread, as kWorkers workers. */
#ifndef IN_TURN_H
#define IN_TURN_H

static int in_turn(void *user, uint32_t count, mobileone_task task,
                   void *context) {
  uint32_t i;
  (void)user;
  for (i = 0; i < count; ++i)
    task(context, i, i % kWorkers);
  return 0;
}

#endif /* IN_TURN_H */
