// How pointwise layers are computed.
#ifndef MOBILEONE_COMPILER_SCHEDULE_ALGORITHM_H
#define MOBILEONE_COMPILER_SCHEDULE_ALGORITHM_H

#include "llvm/Support/CommandLine.h"

namespace mobileone {

enum class Algorithm {
  Auto,      // Strassen's where the model of a core says that it is faster
  Classical, // all products
  Strassen,  // Strassen's wherever an image and its channels have halves
  Strassen2  // like Auto, but two levels of it where there are many channels
};

/// What flags and options may say.
inline llvm::cl::ValuesClass getAlgorithmValues() {
  return llvm::cl::values(
      clEnumValN(Algorithm::Auto, "auto",
                 "by Strassen's algorithm where that is faster"),
      clEnumValN(Algorithm::Classical, "classical", "with all products"),
      clEnumValN(Algorithm::Strassen, "strassen",
                 "by Strassen's algorithm wherever there are halves"),
      clEnumValN(Algorithm::Strassen2, "strassen2",
                 "by two levels of Strassen's algorithm where there are many "
                 "channels"));
}

} // namespace mobileone

#endif // MOBILEONE_COMPILER_SCHEDULE_ALGORITHM_H
