// One report of times, remarks, trees of IR, and how far tuning is.
#include "ToolHooks.h"
#include "Diagnostics.h"

#include "mlir/IR/Remarks.h"
#include "mlir/Remark/RemarkStreamer.h"
#include "tools/Output/Print.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace mobileone;

/// The flag, which upstream reads for each pass manager.
static llvm::cl::opt<std::string> &getTreeFolderFlag() {
  return *static_cast<llvm::cl::opt<std::string> *>(
      llvm::cl::getRegisteredOptions().lookup("mlir-print-ir-tree-dir"));
}

/// Whether a flag has passes print to the standard error.
static bool isInspected() {
  for (auto [name, flag] : llvm::cl::getRegisteredOptions())
    if (flag->getNumOccurrences())
      for (StringRef printing :
           {"mlir-print-ir", "print-", "dump-pass-pipeline", "remark", "debug",
            "log-", "mlir-timing"})
        if (name.starts_with(printing))
          return true;
  return false;
}

ToolHooks::ToolHooks(MLIRContext *context, const MlirOptMainConfig &config)
    : context(context), config(config), treeFolder(getTreeFolderFlag()) {
  applyDefaultTimingManagerCLOptions(timingManager);
  timing = timingManager.getRootScope();
  if (!isInspected())
    progress.emplace();
}

ToolHooks::~ToolHooks() {
  progress.reset();
  // The final ones, while somebody prints them. A file gets them later.
  if (remark::detail::RemarkEngine *engine = context->getRemarkEngine())
    if (config.getRemarkFormat() == RemarkFormat::REMARK_FORMAT_STDOUT)
      engine->getRemarkEmittingPolicy()->finalize();
}

std::string ToolHooks::getRemarksFile(const MlirOptMainConfig &config) {
  if (!config.getRemarksOutputFile().empty())
    return config.getRemarksOutputFile();
  if (!config.shouldEmitRemarks() ||
      config.getRemarkFormat() == RemarkFormat::REMARK_FORMAT_STDOUT)
    return "";
  return config.getRemarkFormat() == RemarkFormat::REMARK_FORMAT_YAML
             ? "mlir-remarks.yaml"
             : "mlir-remarks.bitstream";
}

LogicalResult ToolHooks::enableRemarks() {
  if (!config.shouldEmitRemarks())
    return success();
  // As mlir-opt does it.
  remark::RemarkCategories categories{
      config.getRemarksAllFilter(), config.getRemarksPassedFilter(),
      config.getRemarksMissedFilter(), config.getRemarksAnalyseFilter(),
      config.getRemarksFailedFilter()};
  std::unique_ptr<remark::detail::RemarkEmittingPolicyBase> policy;
  if (config.getRemarkPolicy() == RemarkPolicy::REMARK_POLICY_FINAL)
    policy = std::make_unique<remark::RemarkEmittingPolicyFinal>();
  else
    policy = std::make_unique<remark::RemarkEmittingPolicyAll>();
  if (config.getRemarkFormat() == RemarkFormat::REMARK_FORMAT_STDOUT)
    return remark::enableOptimizationRemarks(*context, /*streamer=*/nullptr,
                                             std::move(policy), categories,
                                             /*printAsEmitRemarks=*/true);
  bool isYaml = config.getRemarkFormat() == RemarkFormat::REMARK_FORMAT_YAML;
  return remark::enableOptimizationRemarksWithLLVMStreamer(
      *context, getRemarksFile(config),
      isYaml ? llvm::remarks::Format::YAML : llvm::remarks::Format::Bitstream,
      std::move(policy), categories);
}

LogicalResult
ToolHooks::runManager(ModuleOp module, const std::string &stage,
                      function_ref<LogicalResult(PassManager &)> build) {
  TimingScope scope = time(stage);
  // Implicit: a function pass may be named without its module, as in mlir-opt.
  PassManager pm(context, ModuleOp::getOperationName(),
                 PassManager::Nesting::Implicit);
  pm.enableVerifier(config.shouldVerifyPasses());
  // Each pass manager counts its files from 0, and makes one folder only.
  if (!treeFolder.empty()) {
    if (std::error_code code = llvm::sys::fs::create_directories(treeFolder))
      return fail(treeFolder + ": cannot be written: " + code.message());
    llvm::SmallString<128> folder(treeFolder);
    llvm::sys::path::append(folder, stage);
    getTreeFolderFlag() = folder.str().str();
  }
  if (failed(applyPassManagerCLOptions(pm)))
    return failure();
  pm.enableTiming(scope);
  if (failed(build(pm)))
    return failure();
  return pm.run(module);
}

LogicalResult ToolHooks::runPasses(ModuleOp module, const llvm::Twine &stage,
                                   Build build) {
  return runManager(module, stage.str(), [&](PassManager &pm) {
    build(pm);
    if (config.shouldDumpPassPipeline()) {
      llvm::errs() << stage << ": ";
      pm.dump();
      llvm::errs() << '\n';
    }
    return success();
  });
}

LogicalResult ToolHooks::runNamed(ModuleOp module) {
  return runManager(module, "named", [&](PassManager &pm) {
    if (failed(config.setupPassPipeline(pm))) // which shows them
      return failure();
    llvm::raw_string_ostream os(namedPasses);
    if (pm.size())
      pm.printAsTextualPipeline(os);
    return success();
  });
}

void ToolHooks::showQuantized(const QuantizationReport &report) {
  Progress::clear();
  mobileone::print(stderr, "{}", formatSummary(report));
}

TimingScope ToolHooks::time(StringRef what) {
  show(what);
  return timing.nest(what);
}

void ToolHooks::show(const llvm::Twine &what) {
  if (progress)
    progress->show(("compiling: " + what).str());
}

void ToolHooks::showTuning(size_t done, size_t count) {
  show(fmt::format("tuned {} of {} kernels", done, count));
}

void ToolHooks::showVerifying(size_t done, size_t count) {
  show(fmt::format("verified {} of {} images", done, count));
}

void ToolHooks::showTuned(ArrayRef<TunedKernel> kernels) {
  Progress::clear();
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

void ToolHooks::showVerified(const VerifiedObject &object) {
  Progress::clear();
  auto names = llvm::map_range(
      object.levels, [](const IsaLevel *level) { return level->name.str(); });
  mobileone::print(
      stderr, "{} random images{} against {} in float64: {}, at {}\n",
      object.images,
      object.sizes == 1 ? ""
                        : fmt::format(" of each of {} sizes", object.sizes),
      object.source.str(), object.distance.format(), fmt::join(names, ", "));
}
