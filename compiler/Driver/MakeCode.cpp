// From the LLVM IR of all levels to an object and what belongs to it.
#include "compiler/Driver/Also.h"
#include "compiler/Driver/Origin.h"

#include "compiler/Linker/Archive.h"
#include "compiler/Linker/SharedObject.h"
#include "compiler/Object/Header.h"
#include "compiler/Object/Json.h"
#include "compiler/Object/Object.h"
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

llvm::Error mobileone::checkForm(const CompileRequest &request) {
  if (request.emit != EmitKind::Shared ||
      request.target->getTriple().isOSBinFormatELF())
    return llvm::Error::success();
  const Target *example = llvm::find_if(getTargets(), [](const Target &target) {
    return target.getTriple().isOSBinFormatELF();
  });
  return llvm::createStringError(
      "--emit=shared expects a target with ELF files, as " + example->name +
      ", but got " + request.target->name +
      ": make the library of -o NAME.o by the linker of that system");
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
