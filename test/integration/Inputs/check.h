// What the programs that share objects among threads begin with.
#ifndef MOBILEONE_TEST_CHECK_H
#define MOBILEONE_TEST_CHECK_H

#include <cstddef>
#include <cstdio>
#include <cstdlib>

/// Ends the program unless `condition` holds.
inline void check(bool condition, const char *what) {
  if (condition)
    return;
  std::printf("expects %s\n", what);
  std::exit(1);
}

/// Values between -1 and 1, no two images alike.
template <size_t N>
void fillImages(float (&images)[N]) {
  for (size_t i = 0; i < N; ++i)
    images[i] = static_cast<float>(i * 7919 % 1000) / 500 - 1;
}

#endif // MOBILEONE_TEST_CHECK_H
