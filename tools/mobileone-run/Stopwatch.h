// Measures how long something takes.
#ifndef MOBILEONE_TOOLS_MOBILEONE_RUN_STOPWATCH_H
#define MOBILEONE_TOOLS_MOBILEONE_RUN_STOPWATCH_H

#include <chrono>

namespace mobileone::run {

/// Runs from its construction on.
class Stopwatch {
public:
  double seconds() const {
    return std::chrono::duration<double>(Clock::now() - start).count();
  }

private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start = Clock::now();
};

} // namespace mobileone::run

#endif // MOBILEONE_TOOLS_MOBILEONE_RUN_STOPWATCH_H
