// Compiles with other choices than the compiler's own.
#ifndef MOBILEONE_TEST_COMPILER_PIPELINES_RANDOM_RANDOMCHOICES_H
#define MOBILEONE_TEST_COMPILER_PIPELINES_RANDOM_RANDOMCHOICES_H

#include "compiler/Driver/CompileHooks.h"
#include "compiler/Machine/IsaLevel.h"

#include <random>

namespace mobileone {

/// Changes a plan to another one that is right, too: wider borders, gaps, bands
/// of other heights or none, pairs in place on small images; and gives each
/// chain of each kernel one of the schedules that tuning would try.
class RandomChoices : public CompileHooks {
public:
  /// `fusesBlocks`: results need not stand in memory.
  RandomChoices(const IsaLevel &level, uint32_t seed, bool fusesBlocks)
      : level(level), random(seed), fusesBlocks(fusesBlocks) {}

  mlir::LogicalResult runPasses(mlir::ModuleOp module, const llvm::Twine &stage,
                                Build build) override;

  unsigned getKernelCount() const { return kernels; }

private:
  void changePlan(mlir::ModuleOp module);
  void choose(mlir::ModuleOp module);
  /// A number from 0 to `most`, mostly 0.
  int64_t getExtra(int64_t most);

  const IsaLevel &level;
  std::mt19937 random;
  bool fusesBlocks;
  unsigned kernels = 0;
};

} // namespace mobileone

#endif // MOBILEONE_TEST_COMPILER_PIPELINES_RANDOM_RANDOMCHOICES_H
