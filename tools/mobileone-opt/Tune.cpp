// Tunes a network's schedules for this machine.
#include "Tune.h"

#include "compiler/Codegen/Schedule.h"
#include "compiler/Target/ModelInfo.h"
#include "compiler/Tuning/TuneSchedules.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/ToolOutputFile.h"
#include "llvm/Support/WithColor.h"
#include "llvm/TargetParser/Host.h"

#include <fmt/format.h>

using namespace mlir;
using namespace mobileone;

static LogicalResult fail(const llvm::Twine &message) {
  llvm::WithColor::error(llvm::errs(), "mobileone-opt") << message << '\n';
  return failure();
}

/// What is printed next, an error or the summary, overwrites it.
static void showProgress(size_t done, size_t count) {
  if (llvm::sys::Process::StandardErrIsDisplayed())
    fmt::print(stderr, "tuning: {} of {} kernels\r", done, count);
}

/// A kernel per line, as --schedule reads it.
static void writeTuned(llvm::raw_ostream &os, const IsaLevel &level,
                       ArrayRef<TunedKernel> kernels) {
  os << "// Schedules for " << level.name << ", timed on "
     << llvm::sys::getHostCPUName() << " by MobileOne compiler "
     << getToolVersion() << ".\n";
  writeSchedules(os,
                 llvm::map_to_vector(kernels, [](const TunedKernel &kernel) {
                   return KernelSchedules{kernel.name, kernel.schedules};
                 }));
}

static void printSummary(ArrayRef<TunedKernel> kernels) {
  double model = 0, fastest = 0;
  size_t changed = 0;
  for (const TunedKernel &kernel : kernels) {
    model += kernel.calls * kernel.modelSeconds;
    fastest += kernel.calls * kernel.fastestSeconds;
    changed += kernel.fastestSeconds != kernel.modelSeconds;
  }
  fmt::print(stderr,
             "{} of {} kernels are faster with another schedule: the model's "
             "choices lose {:.1f} % ({:.3f} instead of {:.3f} ms)\n",
             changed, kernels.size(), 100 * (model / fastest - 1), 1e3 * model,
             1e3 * fastest);
}

LogicalResult mobileone::tune(ModuleOp module, const IsaLevel &level,
                              StringRef file) {
  std::string error;
  std::unique_ptr<llvm::ToolOutputFile> output = openOutputFile(file, &error);
  if (!output)
    return fail(error);
  FailureOr<SmallVector<TunedKernel>> kernels =
      tuneSchedules(module, level, showProgress);
  if (failed(kernels))
    return failure();
  writeTuned(output->os(), level, *kernels);
  output->os().flush();
  if (std::error_code code = output->os().error()) {
    output->os().clear_error();
    return fail(file + ": " + code.message());
  }
  output->keep();
  printSummary(*kernels);
  return success();
}
