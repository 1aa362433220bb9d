// Runs the stages of the compiler in order and writes what was asked for.
#include "Compile.h"
#include "Tune.h"

#include "compiler/Codegen/Schedule.h"
#include "compiler/Import/Network.h"
#include "compiler/Import/Stats.h"
#include "compiler/Pipelines/Pipelines.h"
#include "compiler/Target/Header.h"
#include "compiler/Target/Object.h"
#include "dialect/IR/MobileOneOps.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ToolOutputFile.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/YAMLParser.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace mlir;
using namespace mobileone;

static LogicalResult fail(const llvm::Twine &message) {
  llvm::WithColor::error(llvm::errs(), "mobileone-opt") << message << '\n';
  return failure();
}

/// Writes files and keeps them only if all could be written.
static LogicalResult
writeFiles(ArrayRef<std::pair<std::string, StringRef>> files) {
  SmallVector<std::unique_ptr<llvm::ToolOutputFile>> outputs;
  for (const auto &[name, content] : files) {
    std::string error;
    outputs.push_back(openOutputFile(name, &error));
    if (!outputs.back())
      return fail(error);
    outputs.back()->os() << content;
    outputs.back()->os().flush();
    if (std::error_code code = outputs.back()->os().error()) {
      outputs.back()->os().clear_error();
      return fail(name + ": " + code.message());
    }
  }
  for (auto &output : outputs)
    output->keep();
  return success();
}

/// The table of `--emit=stats`.
static LogicalResult writeTable(const NetworkSpec &network,
                                const CompileOptions &options,
                                StringRef output) {
  std::string text = formatStats(network, options.import.imageHeight,
                                 options.import.imageWidth);
  return writeFiles({{output.str(), text}});
}

namespace {

/// One compile: the module and how far it has come.
class Compilation {
public:
  Compilation(MLIRContext *context, const CompileOptions &options,
              const MlirOptMainConfig &config, StringRef output)
      : context(context), options(options), config(config), output(output) {}

  LogicalResult run(std::unique_ptr<llvm::MemoryBuffer> input,
                    bool isCheckpoint);

private:
  LogicalResult load(std::unique_ptr<llvm::MemoryBuffer> input,
                     bool isCheckpoint);
  /// Runs the passes that `build` adds.
  LogicalResult runPasses(ModuleOp module,
                          function_ref<LogicalResult(PassManager &)> build);
  /// Finds the network and describes it.
  LogicalResult describe();
  /// Takes what only the last form on memrefs knows.
  void describeBuffers(ModuleOp vector);
  /// Generates LLVM IR for one level; `module` is used up.
  LogicalResult compileLevel(ModuleOp module, const IsaLevel &level);
  /// Counts what the checkpoint's network holds and does.
  LogicalResult writeStats(bool isCheckpoint);
  LogicalResult writeIr(ModuleOp module);
  LogicalResult writeCode();
  LogicalResult saveTemp(ModuleOp module, const Twine &stage);

  MLIRContext *context;
  const CompileOptions &options;
  const MlirOptMainConfig &config;
  std::string output;
  std::string source; // name of the input in generated text
  /// Show the lines of IR that errors of any stage point to.
  std::shared_ptr<llvm::SourceMgr> sourceMgr;
  std::unique_ptr<SourceMgrDiagnosticHandler> diagnostics;
  OwningOpRef<ModuleOp> module;
  std::string prefix;
  ModelInfo model;
  uint64_t arenaBytes = 0, workerBytes = 0; // the most that a level needs
  llvm::LLVMContext llvmContext;
  SmallVector<std::unique_ptr<llvm::Module>> code; // of each level
};

} // namespace

LogicalResult Compilation::load(std::unique_ptr<llvm::MemoryBuffer> input,
                                bool isCheckpoint) {
  source = llvm::sys::path::filename(input->getBufferIdentifier()).str();
  if (isCheckpoint) {
    ScopedDiagnosticHandler handler(context, [](Diagnostic &diagnostic) {
      (void)fail(diagnostic.str());
      for (Diagnostic &note : diagnostic.getNotes())
        llvm::WithColor::note() << note.str() << '\n';
    });
    module = importCheckpoint(std::move(input), options.import, context);
    return success(static_cast<bool>(module));
  }
  if (!options.checkpointFlags.empty())
    return fail("--" + options.checkpointFlags.front() +
                " expects a checkpoint as input: IR already says it");
  sourceMgr = std::make_shared<llvm::SourceMgr>();
  sourceMgr->AddNewSourceBuffer(std::move(input), llvm::SMLoc());
  diagnostics =
      std::make_unique<SourceMgrDiagnosticHandler>(*sourceMgr, context);
  module = parseSourceFile<ModuleOp>(sourceMgr, ParserConfig(context));
  return success(static_cast<bool>(module));
}

