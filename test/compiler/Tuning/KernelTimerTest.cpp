// Kernels that are timed get the buffers that a network would give them, and
// one that computes something else is an error.
#include "compiler/Tuning/KernelTimer.h"

#include "gtest/gtest.h"

#include <cmath>
#include <set>

using namespace mobileone;

namespace {

constexpr size_t kCount = 64;
constexpr size_t kBytes = kCount * sizeof(float);
constexpr KernelBuffer kActivations{/*isWeights=*/false, /*isFloat=*/true,
                                    kBytes};
constexpr KernelBuffer kWeights{/*isWeights=*/true, /*isFloat=*/true, kBytes};

const float *getInput(void *const *buffers) {
  return static_cast<const float *>(buffers[0]);
}
float *getResult(void *const *buffers) {
  return static_cast<float *>(buffers[1]);
}

void copy(void *const *buffers) {
  for (size_t i = 0; i != kCount; ++i)
    getResult(buffers)[i] = getInput(buffers)[i];
}

void copyInexactly(void *const *buffers) {
  for (size_t i = 0; i != kCount; ++i)
    getResult(buffers)[i] = std::nextafter(getInput(buffers)[i], 2.0F);
}

void copyWithError(void *const *buffers) {
  copy(buffers);
  getResult(buffers)[5] += 1e-3F;
}

void leaveOneOut(void *const *buffers) {
  for (size_t i = 1; i != kCount; ++i)
    getResult(buffers)[i] = getInput(buffers)[i];
}

void addInPlace(void *const *buffers) {
  for (size_t i = 0; i != kCount; ++i)
    getResult(buffers)[i] += getInput(buffers)[i];
}

void copySlowly(void *const *buffers) {
  for (int i = 0; i != 1000; ++i) {
    copy(buffers);
    asm volatile("" ::: "memory");
  }
}

std::set<void *> weightsSeen;
void noteWeights(void *const *buffers) {
  weightsSeen.insert(buffers[0]);
  for (size_t i = 0; i != kCount; ++i)
    getResult(buffers)[i] = getInput(buffers)[i];
}

} // namespace

TEST(KernelTimer, equal_results_pass) {
  KernelTimer timer({kActivations, kActivations});
  EXPECT_FALSE(
      llvm::errorToBool(timer.compare({copy, copySlowly, copyInexactly})));
}

TEST(KernelTimer, another_result_is_an_error) {
  KernelTimer timer({kActivations, kActivations});
  llvm::Error error = timer.compare({copy, copy, copyWithError});
  ASSERT_TRUE(static_cast<bool>(error));
  std::string message = llvm::toString(std::move(error));
  EXPECT_NE(message.find("kernel 2 computes "), std::string::npos) << message;
  EXPECT_NE(message.find(" as element 5, "), std::string::npos) << message;
}

TEST(KernelTimer, what_is_not_written_is_an_error) {
  KernelTimer timer({kActivations, kActivations});
  EXPECT_TRUE(llvm::errorToBool(timer.compare({copy, leaveOneOut})));
  EXPECT_TRUE(llvm::errorToBool(timer.compare({leaveOneOut, copy})));
}

// Each kernel gets the same values, not what the one before it left.
TEST(KernelTimer, results_in_place_pass) {
  KernelTimer timer({kActivations, kActivations});
  EXPECT_FALSE(llvm::errorToBool(timer.compare({addInPlace, addInPlace})));
  EXPECT_TRUE(llvm::errorToBool(timer.compare({addInPlace, copy})));
}

TEST(KernelTimer, slower_kernel_takes_longer) {
  KernelTimer timer({kActivations, kActivations});
  llvm::SmallVector<double> seconds = timer.measure({copySlowly, copy});
  EXPECT_GT(seconds[0], seconds[1]);
  EXPECT_GT(seconds[1], 0);
}

// In a network, no layer finds its weights in the second-level cache.
TEST(KernelTimer, weights_take_turns_in_memory) {
  KernelTimer timer({kWeights, kActivations});
  EXPECT_FALSE(llvm::errorToBool(timer.compare({noteWeights})));
  timer.measure({noteWeights});
  EXPECT_GT(weightsSeen.size(), 40U);
  KernelTimer activations({kActivations, kActivations});
  weightsSeen.clear();
  activations.measure({noteWeights});
  EXPECT_EQ(weightsSeen.size(), 1U);
}
