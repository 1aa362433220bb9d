// Times functions that do the same work on the same buffers.
#include "compiler/Tuning/KernelTimer.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/Support/MathExtras.h"

#include <chrono>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <limits>
#include <new>
#include <random>

using namespace llvm;
using namespace mobileone;
using Clock = std::chrono::steady_clock;

/// Each buffer starts at a cache line, as in the arena.
static constexpr size_t kAlignment = 64;
/// Weights take turns in more memory than a second-level cache has: in a
/// network no layer finds its own there.
static constexpr size_t kWeightMemory = size_t{8} << 20;
/// A sum of floats in another order changes the last digits, as Strassen's
/// algorithm does: of 16384 channels by 1.2e-5 of the largest. Whoever computes
/// something else is further away.
static constexpr float kTolerance = 1e-4F;
/// What is timed at a time lasts so long that reading the clock does not count.
static constexpr double kSampleSeconds = 20e-6;
static constexpr unsigned kRounds = 40;
/// After so many rounds, only those stay that may still become the fastest.
static constexpr unsigned kTrialRounds = 5;
static constexpr double kHopeless = 1.1;

void KernelTimer::Free::operator()(char *memory) const {
  ::operator delete(memory, std::align_val_t{kAlignment});
}

KernelTimer::Memory KernelTimer::allocate(size_t bytes) {
  return Memory(static_cast<char *>(::operator new(
      std::max(bytes, kAlignment), std::align_val_t{kAlignment})));
}

/// Values whose sums grow: what is computed from results again and again, in
/// place, becomes infinite, which costs no time, and not denormal, which does.
static void fill(const KernelBuffer &buffer, void *memory,
                 std::minstd_rand &random) {
  if (!buffer.isFloat) {
    auto *bytes = static_cast<char *>(memory);
    for (size_t i = 0; i != buffer.bytes; ++i)
      bytes[i] = static_cast<char>(random());
    return;
  }
  auto *values = static_cast<float *>(memory);
  std::uniform_real_distribution<float> distribution(-1, 1);
  for (size_t i = 0; i != buffer.bytes / sizeof(float); ++i)
    values[i] = distribution(random);
}

KernelTimer::KernelTimer(ArrayRef<KernelBuffer> buffers) : buffers(buffers) {
  size_t activationBytes = 0;
  for (const KernelBuffer &buffer : buffers) {
    size_t &end = buffer.isWeights ? weightBytes : activationBytes;
    offsets.push_back(end);
    end += alignTo(buffer.bytes, kAlignment);
  }
  if (weightBytes)
    weightCopies = divideCeil(kWeightMemory, weightBytes);
  activations = allocate(activationBytes);
  weights = allocate(weightCopies * weightBytes);
  std::minstd_rand random;
  for (auto [buffer, offset] : zip_equal(buffers, offsets)) {
    pointers.push_back(buffer.number
                           ? reinterpret_cast<void *>(*buffer.number)
                           : (buffer.isWeights ? weights : activations).get() +
                                 offset);
    if (buffer.isWeights)
      fill(buffer, pointers.back(), random);
  }
  for (size_t copy = 1; copy < weightCopies; ++copy)
    std::memcpy(weights.get() + copy * weightBytes, weights.get(), weightBytes);
  fillActivations();
}

void KernelTimer::fillActivations() {
  std::minstd_rand random;
  for (auto [buffer, pointer] : zip_equal(buffers, pointers))
    if (!buffer.isWeights)
      fill(buffer, pointer, random);
}

void KernelTimer::call(Kernel *kernel) {
  for (auto [pointer, buffer, offset] : zip_equal(pointers, buffers, offsets))
    if (buffer.isWeights)
      pointer = weights.get() + nextCopy * weightBytes + offset;
  nextCopy = (nextCopy + 1) % weightCopies;
  kernel(pointers.data());
}

Error KernelTimer::compare(ArrayRef<Kernel *> kernels) {
  size_t count = buffers.back().bytes / sizeof(float);
  auto *result = static_cast<const float *>(pointers.back());
  std::vector<float> expected;
  float largest = 0;
  for (auto [index, kernel] : enumerate(kernels)) {
    // What a kernel leaves out is then what no other kernel computes.
    fillActivations();
    call(kernel);
    if (index == 0) {
      expected.assign(result, result + count);
      for (float value : expected)
        largest = std::max(largest, std::abs(value));
    }
    for (size_t i = 0; i != count; ++i)
      // Written so that a NaN is different.
      if (!(std::abs(result[i] - expected[i]) <= kTolerance * largest))
        return createStringError(
            fmt::format("kernel {} computes {} as element {}, but the first "
                        "one {}",
                        index, result[i], i, expected[i]));
  }
  return Error::success();
}

double KernelTimer::measureCall(Kernel *kernel, unsigned calls) {
  Clock::time_point start = Clock::now();
  for (unsigned i = 0; i != calls; ++i)
    call(kernel);
  return std::chrono::duration<double>(Clock::now() - start).count() / calls;
}

SmallVector<double> KernelTimer::measure(ArrayRef<Kernel *> kernels) {
  // The clock may stand still during one call.
  double seconds = std::max(1e-9, measureCall(kernels.front(), 1));
  auto calls = static_cast<unsigned>(std::ceil(kSampleSeconds / seconds));
  SmallVector<double> best(kernels.size(),
                           std::numeric_limits<double>::infinity());
  auto order = to_vector(seq<size_t>(0, kernels.size()));
  std::minstd_rand random;
  for (unsigned round = 0; round != kRounds; ++round) {
    std::shuffle(order.begin(), order.end(), random);
    for (size_t i : order) {
      if (round >= kTrialRounds && best[i] > kHopeless * *min_element(best))
        continue;
      best[i] = std::min(best[i], measureCall(kernels[i], calls));
    }
  }
  return best;
}
