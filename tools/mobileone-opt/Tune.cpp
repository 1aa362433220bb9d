// Tunes a network's schedules for this machine.
#include "Tune.h"

#include "compiler/Object/ModelInfo.h"
#include "compiler/Schedule/Chain.h"
#include "compiler/Schedule/Schedule.h"
#include "compiler/Schedule/ScheduleFile.h"
#include "compiler/Tuning/TuneSchedules.h"
#include "tools/Output/Print.h"
#include "llvm/Support/Process.h"
#include "llvm/TargetParser/Host.h"

#include <fmt/format.h>

using namespace mlir;
using namespace mobileone;

/// What is printed next, an error or the summary, overwrites it.
static void showProgress(size_t done, size_t count) {
  if (llvm::sys::Process::StandardErrIsDisplayed())
    print(stderr, "tuning: {} of {} kernels\r", done, count);
}

/// A kernel per line, as --schedule reads it.
static void writeTuned(llvm::raw_ostream &os, const IsaLevel &level,
                       ArrayRef<TunedKernel> kernels) {
  os << kSchedulesOf << level.name << ", timed on "
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
  print(stderr,
        "{} of {} kernels are faster with another schedule: the model's "
        "choices lose {:.1f} % ({:.3f} instead of {:.3f} ms)\n",
        changed, kernels.size(), 100 * (model / fastest - 1), 1e3 * model,
        1e3 * fastest);
}

/// What the file says holds for the rest of this compile, too.
static void attachSchedules(ModuleOp module, const TunedKernel &kernel) {
  auto function = module.lookupSymbol<func::FuncOp>(kernel.name);
  for (auto [op, schedule] :
       llvm::zip_equal(getScheduledOps(function), kernel.schedules))
    op->setAttr(kScheduleAttr, schedule);
}

FailureOr<std::string> mobileone::tune(ModuleOp module, const IsaLevel &level) {
  FailureOr<SmallVector<TunedKernel>> kernels =
      tuneSchedules(module, level, showProgress);
  if (failed(kernels))
    return failure();
  for (const TunedKernel &kernel : *kernels)
    attachSchedules(module, kernel);
  std::string text;
  llvm::raw_string_ostream os(text);
  writeTuned(os, level, *kernels);
  printSummary(*kernels);
  return text;
}
