// The compiler driver: checkpoint in and object out, and an ordinary -opt tool
// on IR.
#include "Compile.h"
#include "Diagnostics.h"

#include "compiler/Codegen/Passes.h"
#include "compiler/Conversion/Passes.h"
#include "compiler/Import/Checkpoint.h"
#include "compiler/Pipelines/Dialects.h"
#include "compiler/Pipelines/Pipelines.h"
#include "compiler/Target/ModelInfo.h"
#include "dialect/Transforms/Passes.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "tools/Output/ToolProcess.h"
#include "llvm/Support/CommandLine.h"

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
       {config.getRemarksOutputFile(), config.getReproducerFilename().str(),
        reproducer->getValue(), config.getDebugConfig().getLogActionsTo().str(),
        config.getDebugConfig().getProfileActionsTo().str()})
    if (!file.empty())
      if (llvm::Error error = outputs.reserve(file))
        return fail(std::move(error));
  return success();
}

static LogicalResult run(StringRef inputName, StringRef output,
                         const CompileOptions &options,
                         MlirOptMainConfig &config, DialectRegistry &registry) {
  OutputSet outputs;
  if (options.overwrite)
    outputs.ignoreMarks();
  for (StringRef file : {inputName, StringRef(options.schedule),
                         StringRef(options.import.variant)})
    outputs.addInput(file);
  Artifacts artifacts(options, output, config.shouldEmitBytecode(), outputs);
  if (failed(reserveUpstreamFiles(config, outputs)) ||
      failed(artifacts.reserve()))
    return failure();

  auto finish = [&](LogicalResult result) {
    if (failed(result))
      return failure();
    llvm::Error error = outputs.commit();
    return error ? fail(std::move(error)) : success();
  };
  if (options.emit == EmitKind::Stats && inputName == "-" &&
      options.import.variant != "auto")
    return finish(emitStats(options, artifacts));

  llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> input =
      openInput(inputName);
  if (!input)
    return fail(input.takeError());
  bool isWeights = isCheckpoint((*input)->getBuffer());
  if (isWeights || options.emit != EmitKind::Auto || !options.tune.empty())
    return finish(compile(std::move(*input), isWeights, options, config,
                          registry, artifacts));
  if (!options.compileFlags.empty())
    return fail("--" + options.compileFlags.front() +
                " expects a compile: IR needs --emit, or -o with the suffix "
                "of what to write");
  return finish(runOpt(std::move(*input), output, config, registry, outputs));
}

int main(int argc, char **argv) {
  ToolProcess process("mobileone-opt", argc, argv);
  DialectRegistry registry;
  registerDialects(registry);
  registerMobileOneTransformsPasses();
  registerMobileOneConversionPasses();
  registerMobileOneCodegenPasses();
  registerPipelines();
  registerCompileOptions();
  llvm::cl::AddExtraVersionPrinter([](llvm::raw_ostream &os) {
    os << "MobileOne compiler " << getToolVersion() << '\n';
  });

  // Errors show the line of the input: an op with its regions is a module long.
  registerMLIRContextCLOptions();
  static_cast<llvm::cl::opt<bool> *>(
      llvm::cl::getRegisteredOptions().lookup("mlir-print-op-on-diagnostic"))
      ->setInitialValue(false);
  auto [inputName, output] = registerAndParseCLIOptions(
      argc, argv, "MobileOne compiler: a trained checkpoint to an object\n",
      registry);
  MlirOptMainConfig config = MlirOptMainConfig::createFromCLOptions();
  if (config.shouldShowDialects() || config.shouldListPasses())
    return asMainReturnCode(MlirOptMain(
        llvm::outs(), llvm::MemoryBuffer::getMemBuffer(""), registry, config));
  std::optional<CompileOptions> options = readCompileOptions(output);
  if (!options)
    return EXIT_FAILURE;
  return asMainReturnCode(run(inputName, output, *options, config, registry));
}
