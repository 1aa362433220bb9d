// The adapters of runtime/ in one form, to test what they all promise.
#ifndef MOBILEONE_TEST_RUNTIME_ADAPTERS_H
#define MOBILEONE_TEST_RUNTIME_ADAPTERS_H

#include "runtime/serial_run.h"
#include "runtime/thread_pool.h"

#ifdef HAS_OPENMP
#include "runtime/openmp_run.h"
#endif
#ifdef HAS_PTHREADPOOL
#include "runtime/pthreadpool_run.h"
#include <pthreadpool.h>
#endif

namespace mobileone::test {

/// An adapter whose library was not found.
struct NotBuilt {
  static constexpr bool isBuilt = false;
  static constexpr bool refusesItsOwnTasks = false;
  static constexpr mobileone_parallel_for run = nullptr;
  explicit NotBuilt(uint32_t) {}
  void *user() { return nullptr; }
};

struct Serial {
  static constexpr const char *name = "Serial";
  static constexpr bool isBuilt = true;
  static constexpr bool refusesItsOwnTasks = false;
  static constexpr mobileone_parallel_for run = mobileone_serial_run;
  explicit Serial(uint32_t) {}
  void *user() { return nullptr; }
};

class ThreadPool {
public:
  static constexpr const char *name = "ThreadPool";
  static constexpr bool isBuilt = true;
  static constexpr bool refusesItsOwnTasks = true;
  static constexpr mobileone_parallel_for run = mobileone_thread_pool_run;
  explicit ThreadPool(uint32_t workers)
      : pool(mobileone_thread_pool_create(workers)) {}
  ThreadPool(const ThreadPool &) = delete;
  ~ThreadPool() { mobileone_thread_pool_destroy(pool); }
  void *user() { return pool; }

private:
  mobileone_thread_pool *pool;
};

#ifdef HAS_OPENMP
class OpenMP {
public:
  static constexpr const char *name = "OpenMP";
  static constexpr bool isBuilt = true;
  static constexpr bool refusesItsOwnTasks = false;
  static constexpr mobileone_parallel_for run = mobileone_openmp_run;
  explicit OpenMP(uint32_t workers) : workers(workers) {}
  void *user() { return &workers; }

private:
  uint32_t workers;
};
#else
struct OpenMP : NotBuilt {
  static constexpr const char *name = "OpenMP";
  using NotBuilt::NotBuilt;
};
#endif

#ifdef HAS_PTHREADPOOL
class Pthreadpool {
public:
  static constexpr const char *name = "Pthreadpool";
  static constexpr bool isBuilt = true;
  static constexpr bool refusesItsOwnTasks = true;
  static constexpr mobileone_parallel_for run = mobileone_pthreadpool_run;
  explicit Pthreadpool(uint32_t workers) : pool(pthreadpool_create(workers)) {}
  Pthreadpool(const Pthreadpool &) = delete;
  ~Pthreadpool() { pthreadpool_destroy(pool); }
  void *user() { return pool; }

private:
  pthreadpool_t pool;
};
#else
struct Pthreadpool : NotBuilt {
  static constexpr const char *name = "Pthreadpool";
  using NotBuilt::NotBuilt;
};
#endif

} // namespace mobileone::test

#endif // MOBILEONE_TEST_RUNTIME_ADAPTERS_H