LogicalResult
Compilation::runPasses(ModuleOp module,
                       function_ref<LogicalResult(PassManager &)> build) {
  // Implicit: a function pass may be named without its module, as in mlir-opt.
  PassManager pm(context, ModuleOp::getOperationName(),
                 PassManager::Nesting::Implicit);
  if (failed(applyPassManagerCLOptions(pm)))
    return failure();
  applyDefaultTimingPassManagerCLOptions(pm);
  if (failed(build(pm)))
    return failure();
  return pm.run(module);
}

LogicalResult Compilation::describe() {
  FailureOr<func::FuncOp> network = findNetwork(*module);
  if (failed(network))
    return failure();
  FailureOr<ModelInfo> description = describeNetwork(*network);
  if (failed(description))
    return failure();
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
  prefix = options.prefix.empty() ? network->getName().str() : options.prefix;
  if (!isIdentifier(prefix))
    return network->emitOpError("expects a C identifier as name, with which "
                                "every symbol begins, or --prefix, but got \"")
           << llvm::yaml::escape(prefix) << '"';
  // Code has no name but the compiler's own in the module.
  if (options.emit >= EmitKind::LlvmIr)
    network->setName("network");
  return success();
}

void Compilation::describeBuffers(ModuleOp vector) {
  for (auto function : vector.getOps<func::FuncOp>())
    if (function.isPublic())
      arenaBytes = std::max<uint64_t>(
          arenaBytes, cast<MemRefType>(function.getArgumentTypes().back())
                          .getNumElements());
}

LogicalResult Compilation::saveTemp(ModuleOp module, const Twine &stage) {
  if (options.saveTemps.empty())
    return success();
  SmallString<128> name(options.saveTemps);
  llvm::sys::path::append(name, stage + ".mlir");
  std::string text;
  llvm::raw_string_ostream os(text);
  module.print(
      os,
      OpPrintingFlags().elideLargeElementsAttrs(16).elideLargeResourceString(
          64));
  return writeFiles({{name.str().str(), text}});
}

LogicalResult Compilation::writeStats(bool isCheckpoint) {
  if (!isCheckpoint)
    return fail("--emit=stats expects a checkpoint or --variant, but got IR");
  func::FuncOp function = *module->getOps<func::FuncOp>().begin();
  std::string variant = options.import.variant;
  if (variant == "auto")
    variant = function->getAttrOfType<StringAttr>("mobileone.variant").str();
  llvm::Expected<NetworkSpec> network = loadNetwork(variant);
  if (!network)
    return fail(llvm::toString(network.takeError()));
  auto result = cast<RankedTensorType>(function.getResultTypes().front());
  if (result.getRank() != 2)
    return fail("--emit=stats expects a checkpoint with a classifier");
  network->classes = result.getDimSize(1);
  return writeTable(*network, options, output);
}

LogicalResult Compilation::writeIr(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream os(text);
  bool isBytecode =
      config.shouldEmitBytecode() || StringRef(output).ends_with(".mlirbc");
  if (isBytecode) {
    if (failed(writeBytecodeToFile(module, os)))
      return failure();
  } else {
    module.print(os);
    os << '\n';
  }
  return writeFiles({{output, text}});
}

LogicalResult Compilation::writeCode() {
  bool isObject = options.emit == EmitKind::Obj;
  if (isObject && (output == "-" || output.empty()))
    return fail("--emit=obj expects -o NAME.o: it writes NAME.o, NAME.h and "
                "NAME.json");
  ArrayRef<char> weights;
  for (auto global : module->getOps<memref::GlobalOp>())
    if (auto resource = dyn_cast_or_null<DenseResourceElementsAttr>(
            global.getInitialValueAttr()))
      weights = resource.getRawHandle().getBlob()->getData();
  model.info.instrument = static_cast<uint32_t>(options.instrument);
  describeObject(model, options.levels, arenaBytes, workerBytes, weights);
  auto object = linkObject(code, options.levels, prefix, model);
  if (!object)
    return fail(llvm::toString(object.takeError()));
  // LLVM IR as text, assembly or object; only an object holds the weights.
  auto generate = [&](EmitKind kind) -> llvm::Expected<SmallVector<char, 0>> {
    std::unique_ptr<llvm::Module> copy = llvm::CloneModule(**object);
    if (kind != EmitKind::Obj)
      declareWeights(*copy);
    if (kind != EmitKind::LlvmIr)
      return generateCode(*copy, kind == EmitKind::Obj ? MachineCode::Object
                                                       : MachineCode::Assembly);
    SmallVector<char, 0> text;
    llvm::raw_svector_ostream os(text);
    copy->print(os, nullptr);
    return text;
  };

  if (!options.saveTemps.empty()) {
    SmallString<128> base(options.saveTemps);
    llvm::sys::path::append(base, prefix);
    for (auto [kind, suffix] :
         {std::pair(EmitKind::LlvmIr, ".ll"), std::pair(EmitKind::Asm, ".s")}) {
      auto text = generate(kind);
      if (!text)
        return fail(llvm::toString(text.takeError()));
      if (failed(writeFiles({{(base + suffix).str(),
                              StringRef(text->data(), text->size())}})))
        return failure();
    }
  }

  auto result = generate(options.emit);
  if (!result)
    return fail(llvm::toString(result.takeError()));
  StringRef bytes(result->data(), result->size());
  if (!isObject)
    return writeFiles({{output, bytes}});
  SmallString<128> header(output), json(output);
  llvm::sys::path::replace_extension(header, ".h");
  llvm::sys::path::replace_extension(json, ".json");
  std::string headerText = formatHeader(model, prefix, source);
  std::string jsonText = formatJson(model, prefix, source);
  return writeFiles({{output, bytes},
                     {header.str().str(), headerText},
                     {json.str().str(), jsonText}});
}

