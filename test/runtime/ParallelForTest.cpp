// What a mobileone_parallel_for promises, for each adapter of runtime/.
#include "Adapters.h"

#include "gtest/gtest.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>
#ifdef HAS_OPENMP
#include <omp.h>
#endif

using namespace mobileone::test;

namespace {

/// Counts how often each index runs, and whether a worker runs twice at once.
struct Counter {
  Counter(uint32_t count, uint32_t workers) : runs(count), active(workers) {}

  static void run(void *context, uint32_t index, uint32_t worker) {
    auto &self = *static_cast<Counter *>(context);
    if (worker >= self.active.size() || self.active[worker].exchange(true))
      self.isBroken = true;
    ++self.runs[index];
    std::this_thread::yield(); // to whoever should not run
    if (worker < self.active.size())
      self.active[worker] = false;
  }

  /// Expects each index to have run `times` times.
  void check(int times) const {
    for (const std::atomic<int> &index : runs)
      EXPECT_EQ(times, index);
    EXPECT_FALSE(isBroken);
  }

  std::vector<std::atomic<int>> runs;
  std::vector<std::atomic<bool>> active;
  std::atomic<bool> isBroken{false};
};

template <typename Adapter>
class ParallelFor : public testing::Test {
protected:
  void SetUp() override {
    if (!Adapter::isBuilt)
      GTEST_SKIP() << "the library of this adapter was not found";
  }
};

struct AdapterNames {
  template <typename Adapter>
  static std::string GetName(int) {
    return Adapter::name;
  }
};
using Adapters = testing::Types<Serial, ThreadPool, OpenMP, Pthreadpool>;

} // namespace

TYPED_TEST_SUITE(ParallelFor, Adapters, AdapterNames);

TYPED_TEST(ParallelFor, runs_each_index_once_on_a_worker_of_its_own) {
  for (uint32_t workers : {1, 2, 3, 7, 8}) {
    TypeParam adapter(workers);
    for (uint32_t count : {0, 1, 2, 7, 1000}) {
      Counter counter(count, workers);
      EXPECT_EQ(0, adapter.run(adapter.user(), count, Counter::run, &counter));
      counter.check(1);
    }
  }
}

TYPED_TEST(ParallelFor, returns_when_all_is_done) {
  TypeParam adapter(4);
  for (int call = 0; call < 1000; ++call) {
    Counter counter(5, 4);
    adapter.run(adapter.user(), 5, Counter::run, &counter);
    counter.check(1);
  }
}

TYPED_TEST(ParallelFor, runs_calls_of_several_threads) {
  TypeParam adapter(3);
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i)
    callers.emplace_back([&] {
      for (int call = 0; call < 50; ++call) {
        Counter counter(100, 3);
        EXPECT_EQ(0, adapter.run(adapter.user(), 100, Counter::run, &counter));
        counter.check(1);
      }
    });
  for (std::thread &caller : callers)
    caller.join();
}

TYPED_TEST(ParallelFor, runs_or_refuses_a_call_from_a_task) {
  struct Nested {
    TypeParam adapter{3};
    std::atomic<int> calls{0};

    static void run(void *context, uint32_t, uint32_t) {
      auto &self = *static_cast<Nested *>(context);
      Counter counter(10, 3);
      const int status =
          self.adapter.run(self.adapter.user(), 10, Counter::run, &counter);
      EXPECT_EQ(TypeParam::refusesItsOwnTasks, status != 0);
      counter.check(/*times=*/status == 0 ? 1 : 0);
      ++self.calls;
    }
  } nested;
  EXPECT_EQ(0,
            nested.adapter.run(nested.adapter.user(), 6, Nested::run, &nested));
  EXPECT_EQ(6, nested.calls);
  // What was refused leaves the adapter as it was.
  Counter counter(10, 3);
  EXPECT_EQ(
      0, nested.adapter.run(nested.adapter.user(), 10, Counter::run, &counter));
  counter.check(1);
}

TYPED_TEST(ParallelFor, runs_a_call_from_a_task_of_another) {
  struct Nested {
    TypeParam outer{3};
    // One for each task: pools take turns.
    TypeParam inner[3] = {TypeParam(2), TypeParam(2), TypeParam(2)};

    static void run(void *context, uint32_t index, uint32_t) {
      TypeParam &inner = static_cast<Nested *>(context)->inner[index];
      Counter counter(10, 2);
      EXPECT_EQ(0, inner.run(inner.user(), 10, Counter::run, &counter));
      counter.check(1);
    }
  } nested;
  EXPECT_EQ(0, nested.outer.run(nested.outer.user(), 3, Nested::run, &nested));
}

namespace {

/// Waits for a second task, which only another worker can run meanwhile.
struct Meeting {
  static void run(void *context, uint32_t, uint32_t) {
    auto &self = *static_cast<Meeting *>(context);
    std::unique_lock<std::mutex> lock(self.mutex);
    ++self.present;
    self.changed.notify_all();
    self.changed.wait(lock, [&] { return self.present == 2; });
  }

  std::mutex mutex;
  std::condition_variable changed;
  uint32_t present = 0;
};

template <typename Adapter>
class ParallelForOnThreads : public ParallelFor<Adapter> {};
using AdaptersOfThreads = testing::Types<ThreadPool, OpenMP, Pthreadpool>;

} // namespace

TYPED_TEST_SUITE(ParallelForOnThreads, AdaptersOfThreads, AdapterNames);

TYPED_TEST(ParallelForOnThreads, runs_tasks_at_once) {
  TypeParam adapter(2);
  Meeting meeting;
  EXPECT_EQ(0, adapter.run(adapter.user(), 2, Meeting::run, &meeting));
  EXPECT_EQ(2u, meeting.present);
}

#ifdef HAS_OPENMP
/// What libomp keeps for each thread that has called it, when that has ended.
extern "C" const char *__lsan_default_suppressions() { return "leak:libomp"; }

TEST(OpenMP, gives_a_call_inside_a_region_workers_of_its_own) {
  const int levels = omp_get_max_active_levels();
  omp_set_max_active_levels(2);
  uint32_t workers = 2;
  const auto task = [](void *user, uint32_t, uint32_t) {
    Meeting meeting;
    EXPECT_EQ(0, mobileone_openmp_run(user, 2, Meeting::run, &meeting));
    Counter counter(100, 2);
    EXPECT_EQ(0, mobileone_openmp_run(user, 100, Counter::run, &counter));
    counter.check(1);
  };
  EXPECT_EQ(0, mobileone_openmp_run(&workers, 2, task, &workers));
  omp_set_max_active_levels(levels);
}

TEST(OpenMP, takes_no_workers_as_one) {
  uint32_t workers = 0;
  Counter counter(3, 1);
  EXPECT_EQ(0, mobileone_openmp_run(&workers, 3, Counter::run, &counter));
  counter.check(1);
}
#endif

#ifdef HAS_PTHREADPOOL
TEST(Pthreadpool, takes_no_pool_as_the_callers_thread) {
  Counter counter(3, 1);
  EXPECT_EQ(0, mobileone_pthreadpool_run(nullptr, 3, Counter::run, &counter));
  counter.check(1);
}
#endif

TEST(ThreadPool, has_the_workers_that_it_was_asked_for) {
  mobileone_thread_pool *pool = mobileone_thread_pool_create(3);
  ASSERT_TRUE(pool);
  EXPECT_EQ(3u, mobileone_thread_pool_workers(pool));
  mobileone_thread_pool_destroy(pool);
  mobileone_thread_pool_destroy(nullptr);
}
