// The compiler driver: checkpoint in and object out, and an ordinary -opt tool
// on IR.
#include "ArtifactFiles.h"
#include "Diagnostics.h"
#include "Flags.h"
#include "ParseCommandLine.h"
#include "ReadCalibration.h"
#include "ToolHooks.h"

#include "compiler/Codegen/Passes.h"
#include "compiler/Conversion/Passes.h"
#include "compiler/Driver/Compile.h"
#include "compiler/Driver/Load.h"
#include "compiler/Driver/Origin.h"
#include "compiler/Pipelines/Dialects.h"
#include "compiler/Pipelines/Pipelines.h"
#include "compiler/Planning/Passes.h"
#include "compiler/Schedule/Passes.h"
#include "dialect/Transforms/Passes.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "tools/Output/ToolProcess.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"

using namespace mlir;
using namespace mobileone;

/// Works on IR like every -opt tool.
static LogicalResult runOpt(std::unique_ptr<llvm::MemoryBuffer> input,
                            StringRef output, MlirOptMainConfig &config,
                            DialectRegistry &registry, OutputSet &outputs) {
  if (output.ends_with(".mlirbc"))
    config.emitBytecode(true);
  // What comes before an error is seen, too.
  if (output == "-")
    return MlirOptMain(llvm::outs(), std::move(input), registry, config);
  std::string text;
  llvm::raw_string_ostream os(text);
  if (failed(MlirOptMain(os, std::move(input), registry, config)))
    return failure();
  if (llvm::Error error = outputs.write(output, std::move(text)))
    return fail(std::move(error));
  return success();
}

/// The files that flags of every -opt tool name are read or written by
/// upstream: neither may be what the other is.
static LogicalResult reserveUpstreamFiles(const MlirOptMainConfig &config,
                                          OutputSet &outputs) {
  auto reproducer = static_cast<llvm::cl::opt<std::string> *>(
      llvm::cl::getRegisteredOptions().lookup(
          "mlir-pass-pipeline-crash-reproducer"));
  outputs.addInput(config.getIrdlFile());
  for (const std::string &file :
       {ToolHooks::getRemarksFile(config), config.getReproducerFilename().str(),
        reproducer->getValue(), config.getDebugConfig().getLogActionsTo().str(),
        config.getDebugConfig().getProfileActionsTo().str()})
    if (!file.empty())
      if (llvm::Error error = outputs.reserve(file))
        return fail(std::move(error));
  return success();
}

/// Builds the passes that are named, for what their own parsers refuse.
static bool checkPasses(MlirOptMainConfig &config,
                        const DialectRegistry &registry) {
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  PassManager passes(&context, ModuleOp::getOperationName(),
                     PassManager::Nesting::Implicit);
  bool isDumped = config.shouldDumpPassPipeline();
  config.dumpPassPipeline(false);
  LogicalResult result = config.setupPassPipeline(passes);
  config.dumpPassPipeline(isDumped);
  return succeeded(result);
}

/// IR says itself what some flags say of a checkpoint, and passes are no
/// compile.
static bool checkFlagsForIr(const CompileOptions &options) {
  if (!options.checkpointFlags.empty())
    (void)fail("--" + options.checkpointFlags.front() +
               " expects a checkpoint as input: IR already says it");
  else if (!options.isCompile() && !options.stageFlags.empty())
    (void)fail("--" + options.stageFlags.front().first +
               " expects a compile: IR needs --emit, or -o with the suffix of "
               "what to write");
  else if (options.request.emit == EmitKind::Stats)
    (void)fail("--emit=stats expects a checkpoint or --variant, but got IR");
  else
    return true;
  return false;
}

static bool checkFlagsForCheckpoint(const CompileOptions &options) {
  if (options.request.tensors.empty())
    return true;
  (void)fail("--tensors expects IR as input: a checkpoint holds its own");
  return false;
}

static int printUsage() {
  llvm::errs() << getUsage() << "mobileone-opt --help says more\n";
  return ExitCommandLine;
}

