// Further files beside an object, for those who link it.
#include "compiler/Driver/Also.h"

#include "compiler/Object/CppHeader.h"
#include "compiler/Object/LinkFiles.h"
#include "llvm/Support/Path.h"

using namespace mobileone;

/// By which flag a file is asked for.
static llvm::StringRef getFlag(Artifact::Kind kind) {
  return kind == Artifact::CppHeader   ? "--also=hpp"
         : kind == Artifact::PkgConfig ? "--also=pc"
                                       : "--also=cmake";
}

static llvm::Error checkNames(const CompileRequest &request,
                              Artifact::Kind kind) {
  llvm::StringRef stem = llvm::sys::path::stem(request.file);
  if (kind == Artifact::CppHeader)
    return checkIncludedName((stem + ".h").str());
  for (llvm::StringRef part : {stem, llvm::StringRef(request.file)})
    if (llvm::Error error = checkLinkName(part))
      return llvm::createStringError(getFlag(kind) + " " +
                                     toString(std::move(error)));
  return llvm::Error::success();
}

llvm::Error mobileone::checkAlso(const CompileRequest &request) {
  if (!request.also.empty() && !isLinkable(request.emit))
    return llvm::createStringError(
        "--also expects an object to stand beside: -o NAME.o");
  for (Artifact::Kind kind : request.also) {
    if (request.file.empty())
      return llvm::createStringError(getFlag(kind) +
                                     " expects the name of the object's file");
    if (llvm::Error error = checkNames(request, kind))
      return error;
  }
  return llvm::Error::success();
}

static LinkedAs getLinkedAs(EmitKind kind) {
  return kind == EmitKind::Shared    ? LinkedAs::Shared
         : kind == EmitKind::Archive ? LinkedAs::Archive
                                     : LinkedAs::Object;
}

static std::string format(Artifact::Kind kind, const CompiledNetwork &network,
                          const CompileRequest &request) {
  const ModelInfo &model = network.model;
  llvm::StringRef stem = llvm::sys::path::stem(request.file);
  switch (kind) {
  case Artifact::CppHeader:
    return formatCppHeader(model, network.prefix, request.source,
                           (stem + ".h").str());
  case Artifact::PkgConfig:
    return formatPkgConfig(model, request.source, stem, request.file);
  case Artifact::CMakeConfig:
    return formatCMakeConfig(model, request.source, stem, request.file,
                             getLinkedAs(*request.emit));
  default:
    llvm_unreachable("every kind of --also has a text");
  }
}

void mobileone::addAlso(const CompiledNetwork &network,
                        const CompileRequest &request,
                        std::vector<Artifact> &artifacts) {
  for (Artifact::Kind kind :
       {Artifact::CppHeader, Artifact::PkgConfig, Artifact::CMakeConfig})
    if (llvm::is_contained(request.also, kind))
      artifacts.push_back({kind, "", format(kind, network, request)});
}
