// Runs the stages of the compiler in order.
#include "compiler/Driver/Compile.h"

#include "compiler/Contract/KernelFunction.h"
#include "compiler/Contract/Prototype.h"
#include "compiler/Driver/Also.h"
#include "compiler/Driver/CompiledNetwork.h"
#include "compiler/Driver/ImageSizes.h"
#include "compiler/Driver/Tune.h"
#include "compiler/Driver/Verify.h"
#include "compiler/Import/Stats.h"
#include "compiler/Object/CppHeader.h"
#include "compiler/Object/Object.h"
#include "compiler/Pipelines/Pipelines.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace mobileone;

namespace {

/// One compile: the module and how far it has come.
class Compilation {
public:
  Compilation(ModuleOp module, const CompileRequest &request,
              CompileHooks &hooks)
      : module(module), request(request), hooks(hooks) {}

  LogicalResult run();

  std::vector<Artifact> artifacts;

private:
  /// An error that is of no op.
  InFlightDiagnostic fail(const Twine &message) {
    return emitError(UnknownLoc::get(module.getContext()), message);
  }
  /// Refuses what no stage could do.
  LogicalResult verifyRequest();
  /// Counts what the checkpoint's network holds and does.
  LogicalResult addStats();
  /// Adds the IR of a stage.
  LogicalResult addIr();
  /// Adds it where each stage is asked for.
  void addTemp(ModuleOp form, const Twine &stage);
  /// What tells the stages of `form` from those of the first size.
  std::string getSuffix(size_t form) const;
  /// Runs the passes of a stage on the networks for all sizes.
  LogicalResult runStage(StringRef stage, CompileHooks::Build build);
  /// Makes integers of the network, whose meaning is then theirs.
  LogicalResult quantize();
  LogicalResult tuneKernels();
  /// Takes what only the last form on memrefs knows.
  void describeCode(ModuleOp vector, size_t form);
  /// Compares the object with the networks as they were before any stage, or
  /// of integers as they were made.
  LogicalResult verifyResult();
  /// Generates the LLVM dialect for one size and level; `copy` is used up.
  LogicalResult compileLevel(ModuleOp copy, size_t form, const IsaLevel &level);

  ModuleOp module;
  /// The network for each size but the first, which is `module`; for all sizes
  /// as they were before any stage, where the result is verified.
  SmallVector<OwningOpRef<ModuleOp>> others, references;
  /// All of them in order.
  SmallVector<ModuleOp> forms;
  const CompileRequest &request;
  CompileHooks &hooks;
  CompiledNetwork network;
};

} // namespace

LogicalResult Compilation::verifyRequest() {
  if (!request.emit && !request.tune)
    return fail("expects something to make, but got neither --emit nor --tune");
  if (request.batches.empty() || llvm::is_contained(request.batches, 0u))
    return fail("--batch expects numbers of images from 1 on, but got ")
           << (request.batches.empty() ? "none" : "0");
  if (!request.prefix.empty())
    if (llvm::Error error = checkPrefix(request.prefix))
      return fail("--prefix ") << toString(std::move(error));
  if (llvm::Error error = checkAlso(request))
    return fail(toString(std::move(error)));
  if (llvm::Error error = checkImageSizes(request))
    return fail(toString(std::move(error)));
  // Stages before the vectors are of no machine.
  if (!request.tune && !request.verifiedImages &&
      !(request.emit >= EmitKind::Vector))
    return success();
  if (!request.target)
    return fail("--target expects a system to generate code for, but got none");
  if (llvm::Error error = checkForm(request))
    return fail(toString(std::move(error)));
  if (llvm::Error error = checkLevels(request))
    return fail(toString(std::move(error)));
  const IsaLevel *last = request.levels.back();
  if (request.tune && (request.levels.size() != 1 || !last->isOnHost()))
    return fail("--tune expects one level, which this CPU has, but got ")
           << (request.levels.size() == 1 ? last->name : "several");
  if (request.isQuantized() && request.tune)
    return fail("--tune times layers of floats, but got --precision=int8");
  if (request.isQuantized() && request.instrument == Instrument::Tensors)
    return fail("--instrument=tensors shows floats, but got --precision=int8: "
                "layers' results are bytes");
  if (request.tune && request.algorithm == Algorithm::Strassen2)
    return fail("--tune times one level of Strassen's algorithm, but got "
                "--algorithm=strassen2: tune without it, and write levels = 2 "
                "and sums = compile into the file for the kernels that you "
                "want");
  if (request.verifiedImages)
    if (llvm::Error error = checkVerification(request))
      return fail(toString(std::move(error)));
  return success();
}

