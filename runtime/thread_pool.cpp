// A pool of threads that sleep when there is nothing to do.
#include "thread_pool.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <pthread.h>
#include <string>
#include <thread>
#include <unistd.h>
#ifdef __linux__
#include <sched.h>
#endif

/// How often a call that is through looks whether the other threads are, before
/// it sleeps: to be woken takes longer than most last tasks.
static constexpr int kYields = 50;

namespace {

/// One that the pool started. Not a std::thread, which throws where the system
/// has no more threads: apps may be built without exceptions.
struct Thread {
  mobileone_thread_pool *pool;
  uint32_t worker;
  pthread_t id;
};

} // namespace

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

  std::unique_ptr<Thread[]> threads;
  uint32_t threadCount = 0;

  bool start(uint32_t count);
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

/// Whether all threads could be started.
bool mobileone_thread_pool::start(uint32_t count) {
  threads.reset(new (std::nothrow) Thread[count]);
  if (!threads)
    return false;
  for (; threadCount < count; ++threadCount) {
    Thread &thread = threads[threadCount];
    thread.pool = this;
    thread.worker = threadCount + 1;
    const auto run = [](void *self) -> void * {
      auto *thread = static_cast<Thread *>(self);
      thread->pool->serve(thread->worker);
      return nullptr;
    };
    if (pthread_create(&thread.id, nullptr, run, &thread))
      return false;
  }
  return true;
}

void mobileone_thread_pool::join() {
  {
    std::lock_guard<std::mutex> lock(mutex);
    ends = true;
  }
  started.notify_all();
  for (uint32_t i = 0; i < threadCount; ++i)
    pthread_join(threads[i].id, nullptr);
}

mobileone_thread_pool *mobileone_thread_pool_create(uint32_t workers) {
  if (workers == 0)
    workers = mobileone_usable_cores();
  auto *pool = new (std::nothrow) mobileone_thread_pool;
  if (!pool || pool->start(workers - 1))
    return pool;
  mobileone_thread_pool_destroy(pool);
  return nullptr;
}

uint32_t mobileone_thread_pool_workers(const mobileone_thread_pool *pool) {
  return pool->threadCount + 1;
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

//===----------------------------------------------------------------------===//
// How many cores a process may use
//===----------------------------------------------------------------------===//

/// The cores that may run this thread; 0 where the system does not say.
static uint32_t countAffinity() {
#ifdef __linux__
  // The kernel refuses a set that is too small for its CPUs.
  for (int cpus = CPU_SETSIZE; cpus <= 64 * CPU_SETSIZE; cpus *= 2) {
    const size_t bytes = CPU_ALLOC_SIZE(cpus);
    cpu_set_t *set = CPU_ALLOC(cpus);
    if (!set)
      break;
    const bool isKnown = sched_getaffinity(0, bytes, set) == 0;
    const int count = isKnown ? CPU_COUNT_S(bytes, set) : 0;
    CPU_FREE(set);
    if (isKnown)
      return static_cast<uint32_t>(count);
  }
#endif
  const long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? static_cast<uint32_t>(online) : 0;
}

/// The numbers that a file begins with; those that are not there are 0.
static std::array<long long, 2> readNumbers(const std::string &path) {
  std::array<long long, 2> numbers = {};
  if (FILE *file = std::fopen(path.c_str(), "r")) {
    if (std::fscanf(file, "%lld %lld", &numbers[0], &numbers[1]) < 1)
      numbers = {};
    std::fclose(file);
  }
  return numbers;
}

/// What one control group allows, rounded up.
static uint32_t readGroup(const std::string &folder) {
  auto [quota, period] = readNumbers(folder + "/cpu.max"); // or "max 100000"
  if (quota <= 0 || period <= 0) {                         // version 1
    quota = readNumbers(folder + "/cpu.cfs_quota_us")[0];  // -1: all
    period = readNumbers(folder + "/cpu.cfs_period_us")[0];
  }
  if (quota <= 0 || period <= 0)
    return UINT32_MAX;
  return static_cast<uint32_t>(
      std::min<long long>((quota - 1) / period + 1, UINT32_MAX));
}

/// The least that a group below `mount` and those around it allow. In a
/// container a group may be the root, whatever its path says.
static uint32_t readGroups(const std::string &mount, std::string group) {
  uint32_t least = readGroup(mount);
  for (; !group.empty(); group.resize(group.find_last_of('/')))
    least = std::min(least, readGroup(mount + group));
  return least;
}

/// What the quota alone allows, UINT32_MAX where there is none. `root` stands
/// before the names of the system's files; tests, which declare this function,
/// give a folder of their own.
extern "C" uint32_t mobileone_cores_of_quota(const char *root);
uint32_t mobileone_cores_of_quota(const char *root) {
  const std::string groups = std::string(root) + "/sys/fs/cgroup";
  uint32_t least = UINT32_MAX;
  FILE *file =
      std::fopen((root + std::string("/proc/self/cgroup")).c_str(), "r");
  if (!file)
    return least;
  char line[4096]; // "0::/a/b" of version 2, or "3:cpu,cpuacct:/a/b"
  while (std::fgets(line, sizeof line, file)) {
    const std::string text(line, std::strcspn(line, "\n"));
    const size_t first = text.find(':'), second = text.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos)
      continue;
    const std::string controllers =
        "," + text.substr(first + 1, second - first - 1) + ",";
    const std::string group =
        text.substr(std::min(text.find('/', second), text.size()));
    const bool isOne = controllers != ",,";
    if (isOne && controllers.find(",cpu,") == std::string::npos)
      continue;
    for (const char *mount :
         {isOne ? "/cpu" : "", isOne ? "/cpu,cpuacct" : "/unified"})
      least = std::min(least, readGroups(groups + mount, group));
  }
  std::fclose(file);
  return least;
}

uint32_t mobileone_usable_cores() {
  return std::max(1u, std::min(countAffinity(), mobileone_cores_of_quota("")));
}
