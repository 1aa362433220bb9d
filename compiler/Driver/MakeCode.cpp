// From the LLVM IR of all levels to an object and what belongs to it.
#include "compiler/Driver/Also.h"
#include "compiler/Driver/Origin.h"

#include "compiler/Linker/Archive.h"
#include "compiler/Linker/SharedObject.h"
#include "compiler/Object/Header.h"
#include "compiler/Object/Json.h"
#include "compiler/Object/Object.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace mlir;
using namespace mobileone;

/// LLVM IR as text, assembly or object; only an object holds the weights.
static llvm::Expected<std::string>
generate(const llvm::Module &object, const Target &target, EmitKind kind) {
  std::unique_ptr<llvm::Module> copy = llvm::CloneModule(object);
  if (!isLinkable(kind))
    declareWeights(*copy);
  if (kind == EmitKind::LlvmIr) {
    std::string text;
    llvm::raw_string_ostream os(text);
    copy->print(os, nullptr);
    return text;
  }
  auto bytes = generateCode(*copy, target,
                            isLinkable(kind) ? MachineCode::Object
                                             : MachineCode::Assembly);
  if (!bytes)
    return bytes.takeError();
  return std::string(bytes->begin(), bytes->end());
}

/// The first target whose triple is so.
static llvm::StringRef findExample(bool (llvm::Triple::*is)() const) {
  return llvm::find_if(
             getTargets(),
             [is](const Target &target) { return (target.getTriple().*is)(); })
      ->name;
}

llvm::Error mobileone::checkForm(const CompileRequest &request) {
  if (request.emit != EmitKind::Shared)
    return llvm::Error::success();
  const llvm::Triple triple = request.target->getTriple();
  llvm::StringRef suffix = llvm::sys::path::extension(request.file);
  if (suffix == ".wasm" && !triple.isWasm())
    return llvm::createStringError(
        "-o NAME.wasm expects --target=" + findExample(&llvm::Triple::isWasm) +
        ", but got " + request.target->name);
  if (triple.isWasm() && !request.also.empty())
    return llvm::createStringError("--also expects what a program can link, as "
                                   "-o NAME.o, but got a module of " +
                                   request.target->name);
  if (suffix == ".so" && triple.isWasm())
    return llvm::createStringError("--emit=shared for " + request.target->name +
                                   " expects -o NAME.wasm, but got -o " +
                                   request.file);
  if (triple.isOSBinFormatELF() || triple.isWasm())
    return llvm::Error::success();
  return llvm::createStringError(
      "--emit=shared expects a target with ELF files, as " +
      findExample(&llvm::Triple::isOSBinFormatELF) + ", or " +
      findExample(&llvm::Triple::isWasm) + ", but got " + request.target->name +
      ": make the library of -o NAME.o by the linker of that system");
}

llvm::Error mobileone::checkLevels(const CompileRequest &request) {
  const Target &target = *request.target;
  if (request.levels.empty())
    return llvm::createStringError("--isa expects a level of " + target.name +
                                   ", but got none");
  const IsaLevel *last = nullptr;
  for (const IsaLevel *level : request.levels) {
    if (!llvm::is_contained(target.getLevels(), level) ||
        (last && last->number >= level->number))
      return llvm::createStringError("--isa expects levels of " + target.name +
                                     ", lowest first, but got " + level->name);
    last = level;
  }
  if (!target.getProcessor().isVirtual || request.levels.size() == 1)
    return llvm::Error::success();
  return llvm::createStringError(
      "--isa expects one level for " + target.name +
      ", as no engine runs a module with instructions that it lacks, but got " +
      llvm::join(llvm::map_range(request.levels, std::mem_fn(&IsaLevel::name)),
                 ","));
}

/// An error unless addresses reach all that a call of one image needs.
static llvm::Error checkMemory(const ModelInfo &model, const Target &target) {
  if (target.getTriple().isArch64Bit())
    return llvm::Error::success();
  uint64_t most = 0;
  for (const ModelInfo *size : model.getSizes()) {
    uint64_t bytes = size->info.input_bytes;
    for (const mobileone_output_info &output : size->outputs)
      bytes += output.length * sizeof(float);
    most = std::max(most, bytes);
  }
  most += model.info.weights_bytes + model.info.arena_bytes;
  if (most <= std::numeric_limits<uint32_t>::max())
    return llvm::Error::success();
  return llvm::createStringError(llvm::Twine("--target=") + target.name +
                                 " expects weights, arena, image and outputs "
                                 "below 4 GB together, but got " +
                                 llvm::Twine(most) + " bytes");
}

/// The form of `object` that is asked for.
static llvm::Expected<std::string> wrap(std::string object,
                                        llvm::StringRef prefix,
                                        const CompileRequest &request) {
  switch (*request.emit) {
  case EmitKind::Archive:
    return makeArchive(object, (prefix + ".o").str());
  case EmitKind::Shared:
    return linkShared(object, request.file, request.target->getTriple());
  default:
    return object;
  }
}

LogicalResult mobileone::makeCode(CompiledNetwork &network, Location loc,
                                  const CompileRequest &request,
                                  std::vector<Artifact> &artifacts) {
  ModelInfo &model = network.model;
  ArrayRef<char> weights = network.weights.getBytes();
  bool isExternal = request.weights == WeightsPlace::External;
  model.info.instrument = static_cast<uint32_t>(request.instrument);
  model.info.external_weights = isExternal;
  model.info.weight_sums_bytes = weights.size() - network.classicalBytes;
  describeObject(model, *request.target, request.levels, network.arenaBytes,
                 network.workerBytes, weights);
  setInterfaceHash(model, network.prefix);
  auto fail = [&](llvm::Error error) {
    return emitError(loc, llvm::toString(std::move(error)));
  };
  if (llvm::Error error = checkMemory(model, *request.target))
    return fail(std::move(error));
  auto object =
      linkObject(network.code, *request.target, request.levels, network.prefix,
                 model, isExternal ? ArrayRef<char>() : weights);
  if (!object)
    return fail(object.takeError());
  const Origin origin = describeOrigin(request);
  nameOrigin(**object, origin);

  auto add = [&](Artifact::Kind kind, std::string name,
                 EmitKind form) -> LogicalResult {
    auto content = generate(**object, *request.target, form);
    if (content && kind == Artifact::Result && request.verifiedImages)
      network.object = *content;
    if (content && kind == Artifact::Result)
      content = wrap(std::move(*content), network.prefix, request);
    if (!content)
      return fail(content.takeError());
    artifacts.push_back({kind, std::move(name), std::move(*content)});
    return success();
  };
  if (request.saveTemps &&
      (failed(add(Artifact::Temp, network.prefix + ".ll", EmitKind::LlvmIr)) ||
       failed(add(Artifact::Temp, network.prefix + ".s", EmitKind::Asm))))
    return failure();
  if (failed(add(Artifact::Result, "", *request.emit)))
    return failure();
  if (!isLinkable(request.emit))
    return success();
  artifacts.push_back({Artifact::Header, "",
                       formatHeader(model, network.prefix, request.source)});
  artifacts.push_back(
      {Artifact::Json, "", formatJson(model, network.prefix, origin)});
  if (isExternal)
    artifacts.push_back({Artifact::Weights, "", formatWeights(model, weights)});
  addAlso(network, request, artifacts);
  return success();
}