LogicalResult Compilation::compileLevel(ModuleOp module,
                                        const IsaLevel &level) {
  if (failed(runPasses(module,
                       [&](PassManager &pm) {
                         CodegenPipelineOptions codegen;
                         codegen.isa = level.name.str();
                         codegen.schedule = options.tune.empty()
                                                ? options.schedule
                                                : options.tune;
                         codegen.printSchedule = options.printSchedule;
                         codegen.printMemoryPlan = options.printMemoryPlan;
                         buildCodegenPipeline(pm, codegen);
                         return success();
                       })) ||
      failed(saveTemp(module, "vector." + level.name)))
    return failure();
  if (options.emit == EmitKind::Vector)
    return success();
  describeBuffers(module);
  if (failed(runPasses(module, [](PassManager &pm) {
        buildLLVMPipeline(pm);
        return success();
      })))
    return failure();
  for (auto function : module.getOps<LLVM::LLVMFuncOp>())
    if (auto bytes = function->getAttrOfType<IntegerAttr>(kWorkerBytesAttr))
      workerBytes = std::max<uint64_t>(workerBytes, bytes.getInt());
  return saveTemp(module, "llvm." + level.name);
}

LogicalResult Compilation::run(std::unique_ptr<llvm::MemoryBuffer> input,
                               bool isCheckpoint) {
  if (!options.saveTemps.empty())
    if (std::error_code code =
            llvm::sys::fs::create_directories(options.saveTemps))
      return fail(options.saveTemps + ": " + code.message());
  if (failed(load(std::move(input), isCheckpoint)))
    return failure();
  if (options.emit == EmitKind::Stats)
    return writeStats(isCheckpoint);
  if (failed(runPasses(
          *module,
          [&](PassManager &pm) { return config.setupPassPipeline(pm); })) ||
      failed(saveTemp(*module, "train")))
    return failure();
  bool onlyTunes = options.emit == EmitKind::Auto && !options.tune.empty();
  if (options.emit == EmitKind::Train ||
      (options.emit == EmitKind::Auto && !onlyTunes))
    return writeIr(*module);

  if (failed(runPasses(*module,
                       [](PassManager &pm) {
                         buildReparameterizePipeline(pm);
                         return success();
                       })) ||
      failed(saveTemp(*module, "reparameterized")))
    return failure();
  if (options.emit == EmitKind::Reparameterized)
    return writeIr(*module);

  if (failed(describe()) ||
      failed(runPasses(*module,
                       [&](PassManager &pm) {
                         LinalgPipelineOptions linalg;
                         linalg.instrument = options.instrument;
                         buildLinalgPipeline(pm, linalg);
                         return success();
                       })) ||
      failed(saveTemp(*module, "linalg")))
    return failure();
  if (options.emit == EmitKind::Linalg)
    return writeIr(*module);

  if (!options.tune.empty() &&
      failed(tune(*module, *options.levels.front(), options.tune)))
    return failure();
  if (onlyTunes)
    return success();
  if (options.emit == EmitKind::Vector || options.emit == EmitKind::Llvm) {
    if (failed(compileLevel(*module, *options.levels.back())))
      return failure();
    return writeIr(*module);
  }
  for (const IsaLevel *level : options.levels) {
    OwningOpRef<ModuleOp> copy(module->clone());
    if (failed(compileLevel(*copy, *level)))
      return failure();
    code.push_back(translateNetwork(*copy, *level, llvmContext));
    if (!code.back())
      return fail("translation to LLVM IR failed");
  }
  return writeCode();
}

LogicalResult mobileone::compile(std::unique_ptr<llvm::MemoryBuffer> input,
                                 bool isCheckpoint, StringRef output,
                                 const CompileOptions &options,
                                 const MlirOptMainConfig &config,
                                 DialectRegistry &registry) {
  MLIRContext context(registry);
  return Compilation(&context, options, config, output)
      .run(std::move(input), isCheckpoint);
}

LogicalResult mobileone::emitStats(StringRef output,
                                   const CompileOptions &options) {
  llvm::Expected<NetworkSpec> network = loadNetwork(options.import.variant);
  if (!network)
    return fail(llvm::toString(network.takeError()));
  return writeTable(*network, options, output);
}
