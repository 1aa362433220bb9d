// Names, checks and content of the files of a compile.
#include "Artifacts.h"
#include "Diagnostics.h"

#include "compiler/Object/Header.h"
#include "compiler/Object/Json.h"
#include "compiler/Object/Object.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/Support/Path.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace mlir;
using namespace mobileone;

static std::string replaceSuffix(StringRef file, StringRef suffix) {
  SmallString<128> name(file);
  llvm::sys::path::replace_extension(name, suffix);
  return name.str().str();
}

/// What is written beside an object belongs to it.
static constexpr OutputRule kObjectRule = {/*onlyFile=*/true, ""};
static constexpr OutputRule kHeaderRule = {/*onlyFile=*/true, kHeaderMark};
static constexpr OutputRule kJsonRule = {/*onlyFile=*/true, kJsonMark};

LogicalResult Artifacts::reserve() {
  if (!options.saveTemps.empty())
    if (llvm::Error error = outputs.addFolder(options.saveTemps))
      return fail(std::move(error));
  if (options.emit == EmitKind::Obj) {
    std::string header = replaceSuffix(output, ".h"),
                json = replaceSuffix(output, ".json");
    for (auto &[file, rule] : {std::pair(StringRef(output), kObjectRule),
                               std::pair(StringRef(header), kHeaderRule),
                               std::pair(StringRef(json), kJsonRule)})
      if (llvm::Error error = outputs.reserve(file, rule))
        return fail(std::move(error));
  } else if (llvm::Error error = outputs.reserve(output)) {
    return fail(std::move(error));
  }
  if (!options.tune.empty())
    if (llvm::Error error = outputs.reserve(options.tune))
      return fail(std::move(error));
  return success();
}

LogicalResult Artifacts::expectIrSuffix() const {
  StringRef name = output;
  if (name.ends_with(".mlir") || name.ends_with(".mlirbc")) {
    llvm::Error error = options.checkStage(EmitKind::Train);
    return error ? fail(std::move(error)) : success();
  }
  return fail("a checkpoint expects -o NAME with the suffix .o (object, header "
              "and JSON), .s (assembly), .ll (LLVM IR), .mlir or .mlirbc "
              "(train-time IR), or else --emit=KIND, but got " +
              (name == "-" ? "neither" : "-o " + name));
}

LogicalResult Artifacts::writeText(std::string text) {
  // A megabyte scrolls for minutes.
  constexpr size_t mostForTerminal = 1 << 20;
  if (text.size() > mostForTerminal && OutputSet::isTerminal(output))
    return fail("expects -o FILE for " + Twine(text.size() >> 20) +
                " MB of text, but got a terminal; IR is short with "
                "--mlir-elide-elementsattrs-if-larger=16 "
                "--mlir-elide-resource-strings-if-larger=16");
  if (llvm::Error error = outputs.write(output, std::move(text)))
    return fail(std::move(error));
  return success();
}

LogicalResult Artifacts::writeIr(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (!isBytecode) {
    module.print(os);
    os << '\n';
  } else if (OutputSet::isTerminal(output)) {
    return fail("expects -o FILE for bytecode, but got a terminal");
  } else if (failed(writeBytecodeToFile(module, os))) {
    return failure();
  }
  return writeText(std::move(text));
}

LogicalResult Artifacts::writeSchedules(std::string text) {
  if (llvm::Error error = outputs.write(options.tune, std::move(text)))
    return fail(std::move(error));
  return success();
}

/// These stand first in what --save-temps writes: its files have common names.
static constexpr llvm::StringLiteral kTempMark = "Saved by mobileone-opt";

LogicalResult Artifacts::saveTemp(const Twine &name, StringRef comment,
                                  StringRef text) {
  SmallString<128> path(options.saveTemps);
  llvm::sys::path::append(path, name);
  if (llvm::Error error =
          outputs.write(path, (comment + kTempMark + "\n" + text).str(),
                        {/*onlyFile=*/true, kTempMark}))
    return fail(std::move(error));
  return success();
}

LogicalResult Artifacts::saveTemp(ModuleOp module, const Twine &stage) {
  if (options.saveTemps.empty())
    return success();
  std::string text;
  llvm::raw_string_ostream os(text);
  module.print(
      os,
      OpPrintingFlags().elideLargeElementsAttrs(16).elideLargeResourceString(
          64));
  return saveTemp(stage + ".mlir", "// ", text);
}

/// What the kernels read, as bytes.
static ArrayRef<char> getWeights(ModuleOp module) {
  ArrayRef<char> weights;
  for (auto global : module.getOps<memref::GlobalOp>())
    if (auto resource = dyn_cast_or_null<DenseResourceElementsAttr>(
            global.getInitialValueAttr()))
      weights = resource.getRawHandle().getBlob()->getData();
  return weights;
}

/// LLVM IR as text, assembly or object; only an object holds the weights.
static llvm::Expected<std::string>
generate(const llvm::Module &object, const Target &target, EmitKind kind) {
  std::unique_ptr<llvm::Module> copy = llvm::CloneModule(object);
  if (kind != EmitKind::Obj)
    declareWeights(*copy);
  if (kind == EmitKind::LlvmIr) {
    std::string text;
    llvm::raw_string_ostream os(text);
    copy->print(os, nullptr);
    return text;
  }
  auto bytes = generateCode(*copy, target,
                            kind == EmitKind::Obj ? MachineCode::Object
                                                  : MachineCode::Assembly);
  if (!bytes)
    return bytes.takeError();
  return std::string(bytes->begin(), bytes->end());
}

LogicalResult Artifacts::writeCode(CompiledNetwork &network, ModuleOp module) {
  ModelInfo &model = network.model;
  model.info.instrument = static_cast<uint32_t>(options.instrument);
  describeObject(model, *options.target, options.levels, network.arenaBytes,
                 network.workerBytes, getWeights(module));
  model.info.interface_hash = hashInterface(model, network.prefix);
  auto object = linkObject(network.code, *options.target, options.levels,
                           network.prefix, model);
  if (!object)
    return fail(object.takeError());

  if (!options.saveTemps.empty()) {
    auto save = [&](EmitKind kind, StringRef suffix, StringRef comment) {
      auto text = generate(**object, *options.target, kind);
      return text ? saveTemp(network.prefix + suffix, comment, *text)
                  : fail(text.takeError());
    };
    if (failed(save(EmitKind::LlvmIr, ".ll", "; ")) ||
        failed(save(EmitKind::Asm, ".s", "# ")))
      return failure();
  }

  auto result = generate(**object, *options.target, options.emit);
  if (!result)
    return fail(result.takeError());
  if (options.emit != EmitKind::Obj)
    return writeText(std::move(*result));
  for (auto &[file, text] :
       {std::pair(output, std::move(*result)),
        std::pair(replaceSuffix(output, ".h"),
                  formatHeader(model, network.prefix, network.source)),
        std::pair(replaceSuffix(output, ".json"),
                  formatJson(model, network.prefix, network.source))})
    if (llvm::Error error = outputs.write(file, text))
      return fail(std::move(error));
  return success();
}
