// Measures the multiply-add peak of the threads that a model runs on.
#include "Peak.h"
#include "PeakKernel.h"
#include "Stopwatch.h"

#include <algorithm>
#include <atomic>
#include <fmt/format.h>
#include <numeric>
#include <thread>
#include <vector>

using namespace llvm;

namespace mobileone::run {

double measurePeak(LoadedModel &model) {
  const uint32_t threads = model.threads();
  const mobileone_isa_level level = model.isa();
  std::vector<double> operations(threads), seconds(threads);
  std::atomic<uint32_t> arrived{0};
  std::atomic<bool> starts{false};
  Stopwatch watch;
  // Waking a thread takes as long as the kernel: all wait until the last one is
  // there. So each thread gets one index, too.
  model.parallelFor(threads, [&](uint32_t index) {
    if (++arrived == threads) {
      watch = Stopwatch();
      starts = true;
    }
    while (!starts)
      std::this_thread::yield();
    operations[index] = mobileone_peak_run(level);
    seconds[index] = watch.seconds();
  });
  return std::accumulate(operations.begin(), operations.end(), 0.0) /
         *std::max_element(seconds.begin(), seconds.end());
}

std::string describeThreads(uint32_t threads) {
  return threads == 1 ? "one thread" : fmt::format("{} threads", threads);
}

std::string describePeakOwner(uint32_t threads) {
  return threads == 1 ? "the core" : fmt::format("the {} threads", threads);
}

} // namespace mobileone::run
