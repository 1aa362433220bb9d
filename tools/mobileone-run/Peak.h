// Measures the multiply-add peak of the threads that a model runs on.
#ifndef MOBILEONE_TOOLS_MOBILEONE_RUN_PEAK_H
#define MOBILEONE_TOOLS_MOBILEONE_RUN_PEAK_H

#include "compiler/Execution/LoadedModel.h"

namespace mobileone::run {

/// Floating-point operations in a second that all threads of the model reach at
/// once, with the instructions of its level; 0 where that is unknown. Takes
/// well below a millisecond where each thread has a core.
double measurePeak(LoadedModel &model);

/// "one thread", "2 threads".
std::string describeThreads(uint32_t threads);
/// Who has the peak: "the core", "the 2 threads".
std::string describePeakOwner(uint32_t threads);

} // namespace mobileone::run

#endif // MOBILEONE_TOOLS_MOBILEONE_RUN_PEAK_H
