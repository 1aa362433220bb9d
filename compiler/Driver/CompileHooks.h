// How whoever asks for a compile takes part in it.
#ifndef MOBILEONE_COMPILER_DRIVER_COMPILEHOOKS_H
#define MOBILEONE_COMPILER_DRIVER_COMPILEHOOKS_H

#include "compiler/Machine/IsaLevel.h"
#include "compiler/Quantization/Report.h"
#include "compiler/Tuning/TuneSchedules.h"
#include "compiler/Verification/Comparison.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/Timing.h"

namespace mobileone {

/// An object within the tolerance.
struct VerifiedObject {
  llvm::StringRef source; // of the network
  unsigned images;        // of each image size
  size_t sizes;
  llvm::SmallVector<const IsaLevel *> levels; // that this CPU has
  Distance distance;                          // the largest
};

/// By default passes just run, and nothing is told.
class CompileHooks {
public:
  virtual ~CompileHooks() = default;

  using Build = llvm::function_ref<void(mlir::PassManager &)>;
  /// Runs the passes that `build` adds, which make `stage` of `module`.
  virtual mlir::LogicalResult runPasses(mlir::ModuleOp module,
                                        const llvm::Twine &stage, Build build);
  /// Measures what is no pass, until the result is destroyed.
  virtual mlir::TimingScope time(llvm::StringRef what) { return {}; }
  /// Says before each kernel how many are tuned, of how many.
  virtual void showTuning(size_t done, size_t count) {}
  virtual void showTuned(llvm::ArrayRef<TunedKernel> kernels) {}
  virtual void showQuantized(const QuantizationReport &report) {}
  /// Says before each image how many are compared, of how many.
  virtual void showVerifying(size_t done, size_t count) {}
  virtual void showVerified(const VerifiedObject &object) {}
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_DRIVER_COMPILEHOOKS_H
