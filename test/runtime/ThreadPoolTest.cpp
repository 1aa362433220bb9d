// What a mobileone_parallel_for promises.
#include "runtime/thread_pool.h"

#include "gtest/gtest.h"

#include <atomic>
#include <thread>
#include <vector>

namespace {

struct Pool {
  explicit Pool(uint32_t workers)
      : pool(mobileone_thread_pool_create(workers)) {}
  ~Pool() { mobileone_thread_pool_destroy(pool); }
  mobileone_thread_pool *pool;
};

/// Counts how often each index runs, and whether a worker runs twice at once.
struct Counter {
  Counter(uint32_t count, uint32_t workers) : runs(count), active(workers) {}

  static void run(void *context, uint32_t index, uint32_t worker) {
    auto &self = *static_cast<Counter *>(context);
    if (worker >= self.active.size() || self.active[worker].exchange(true))
      self.isBroken = true;
    ++self.runs[index];
    if (worker < self.active.size())
      self.active[worker] = false;
  }

  std::vector<std::atomic<int>> runs;
  std::vector<std::atomic<bool>> active;
  std::atomic<bool> isBroken{false};
};

} // namespace

TEST(ThreadPoolTest, RunsEachIndexOnceOnAWorkerOfItsOwn) {
  for (uint32_t workers : {1, 2, 3, 8}) {
    Pool pool(workers);
    for (uint32_t count : {0, 1, 2, 7, 1000}) {
      Counter counter(count, workers);
      EXPECT_EQ(0, mobileone_thread_pool_run(pool.pool, count, Counter::run,
                                             &counter));
      for (const std::atomic<int> &runs : counter.runs)
        EXPECT_EQ(1, runs);
      EXPECT_FALSE(counter.isBroken);
    }
  }
}

TEST(ThreadPoolTest, RunsManyCallsInARow) {
  Pool pool(4);
  Counter counter(4, 4);
  for (int call = 0; call < 5000; ++call)
    mobileone_thread_pool_run(pool.pool, 4, Counter::run, &counter);
  for (const std::atomic<int> &runs : counter.runs)
    EXPECT_EQ(5000, runs);
  EXPECT_FALSE(counter.isBroken);
}

TEST(ThreadPoolTest, CallsOfSeveralThreadsTakeTurns) {
  Pool pool(3);
  Counter counter(100, 3);
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i)
    callers.emplace_back([&] {
      for (int call = 0; call < 50; ++call)
        mobileone_thread_pool_run(pool.pool, 100, Counter::run, &counter);
    });
  for (std::thread &caller : callers)
    caller.join();
  for (const std::atomic<int> &runs : counter.runs)
    EXPECT_EQ(200, runs);
  EXPECT_FALSE(counter.isBroken);
}

TEST(ThreadPoolTest, RefusesACallFromItsOwnTask) {
  Pool pool(2);
  struct Nested {
    mobileone_thread_pool *pool;
    std::atomic<int> refused{0};
  } nested{pool.pool};
  EXPECT_EQ(0, mobileone_thread_pool_run(
                   pool.pool, 3,
                   [](void *context, uint32_t, uint32_t) {
                     auto &self = *static_cast<Nested *>(context);
                     self.refused += mobileone_thread_pool_run(
                                         self.pool, 1, nullptr, nullptr) == -1;
                   },
                   &nested));
  EXPECT_EQ(3, nested.refused);
}

TEST(ThreadPoolTest, RefusesNoWorkers) {
  EXPECT_EQ(nullptr, mobileone_thread_pool_create(0));
  mobileone_thread_pool_destroy(nullptr);
}
