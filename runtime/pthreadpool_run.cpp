// Runs tasks on the threads of a pthreadpool.
#include "pthreadpool_run.h"

#include <algorithm>
#include <atomic>
#include <pthreadpool.h>

namespace {

struct Call {
  pthreadpool_t pool;
  mobileone_task task;
  void *context;
  uint32_t count;
  std::atomic<uint64_t> next{0}; // may pass the count, once a worker
};

} // namespace

/// The pool whose task this thread is running.
static thread_local pthreadpool_t current = nullptr;

/// Takes indices until there are none left.
static void work(void *context, size_t worker) {
  auto &call = *static_cast<Call *>(context);
  const pthreadpool_t outer = current;
  current = call.pool;
  for (uint64_t index; (index = call.next.fetch_add(1)) < call.count;)
    call.task(call.context, static_cast<uint32_t>(index),
              static_cast<uint32_t>(worker));
  current = outer;
}

int mobileone_pthreadpool_run(void *user, uint32_t count, mobileone_task task,
                              void *context) {
  auto pool = static_cast<pthreadpool_t>(user);
  if (pool && current == pool)
    return -1;
  Call call{pool, task, context, count};
  // pthreadpool does not say which thread runs an item. So its items are the
  // workers: each runs once, on one thread.
  const size_t workers =
      std::min<size_t>(count, pthreadpool_get_threads_count(pool));
  // A call is an image or more, next to which waking threads takes no time;
  // threads that spin until the next call would take it from others.
  pthreadpool_parallelize_1d(pool, work, &call, workers,
                             PTHREADPOOL_FLAG_YIELD_WORKERS);
  return 0;
}
