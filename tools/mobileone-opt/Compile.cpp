// Runs the stages of the compiler in order.
#include "Compile.h"
#include "Diagnostics.h"
#include "PassRunner.h"
#include "Tune.h"

#include "compiler/Contract/Prototype.h"
#include "compiler/Conversion/MobileOneToLinalg/KernelFunction.h"
#include "compiler/Import/Network.h"
#include "compiler/Import/Stats.h"
#include "compiler/Object/Object.h"
#include "compiler/Pipelines/Pipelines.h"
#include "dialect/IR/MobileOneOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Parser/Parser.h"
#include "tools/CommandLine/CommandLine.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace mobileone;

/// The table of `--emit=stats`.
static LogicalResult writeTable(const NetworkSpec &network,
                                const CompileOptions &options,
                                Artifacts &artifacts) {
  auto format = options.json ? formatStatsJson : formatStats;
  return artifacts.writeText(
      format(network, options.import.imageHeight, options.import.imageWidth));
}

namespace {

/// One compile: the module and how far it has come.
class Compilation {
public:
  Compilation(MLIRContext *context, const CompileOptions &options,
              const MlirOptMainConfig &config, Artifacts &artifacts)
      : context(context), options(options), artifacts(artifacts),
        passes(context, config) {}

  LogicalResult run(std::unique_ptr<llvm::MemoryBuffer> input,
                    bool isCheckpoint);
  /// Whether it failed because nothing says what to write.
  bool lacksKind() const { return isKindMissing; }

private:
  LogicalResult load(std::unique_ptr<llvm::MemoryBuffer> input,
                     bool isCheckpoint);
  /// Finds the network and describes it.
  LogicalResult describe();
  /// Takes what only the last form on memrefs knows.
  void describeBuffers(ModuleOp vector);
  /// Generates LLVM IR for one level; `module` is used up.
  LogicalResult compileLevel(ModuleOp module, const IsaLevel &level);
  /// Counts what the checkpoint's network holds and does.
  LogicalResult writeStats();

  MLIRContext *context;
  const CompileOptions &options;
  Artifacts &artifacts;
  /// Show the lines of IR that errors of any stage point to.
  std::shared_ptr<llvm::SourceMgr> sourceMgr;
  std::unique_ptr<ScopedDiagnosticHandler> diagnostics;
  PassRunner passes;
  OwningOpRef<ModuleOp> module;
  CompiledNetwork network;
  bool isKindMissing = false;
};

} // namespace

LogicalResult Compilation::load(std::unique_ptr<llvm::MemoryBuffer> input,
                                bool isCheckpoint) {
  TimingScope time = passes.time("load");
  network.source =
      llvm::sys::path::filename(input->getBufferIdentifier()).str();
  if (isCheckpoint) {
    diagnostics = std::make_unique<CheckpointDiagnosticHandler>(context);
    module = importCheckpoint(std::move(input), options.import, context);
    return success(static_cast<bool>(module));
  }
  sourceMgr = std::make_shared<llvm::SourceMgr>();
  sourceMgr->AddNewSourceBuffer(std::move(input), llvm::SMLoc());
  diagnostics =
      std::make_unique<SourceMgrDiagnosticHandler>(*sourceMgr, context);
  module = parseSourceFile<ModuleOp>(sourceMgr, ParserConfig(context));
  return success(static_cast<bool>(module));
}

LogicalResult Compilation::describe() {
  FailureOr<func::FuncOp> function = findNetwork(*module);
  if (failed(function))
    return failure();
  FailureOr<ModelInfo> description = describeNetwork(*function);
  if (failed(description))
    return failure();
  ModelInfo &model = network.model;
  model = *description;
  // What cannot be counted is in no memory.
  uint64_t imageBytes = std::max<uint64_t>(
      model.info.input_bytes, model.info.output_length * sizeof(float));
  uint64_t most = std::numeric_limits<int64_t>::max() / imageBytes;
  for (uint32_t batch : options.batches)
    if (batch > most)
      return fail("--batch expects at most " + Twine(most) + " images of " +
                  Twine(imageBytes) + " bytes, but got " + Twine(batch));
  model.info.batch = options.batches.front();
  model.otherBatches.assign(std::next(options.batches.begin()),
                            options.batches.end());
  network.prefix =
      options.prefix.empty() ? function->getName().str() : options.prefix;
  if (llvm::Error error = checkPrefix(network.prefix))
    return function->emitOpError("begins the name of every symbol, unless "
                                 "--prefix is given, and ")
           << toString(std::move(error));
  // Code has no name but the compiler's own in the module.
  if (options.emit >= EmitKind::LlvmIr)
    function->setName(kNetwork.name);
  return success();
}

void Compilation::describeBuffers(ModuleOp vector) {
  for (auto function : vector.getOps<func::FuncOp>())
    if (function.isPublic())
      network.arenaBytes = std::max<uint64_t>(
          network.arenaBytes,
          cast<MemRefType>(function.getArgumentTypes()[kArenaArgument])
              .getNumElements());
}

