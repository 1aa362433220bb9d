// Tunes a network's schedules for this machine.
#include "compiler/Driver/Tune.h"

#include "compiler/Object/ModelInfo.h"
#include "compiler/Schedule/Chain.h"
#include "compiler/Schedule/ChooseSums.h"
#include "compiler/Schedule/ScheduleFile.h"
#include "dialect/IR/MobileOneAttrs.h"
#include "llvm/TargetParser/Host.h"

using namespace mlir;
using namespace mobileone;

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

/// What the file says holds for the rest of this compile, too. Returns the ops
/// with these schedules.
static SmallVector<linalg::LinalgOp>
attachSchedules(ModuleOp module, const TunedKernel &kernel) {
  SmallVector<linalg::LinalgOp> ops =
      getScheduledOps(module.lookupSymbol<func::FuncOp>(kernel.name));
  for (auto [op, schedule] : llvm::zip_equal(ops, kernel.schedules))
    op->setAttr(kScheduleAttr, schedule);
  return ops;
}

FailureOr<std::string> mobileone::tune(ModuleOp module, const IsaLevel &level,
                                       Algorithm algorithm,
                                       CompileHooks &hooks) {
  FailureOr<SmallVector<TunedKernel>> kernels =
      tuneSchedules(module, level, algorithm, [&](size_t done, size_t count) {
        hooks.showTuning(done, count);
      });
  if (failed(kernels))
    return failure();
  SmallVector<linalg::LinalgOp> all;
  for (const TunedKernel &kernel : *kernels)
    llvm::append_range(all, attachSchedules(module, kernel));
  chooseSums(module, all, algorithm);
  for (TunedKernel &kernel : *kernels)
    kernel.schedules =
        getSchedules(module.lookupSymbol<func::FuncOp>(kernel.name));
  std::string text;
  llvm::raw_string_ostream os(text);
  writeTuned(os, level, *kernels);
  hooks.showTuned(*kernels);
  return text;
}
