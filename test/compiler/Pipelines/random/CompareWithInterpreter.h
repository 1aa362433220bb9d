// Compiles a network into this process and compares it with the interpreter.
#ifndef MOBILEONE_TEST_COMPILER_PIPELINES_RANDOM_COMPAREWITHINTERPRETER_H
#define MOBILEONE_TEST_COMPILER_PIPELINES_RANDOM_COMPAREWITHINTERPRETER_H

#include "compiler/Conversion/Passes.h"
#include "compiler/Machine/Target.h"

#include <string>
#include <vector>

namespace mobileone {

/// A network to compile, and how.
struct Trial {
  std::string text; // of the function @net
  const IsaLevel *level;
  Instrument instrument = Instrument::None;
  uint32_t seed = 0;            // of the image, and of what is chosen at random
  bool choosesAtRandom = false; // the plan and the schedules
  bool isTakenForWrong = false; // one number of what is expected is another
};

/// An object, and what it computes by the interpreter.
struct Compiled {
  std::string object;      // functions are called net_run_ex, ...
  std::vector<char> image; // as a caller has it
  std::vector<std::vector<double>> expected; // of each output
  unsigned kernels = 0;
};

/// Compiles for `target`. Says what is wrong; "" if nothing is.
std::string compileTrial(const Trial &trial, const Target &target,
                         llvm::StringRef prefix, Compiled &result);

/// Runs it in this process, on one and on three workers, with NaN in all memory
/// that it may use, and compares. Says what is wrong; "" if nothing is.
std::string runCompiled(const Compiled &compiled);

/// Relative to the largest number of an output and 1: a few hundred roundings
/// of a float.
inline constexpr double kTrialTolerance = 2e-5;

} // namespace mobileone

#endif // MOBILEONE_TEST_COMPILER_PIPELINES_RANDOM_COMPAREWITHINTERPRETER_H