LogicalResult Compilation::addStats() {
  FailureOr<func::FuncOp> function = findNetwork(module);
  if (failed(function))
    return failure();
  std::string variant = request.import.variant;
  if (variant == "auto") {
    auto name = (*function)->getAttrOfType<StringAttr>("mobileone.variant");
    if (!name)
      return fail("--emit=stats expects a checkpoint or --variant, but got IR");
    variant = name.str();
  }
  llvm::Expected<NetworkSpec> spec = loadNetwork(variant);
  if (!spec)
    return fail(toString(spec.takeError()));
  spec->heads.clear();
  for (auto linear : function->getOps<LinearOp>())
    spec->heads.push_back(
        {linear.getName().str(), linear.getOutput().getType().getDimSize(1)});
  if (spec->heads.empty())
    return fail("--emit=stats expects a checkpoint with a classifier");
  for (auto block : function->getOps<BlockOp>()) {
    spec->blocks.front().inputChannels =
        block.getInput().getType().getDimSize(1);
    break;
  }
  artifacts.push_back({Artifact::Result, "", formatFigures(*spec, request)});
  return success();
}

/// Locations are of the input's file by its name: where that was does not show.
static void leaveOutFolders(ModuleOp module) {
  AttrTypeReplacer replacer;
  replacer.addReplacement([](Attribute attribute) -> std::optional<Attribute> {
    auto location = dyn_cast<FileLineColLoc>(attribute);
    if (!location)
      return std::nullopt;
    StringRef name = llvm::sys::path::filename(location.getFilename());
    return FileLineColLoc::get(attribute.getContext(), name, location.getLine(),
                               location.getColumn());
  });
  replacer.recursivelyReplaceElementsIn(module, /*replaceAttrs=*/false,
                                        /*replaceLocs=*/true,
                                        /*replaceTypes=*/false);
}

LogicalResult Compilation::addIr() {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (request.isBytecode) {
    // Bytecode has the order of each value's uses, which passes leave to where
    // things lie in memory. That of a copy follows its text.
    OwningOpRef<ModuleOp> copy(module.clone());
    leaveOutFolders(*copy);
    if (failed(writeBytecodeToFile(*copy, os)))
      return failure();
  } else {
    module.print(os);
    os << '\n';
  }
  artifacts.push_back({Artifact::Result, "", std::move(text)});
  return success();
}

void Compilation::addTemp(ModuleOp form, const Twine &stage) {
  if (!request.saveTemps)
    return;
  std::string text;
  llvm::raw_string_ostream os(text);
  form.print(
      os,
      OpPrintingFlags().elideLargeElementsAttrs(16).elideLargeResourceString(
          64));
  artifacts.push_back(
      {Artifact::Temp, (stage + ".mlir").str(), std::move(text)});
}

std::string Compilation::getSuffix(size_t form) const {
  return form == 0 ? "" : "." + request.imageSizes[form].format();
}

LogicalResult Compilation::runStage(StringRef stage,
                                    CompileHooks::Build build) {
  for (auto [i, form] : llvm::enumerate(forms)) {
    std::string name = stage.str() + getSuffix(i);
    if (failed(hooks.runPasses(form, name, build)))
      return failure();
    addTemp(form, name);
  }
  return success();
}

LogicalResult Compilation::quantize() {
  TimingScope time = hooks.time("quantize");
  FailureOr<func::FuncOp> function = findNetwork(module);
  QuantizationReport report;
  if (failed(function) || failed(quantizeNetwork(*function, request.calibration,
                                                 request.quantization, report)))
    return failure();
  hooks.showQuantized(report);
  addTemp(module, "quantized");
  return success();
}

LogicalResult Compilation::tuneKernels() {
  TimingScope time = hooks.time("tune");
  FailureOr<std::string> schedules =
      tune(module, *request.levels.front(), request.algorithm, hooks);
  if (failed(schedules))
    return failure();
  artifacts.push_back({Artifact::Schedules, "", std::move(*schedules)});
  return success();
}

void Compilation::describeCode(ModuleOp vector, size_t form) {
  describeAlgorithms(
      vector, form == 0 ? network.model : network.model.otherSizes[form - 1],
      network.model.info);
  for (auto function : vector.getOps<func::FuncOp>())
    if (function.isPublic())
      network.arenaBytes = std::max<uint64_t>(
          network.arenaBytes,
          cast<MemRefType>(function.getArgumentTypes().back())
              .getNumElements());
}

