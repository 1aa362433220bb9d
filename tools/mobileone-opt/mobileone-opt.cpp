// The compiler driver: checkpoint in and object out, and an ordinary -opt tool
// on IR.
#include "Compile.h"
#include "compiler/Codegen/Passes.h"
#include "compiler/Conversion/Passes.h"
#include "compiler/Import/Checkpoint.h"
#include "compiler/Pipelines/Dialects.h"
#include "compiler/Pipelines/Pipelines.h"
#include "compiler/Target/ModelInfo.h"
#include "dialect/Transforms/Passes.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/ToolOutputFile.h"
#include "llvm/Support/WithColor.h"

using namespace mlir;
using namespace mobileone;

/// Works on IR like every -opt tool.
static LogicalResult runOpt(std::unique_ptr<llvm::MemoryBuffer> input,
                            StringRef output, MlirOptMainConfig &config,
                            DialectRegistry &registry) {
  if (output.ends_with(".mlirbc"))
    config.emitBytecode(true);
  std::string error;
  auto file = openOutputFile(output, &error);
  if (!file) {
    llvm::WithColor::error(llvm::errs(), "mobileone-opt") << error << '\n';
    return failure();
  }
  if (failed(MlirOptMain(file->os(), std::move(input), registry, config)))
    return failure();
  file->keep();
  return success();
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
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
    return asMainReturnCode(
        MlirOptMain(argc, argv, inputName, output, registry));
  std::optional<CompileOptions> options = readCompileOptions(output);
  if (!options)
    return EXIT_FAILURE;
  if (options->emit == EmitKind::Stats && inputName == "-" &&
      options->import.variant != "auto")
    return asMainReturnCode(emitStats(output, *options));

  std::string error;
  std::unique_ptr<llvm::MemoryBuffer> input = openInputFile(inputName, &error);
  if (!input) {
    llvm::WithColor::error(llvm::errs(), "mobileone-opt") << error << '\n';
    return EXIT_FAILURE;
  }
  bool isWeights = isCheckpoint(input->getBuffer());
  if (!isWeights && options->emit == EmitKind::Auto && options->tune.empty()) {
    if (!options->compileFlags.empty()) {
      llvm::WithColor::error(llvm::errs(), "mobileone-opt")
          << "--" << options->compileFlags.front()
          << " expects a compile: IR needs --emit, or -o with the suffix of "
             "what to write\n";
      return EXIT_FAILURE;
    }
    return asMainReturnCode(runOpt(std::move(input), output, config, registry));
  }
  return asMainReturnCode(
      compile(std::move(input), isWeights, output, *options, config, registry));
}