LogicalResult Compilation::writeStats() {
  func::FuncOp function = *module->getOps<func::FuncOp>().begin();
  std::string variant = options.import.variant;
  if (variant == "auto")
    variant = function->getAttrOfType<StringAttr>("mobileone.variant").str();
  llvm::Expected<NetworkSpec> spec = loadNetwork(variant);
  if (!spec)
    return fail(spec.takeError());
  auto result = cast<RankedTensorType>(function.getResultTypes().front());
  if (result.getRank() != 2)
    return fail("--emit=stats expects a checkpoint with a classifier");
  spec->classes = result.getDimSize(1);
  return writeTable(*spec, options, artifacts);
}

LogicalResult Compilation::compileLevel(ModuleOp module,
                                        const IsaLevel &level) {
  std::string vector = ("vector." + level.name).str(),
              llvm = ("llvm." + level.name).str();
  if (failed(passes.run(module, vector,
                        [&](PassManager &pm) {
                          CodegenPipelineOptions codegen;
                          codegen.isa = level.name.str();
                          codegen.schedule = options.schedule;
                          codegen.printSchedule = options.printSchedule;
                          codegen.printMemoryPlan = options.printMemoryPlan;
                          buildCodegenPipeline(pm, codegen);
                        })) ||
      failed(artifacts.saveTemp(module, vector)))
    return failure();
  if (options.emit == EmitKind::Vector)
    return success();
  describeBuffers(module);
  if (failed(passes.run(module, llvm,
                        [](PassManager &pm) { buildLLVMPipeline(pm); })))
    return failure();
  for (auto function : module.getOps<LLVM::LLVMFuncOp>())
    if (auto bytes = function->getAttrOfType<IntegerAttr>(kWorkerBytesAttr))
      network.workerBytes =
          std::max<uint64_t>(network.workerBytes, bytes.getInt());
  return artifacts.saveTemp(module, llvm);
}

LogicalResult Compilation::run(std::unique_ptr<llvm::MemoryBuffer> input,
                               bool isCheckpoint) {
  if (failed(load(std::move(input), isCheckpoint)))
    return failure();
  if (options.emit == EmitKind::Stats)
    return writeStats();
  bool onlyTunes = options.emit == EmitKind::Auto && !options.tune.empty();
  if (isCheckpoint && options.emit == EmitKind::Auto && !onlyTunes &&
      failed(artifacts.expectIrSuffix())) {
    isKindMissing = true;
    return failure();
  }
  if (failed(passes.enableRemarks()) || failed(passes.runNamed(*module)) ||
      failed(artifacts.saveTemp(*module, "train")))
    return failure();
  if (options.emit == EmitKind::Train ||
      (options.emit == EmitKind::Auto && !onlyTunes))
    return artifacts.writeIr(*module);

  if (failed(passes.run(
          *module, "reparameterized",
          [](PassManager &pm) { buildReparameterizePipeline(pm); })) ||
      failed(artifacts.saveTemp(*module, "reparameterized")))
    return failure();
  if (options.emit == EmitKind::Reparameterized)
    return artifacts.writeIr(*module);

  if (failed(describe()) ||
      failed(passes.run(*module, "linalg",
                        [&](PassManager &pm) {
                          LinalgPipelineOptions linalg;
                          linalg.instrument = options.instrument;
                          buildLinalgPipeline(pm, linalg);
                        })) ||
      failed(artifacts.saveTemp(*module, "linalg")))
    return failure();
  if (options.emit == EmitKind::Linalg)
    return artifacts.writeIr(*module);

  if (!options.tune.empty()) {
    TimingScope time = passes.time("tune");
    FailureOr<std::string> schedules = tune(*module, *options.levels.front());
    if (failed(schedules) || failed(artifacts.writeSchedules(*schedules)))
      return failure();
  }
  if (onlyTunes)
    return success();
  if (options.emit == EmitKind::Vector || options.emit == EmitKind::Llvm) {
    if (failed(compileLevel(*module, *options.levels.back())))
      return failure();
    return artifacts.writeIr(*module);
  }
  for (const IsaLevel *level : options.levels) {
    OwningOpRef<ModuleOp> copy(module->clone());
    if (failed(compileLevel(*copy, *level)))
      return failure();
    network.code.push_back(translateNetwork(*copy, *level, network.context));
    if (!network.code.back())
      return fail("translation to LLVM IR failed");
  }
  TimingScope time = passes.time("machine code");
  return artifacts.writeCode(network, *module);
}

int mobileone::compile(std::unique_ptr<llvm::MemoryBuffer> input,
                       bool isCheckpoint, const CompileOptions &options,
                       const MlirOptMainConfig &config,
                       DialectRegistry &registry, Artifacts &artifacts) {
  MLIRContext context(registry);
  Compilation compilation(&context, options, config, artifacts);
  if (succeeded(compilation.run(std::move(input), isCheckpoint)))
    return ExitDone;
  return compilation.lacksKind() ? ExitCommandLine : ExitFailed;
}

LogicalResult mobileone::emitStats(const CompileOptions &options,
                                   Artifacts &artifacts) {
  llvm::Expected<NetworkSpec> network = loadNetwork(options.import.variant);
  if (!network)
    return fail(network.takeError());
  return writeTable(*network, options, artifacts);
}