LogicalResult Compilation::compileLevel(ModuleOp copy, size_t form,
                                        const IsaLevel &level) {
  std::string suffix = "." + level.name.str() + getSuffix(form);
  std::string vector = "vector" + suffix, llvm = "llvm" + suffix;
  CodegenPipelineOptions codegen;
  codegen.isa = level.name.str();
  codegen.algorithm = request.algorithm;
  codegen.schedule = request.schedule;
  codegen.printSchedule = request.printSchedule;
  codegen.printMemoryPlan = request.printMemoryPlan;
  if (*request.emit > EmitKind::Llvm) // code of several modules
    codegen.weights = &network.weights;
  if (failed(hooks.runPasses(copy, vector, [&](PassManager &pm) {
        buildCodegenPipeline(pm, codegen);
      })))
    return failure();
  addTemp(copy, vector);
  if (request.emit == EmitKind::Vector)
    return success();

  describeCode(copy, form);
  if (failed(hooks.runPasses(copy, llvm,
                             [](PassManager &pm) { buildLLVMPipeline(pm); })))
    return failure();
  addTemp(copy, llvm);
  for (auto function : copy.getOps<LLVM::LLVMFuncOp>())
    if (auto bytes = function->getAttrOfType<IntegerAttr>(kWorkerBytesAttr))
      network.workerBytes =
          std::max<uint64_t>(network.workerBytes, bytes.getInt());
  return success();
}

LogicalResult Compilation::verifyResult() {
  TimingScope time = hooks.time("verify");
  StringRef weights;
  for (const Artifact &artifact : artifacts)
    if (artifact.kind == Artifact::Weights)
      weights = artifact.content;
  return verify(references, network.object, weights, request, hooks);
}

LogicalResult Compilation::run() {
  if (failed(verifyRequest()))
    return failure();
  // A checkpoint was read as of the first size.
  if (!request.imageSizes.empty() &&
      failed(setImageSize(module, request.imageSizes.front(), hooks)))
    return failure();
  if (request.emit == EmitKind::Stats)
    return addStats();
  addTemp(module, "train");
  if (request.emit == EmitKind::Train)
    return addIr();
  auto sizes = ArrayRef(request.imageSizes)
                   .drop_front(request.imageSizes.empty() ? 0 : 1);
  auto keepReferences = [&] {
    references.push_back(module.clone());
    return copyForSizes(module, sizes, hooks, references);
  };
  if (request.verifiedImages && !request.isQuantized() &&
      failed(keepReferences()))
    return failure();

  if (failed(hooks.runPasses(module, "reparameterized", [](PassManager &pm) {
        buildReparameterizePipeline(pm);
      })))
    return failure();
  addTemp(module, "reparameterized");
  if (request.emit == EmitKind::Reparameterized)
    return addIr();

  if (request.isQuantized()) {
    if (failed(quantize()))
      return failure();
    // What integers do is another network than the checkpoint's.
    if (request.verifiedImages && failed(keepReferences()))
      return failure();
  }
  if (request.emit == EmitKind::Quantized)
    return addIr();

  if (failed(copyForSizes(module, sizes, hooks, others)))
    return failure();
  forms.push_back(module);
  for (OwningOpRef<ModuleOp> &other : others)
    forms.push_back(*other);
  LinalgPipelineOptions linalg;
  linalg.instrument = request.instrument;
  if (failed(describeNetworks(forms, request, network)) ||
      failed(runStage("planned",
                      [&](PassManager &pm) { buildPlanPipeline(pm, linalg); })))
    return failure();
  if (request.emit == EmitKind::Planned)
    return addIr();

  if (failed(runStage(
          "linalg", [&](PassManager &pm) { buildLinalgPipeline(pm, linalg); })))
    return failure();
  if (request.emit == EmitKind::Linalg)
    return addIr();

  if (request.tune && failed(tuneKernels()))
    return failure();
  if (!request.emit)
    return success();
  if (request.emit == EmitKind::Vector || request.emit == EmitKind::Llvm)
    return failed(compileLevel(module, 0, *request.levels.back())) ? failure()
                                                                   : addIr();
  network.classicalBytes = countWeightBytes(forms);
  for (auto [i, form] : llvm::enumerate(forms))
    for (const IsaLevel *level : request.levels) {
      OwningOpRef<ModuleOp> copy(form.clone());
      if (failed(compileLevel(*copy, i, *level)))
        return failure();
      network.code.push_back(
          translateNetwork(*copy, *level, i, network.context));
      if (!network.code.back())
        return fail("translation to LLVM IR failed");
    }
  TimingScope time = hooks.time("machine code");
  if (failed(makeCode(network, UnknownLoc::get(module.getContext()), request,
                      artifacts)))
    return failure();
  time.stop();
  return references.empty() ? success() : verifyResult();
}

std::string mobileone::formatFigures(const NetworkSpec &network,
                                     const CompileRequest &request) {
  auto format = request.isJson ? formatStatsJson : formatStats;
  return format(network, request.import.imageSize.height,
                request.import.imageSize.width);
}

FailureOr<std::vector<Artifact>>
mobileone::compile(ModuleOp module, const CompileRequest &request,
                   CompileHooks &hooks) {
  Compilation compilation(module, request, hooks);
  if (failed(compilation.run()))
    return failure();
  return std::move(compilation.artifacts);
}
