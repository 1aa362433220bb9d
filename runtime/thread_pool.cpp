// A pool of threads that sleep when there is nothing to do.
#include "thread_pool.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <vector>

/// How often a call that is through looks whether the other threads are, before
/// it sleeps: to be woken takes longer than most last tasks.
static constexpr int kYields = 50;

struct mobileone_thread_pool {
  std::mutex turn; // held by the call that is running
  std::mutex mutex;
  std::condition_variable started, finished;
  uint64_t calls = 0; // counts the calls that were started
  bool ends = false;
  bool isOpen = false;         // threads may join the call
  std::atomic<size_t> busy{0}; // threads that have joined and not finished
  // The call.
  mobileone_task task = nullptr;
  void *context = nullptr;
  uint32_t count = 0;
  std::atomic<uint64_t> next{0}; // may pass the count, once a worker

  std::vector<std::thread> threads;

  void work(uint32_t worker);
  void serve(uint32_t worker);
  void join();
};

/// The pool whose task this thread is running.
static thread_local mobileone_thread_pool *current = nullptr;

/// Takes indices until there are none left.
void mobileone_thread_pool::work(uint32_t worker) {
  mobileone_thread_pool *outer = current;
  current = this;
  for (uint64_t index; (index = next.fetch_add(1)) < count;)
    task(context, static_cast<uint32_t>(index), worker);
  current = outer;
}

/// What a thread of the pool does.
void mobileone_thread_pool::serve(uint32_t worker) {
  uint64_t seen = 0;
  std::unique_lock<std::mutex> lock(mutex);
  while (true) {
    started.wait(lock, [&] { return ends || (isOpen && calls != seen); });
    if (ends)
      return;
    seen = calls;
    ++busy;
    lock.unlock();
    work(worker);
    lock.lock();
    if (--busy == 0)
      finished.notify_one();
  }
}

void mobileone_thread_pool::join() {
  {
    std::lock_guard<std::mutex> lock(mutex);
    ends = true;
  }
  started.notify_all();
  for (std::thread &thread : threads)
    thread.join();
}

mobileone_thread_pool *mobileone_thread_pool_create(uint32_t workers) {
  if (workers == 0)
    return nullptr;
  auto *pool = new (std::nothrow) mobileone_thread_pool;
  if (!pool)
    return nullptr;
  try {
    pool->threads.reserve(workers - 1);
    for (uint32_t worker = 1; worker < workers; ++worker)
      pool->threads.emplace_back([=] { pool->serve(worker); });
    return pool;
  } catch (const std::system_error &) { // no more threads
  } catch (const std::bad_alloc &) {
  }
  mobileone_thread_pool_destroy(pool);
  return nullptr;
}

void mobileone_thread_pool_destroy(mobileone_thread_pool *pool) {
  if (!pool)
    return;
  pool->join();
  delete pool;
}

int mobileone_thread_pool_run(void *user, uint32_t count, mobileone_task task,
                              void *context) {
  auto *pool = static_cast<mobileone_thread_pool *>(user);
  if (current == pool)
    return -1;
  std::lock_guard<std::mutex> turn(pool->turn);
  {
    std::lock_guard<std::mutex> lock(pool->mutex);
    pool->task = task;
    pool->context = context;
    pool->count = count;
    pool->next = 0;
    pool->isOpen = true;
    ++pool->calls;
  }
  pool->started.notify_all();
  pool->work(0);
  {
    // All is taken: nobody waits for threads that have not woken up.
    std::lock_guard<std::mutex> lock(pool->mutex);
    pool->isOpen = false;
  }
  for (int i = 0; i < kYields && pool->busy != 0; ++i)
    std::this_thread::yield();
  std::unique_lock<std::mutex> lock(pool->mutex);
  pool->finished.wait(lock, [&] { return pool->busy == 0; });
  return 0;
}