/// Reads `input`, runs the passes that are named, then the stages of the
/// compile, and gives `files` what they make. Returns the tool's exit code.
static int compileInput(std::unique_ptr<llvm::MemoryBuffer> input,
                        bool isWeights, StringRef calibrate,
                        CompileRequest &request,
                        const MlirOptMainConfig &config,
                        DialectRegistry &registry, ArtifactFiles &files) {
  MLIRContext context(registry);
  auto sources = std::make_shared<llvm::SourceMgr>();
  CompileDiagnosticHandler diagnostics(*sources, &context);
  ToolHooks hooks(&context, config);
  request.source =
      llvm::sys::path::filename(input->getBufferIdentifier()).str();
  if (request.emit >= EmitKind::LlvmIr)
    request.sourceSha256 = digestInput(input->getBuffer());
  TimingScope time = hooks.time("load");
  OwningOpRef<ModuleOp> module = load(std::move(input), request.import,
                                      request.tensors, sources, &context);
  time.stop();
  if (!module || failed(readCalibration(calibrate, *module, request)))
    return ExitFailed;
  // It was read for its one size.
  if (isWeights && request.imageSizes.size() == 1)
    request.imageSizes.clear();
  if (!request.emit && !request.tune) {
    if (isWeights && failed(files.expectIrSuffix()))
      return ExitCommandLine;
    request.emit = EmitKind::Train;
  }
  // Figures are those of the checkpoint.
  if (request.emit != EmitKind::Stats &&
      (failed(hooks.enableRemarks()) || failed(hooks.runNamed(*module))))
    return ExitFailed;
  request.passes = hooks.getNamedPasses();
  FailureOr<std::vector<Artifact>> artifacts = compile(*module, request, hooks);
  if (failed(artifacts))
    return ExitFailed;
  for (Artifact &artifact : *artifacts)
    if (failed(files.write(std::move(artifact))))
      return ExitFailed;
  return ExitDone;
}

/// `--emit=stats` of a network named by --variant, without an input file.
static int emitFigures(const CompileRequest &request, ArtifactFiles &files) {
  llvm::Expected<NetworkSpec> network = loadNetwork(request.import.variant);
  if (!network)
    return asMainReturnCode(fail(network.takeError()));
  return asMainReturnCode(
      files.write({Artifact::Result, "", formatFigures(*network, request)}));
}

static int run(const Files &files, bool isCalledBare, CompileOptions &options,
               MlirOptMainConfig &config, DialectRegistry &registry) {
  CompileRequest &request = options.request;
  OutputSet outputs;
  if (options.overwrite)
    outputs.ignoreMarks();
  std::string inputName = files.input.value_or("-");
  StringRef output = files.output;
  for (const std::string &file : {inputName, request.schedule, request.tensors})
    outputs.addInput(file);
  if (StringRef(request.import.variant).ends_with(".json"))
    outputs.addInput(request.import.variant);
  request.isBytecode =
      config.shouldEmitBytecode() || output.ends_with(".mlirbc");
  ArtifactFiles artifacts(options, output, outputs);
  if (failed(reserveUpstreamFiles(config, outputs)) ||
      failed(artifacts.reserve()))
    return ExitFailed;

  auto finish = [&](int code) -> int {
    if (code != ExitDone)
      return code;
    llvm::Error error = outputs.commit();
    return error ? asMainReturnCode(fail(std::move(error))) : ExitDone;
  };
  if (request.emit == EmitKind::Stats && !files.input &&
      request.import.variant != "auto")
    return finish(emitFigures(request, artifacts));

  if (isCalledBare && llvm::sys::Process::StandardInIsUserInput())
    return printUsage();
  llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> input =
      openInput(inputName);
  if (!input)
    return asMainReturnCode(fail(input.takeError()));
  if (isCalledBare && (*input)->getBuffer().trim().empty())
    return printUsage();
  bool isWeights = isCheckpoint((*input)->getBuffer());
  if (isWeights ? !checkFlagsForCheckpoint(options) : !checkFlagsForIr(options))
    return ExitCommandLine;
  if (isWeights || options.isCompile())
    return finish(compileInput(std::move(*input), isWeights, options.calibrate,
                               request, config, registry, artifacts));
  return finish(asMainReturnCode(
      runOpt(std::move(*input), output, config, registry, outputs)));
}

int main(int argc, char **argv) {
  ToolProcess process("mobileone-opt", argc, argv);
  DialectRegistry registry;
  registerDialects(registry);
  registerMobileOneTransformsPasses();
  registerMobileOnePlanningPasses();
  registerMobileOneConversionPasses();
  registerMobileOneSchedulePasses();
  registerMobileOneCodegenPasses();
  registerPipelines();

  // Errors show the line of the input: an op with its regions is a module long.
  registerMLIRContextCLOptions();
  static_cast<llvm::cl::opt<bool> *>(
      llvm::cl::getRegisteredOptions().lookup("mlir-print-op-on-diagnostic"))
      ->setInitialValue(false);
  Files files = parseCommandLine(argc, argv, registry);
  MlirOptMainConfig config = MlirOptMainConfig::createFromCLOptions();
  if (config.shouldShowDialects() || config.shouldListPasses())
    return asMainReturnCode(MlirOptMain(
        llvm::outs(), llvm::MemoryBuffer::getMemBuffer(""), registry, config));
  std::optional<CompileOptions> options = readCompileOptions(files.output);
  if (!options || !checkPasses(config, registry))
    return ExitCommandLine;
  bool isCalledBare = argc == 1;
  return run(files, isCalledBare, *options, config, registry);
}
