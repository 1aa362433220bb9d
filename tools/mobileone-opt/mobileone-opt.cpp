// The compiler driver: checkpoint in and object out, and an ordinary -opt tool
// on IR.
#include "Compile.h"
#include "Diagnostics.h"
#include "Flags.h"
#include "ParseCommandLine.h"
#include "PassRunner.h"

#include "compiler/Codegen/Passes.h"
#include "compiler/Conversion/Passes.h"
#include "compiler/Import/Checkpoint.h"
#include "compiler/Pipelines/Dialects.h"
#include "compiler/Pipelines/Pipelines.h"
#include "compiler/Schedule/Passes.h"
#include "dialect/Transforms/Passes.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "tools/Output/ToolProcess.h"
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
       {PassRunner::getRemarksFile(config),
        config.getReproducerFilename().str(), reproducer->getValue(),
        config.getDebugConfig().getLogActionsTo().str(),
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
  bool isCompile = options.emit != EmitKind::Auto || !options.tune.empty();
  if (!options.checkpointFlags.empty())
    (void)fail("--" + options.checkpointFlags.front() +
               " expects a checkpoint as input: IR already says it");
  else if (!isCompile && !options.stageFlags.empty())
    (void)fail("--" + options.stageFlags.front().first +
               " expects a compile: IR needs --emit, or -o with the suffix of "
               "what to write");
  else if (options.emit == EmitKind::Stats)
    (void)fail("--emit=stats expects a checkpoint or --variant, but got IR");
  else
    return true;
  return false;
}

static int printUsage() {
  llvm::errs() << getUsage() << "mobileone-opt --help says more\n";
  return ExitCommandLine;
}

static int run(const Files &files, bool isCalledBare,
               const CompileOptions &options, MlirOptMainConfig &config,
               DialectRegistry &registry) {
  OutputSet outputs;
  if (options.overwrite)
    outputs.ignoreMarks();
  std::string inputName = files.input.value_or("-");
  StringRef output = files.output;
  for (const std::string &file : {inputName, options.schedule})
    outputs.addInput(file);
  if (StringRef(options.import.variant).ends_with(".json"))
    outputs.addInput(options.import.variant);
  Artifacts artifacts(options, output, config.shouldEmitBytecode(), outputs);
  if (failed(reserveUpstreamFiles(config, outputs)) ||
      failed(artifacts.reserve()))
    return ExitFailed;

  auto finish = [&](int code) -> int {
    if (code != ExitDone)
      return code;
    llvm::Error error = outputs.commit();
    return error ? asMainReturnCode(fail(std::move(error))) : ExitDone;
  };
  if (options.emit == EmitKind::Stats && !files.input &&
      options.import.variant != "auto")
    return finish(asMainReturnCode(emitStats(options, artifacts)));

  if (isCalledBare && llvm::sys::Process::StandardInIsUserInput())
    return printUsage();
  llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> input =
      openInput(inputName);
  if (!input)
    return asMainReturnCode(fail(input.takeError()));
  if (isCalledBare && (*input)->getBuffer().trim().empty())
    return printUsage();
  bool isWeights = isCheckpoint((*input)->getBuffer());
  bool isCompile = options.emit != EmitKind::Auto || !options.tune.empty();
  if (!isWeights && !checkFlagsForIr(options))
    return ExitCommandLine;
  if (isWeights || isCompile)
    return finish(compile(std::move(*input), isWeights, options, config,
                          registry, artifacts));
  return finish(asMainReturnCode(
      runOpt(std::move(*input), output, config, registry, outputs)));
}

int main(int argc, char **argv) {
  ToolProcess process("mobileone-opt", argc, argv);
  DialectRegistry registry;
  registerDialects(registry);
  registerMobileOneTransformsPasses();
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
