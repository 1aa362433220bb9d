// The build for sanitizers checks what it is for: our asserts, memory, and what
// C++ leaves undefined. Without them these tests fail.
#include "gtest/gtest.h"

#include <cassert>
#include <climits>
#include <vector>

TEST(SanitizersTest, asserts_are_checked) {
  volatile bool isTrue = false;
  EXPECT_DEATH(assert(isTrue && "of ours"), "of ours");
}

TEST(SanitizersTest, addresses_are_checked) {
  std::vector<int> few(4);
  volatile size_t behind = few.size();
  volatile int value;
  EXPECT_DEATH(value = few.data()[behind], "heap-buffer-overflow");
  (void)value;
}

TEST(SanitizersTest, undefined_arithmetic_is_checked) {
  volatile int most = INT_MAX;
  volatile int value;
  EXPECT_DEATH(value = most + 1, "signed integer overflow");
  (void)value;
}
