// Names and checks of the files of a compile.
#include "ArtifactFiles.h"
#include "Diagnostics.h"

#include "compiler/Object/CppHeader.h"
#include "compiler/Object/Header.h"
#include "compiler/Object/Json.h"
#include "compiler/Object/LinkFiles.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace mobileone;

static std::string replaceSuffix(StringRef file, StringRef suffix) {
  SmallString<128> name(file);
  llvm::sys::path::replace_extension(name, "");
  return (name + suffix).str();
}

static constexpr OutputRule kObjectRule = {/*onlyFile=*/true, ""};

/// What is written beside an object belongs to it: its name ends with `suffix`
/// in place of the object's own, and only files with the mark are replaced.
struct FileBeside {
  Artifact::Kind kind;
  StringLiteral suffix;
  StringLiteral mark;
};
static constexpr FileBeside kFilesBeside[] = {
    {Artifact::Header, ".h", kHeaderMark},
    {Artifact::Json, ".json", kJsonMark},
    {Artifact::Weights, ".weights", kWeightsMark},
    {Artifact::CppHeader, ".hpp", kCppHeaderMark},
    {Artifact::PkgConfig, ".pc", kLinkFileMark},
    {Artifact::CMakeConfig, "Config.cmake", kLinkFileMark}};

static bool isMade(const CompileRequest &request, Artifact::Kind kind) {
  switch (kind) {
  case Artifact::Header:
  case Artifact::Json:
    return true;
  case Artifact::Weights:
    return request.weights == WeightsPlace::External;
  default:
    return llvm::is_contained(request.also, kind);
  }
}

static std::string nameBeside(StringRef object, Artifact::Kind kind) {
  return replaceSuffix(object,
                       llvm::find_if(kFilesBeside, [&](const FileBeside &file) {
                         return file.kind == kind;
                       })->suffix);
}

LogicalResult ArtifactFiles::reserve() {
  if (!options.saveTemps.empty())
    if (llvm::Error error = outputs.addFolder(options.saveTemps))
      return fail(std::move(error));
  if (isLinkable(options.request.emit)) {
    if (llvm::Error error = outputs.reserve(output, kObjectRule))
      return fail(std::move(error));
    for (const auto &[kind, suffix, mark] : kFilesBeside) {
      if (!isMade(options.request, kind))
        continue;
      if (llvm::Error error = outputs.reserve(replaceSuffix(output, suffix),
                                              {/*onlyFile=*/true, mark}))
        return fail(std::move(error));
    }
  } else if (llvm::Error error = outputs.reserve(output)) {
    return fail(std::move(error));
  }
  if (!options.tune.empty())
    if (llvm::Error error = outputs.reserve(options.tune))
      return fail(std::move(error));
  return success();
}

LogicalResult ArtifactFiles::expectIrSuffix() const {
  StringRef name = output;
  if (name.ends_with(".mlir") || name.ends_with(".mlirbc")) {
    llvm::Error error = options.checkStage(EmitKind::Train);
    return error ? fail(std::move(error)) : success();
  }
  return fail("a checkpoint expects -o NAME with the suffix .o or .obj "
              "(object), .a or .lib (static library), .so (shared library), "
              ".wasm (module), "
              ".s (assembly), .ll (LLVM IR), .mlir or .mlirbc "
              "(train-time IR), or else --emit=KIND, but got " +
              (name == "-" ? "neither" : "-o " + name));
}

LogicalResult ArtifactFiles::write(StringRef path, std::string content,
                                   OutputRule rule) {
  if (llvm::Error error = outputs.write(path, std::move(content), rule))
    return fail(std::move(error));
  return success();
}

LogicalResult ArtifactFiles::writeResult(std::string content) {
  const CompileRequest &request = options.request;
  bool isTerminal = OutputSet::isTerminal(output);
  bool isIr =
      request.emit >= EmitKind::Train && !(request.emit > EmitKind::Llvm);
  if (isTerminal && isIr && request.isBytecode)
    return fail("expects -o FILE for bytecode, but got a terminal");
  // A megabyte scrolls for minutes.
  constexpr size_t mostForTerminal = 1 << 20;
  if (isTerminal && content.size() > mostForTerminal)
    return fail("expects -o FILE for " + Twine(content.size() >> 20) +
                " MB of text, but got a terminal; IR is short with "
                "--mlir-elide-elementsattrs-if-larger=16 "
                "--mlir-elide-resource-strings-if-larger=16");
  return write(output, std::move(content));
}

/// These stand first in what --save-temps writes: its files have common names.
static constexpr llvm::StringLiteral kTempMark = "Saved by mobileone-opt";

LogicalResult ArtifactFiles::writeTemp(StringRef name, StringRef content) {
  SmallString<128> path(options.saveTemps);
  llvm::sys::path::append(path, name);
  StringRef comment =
      llvm::StringSwitch<StringRef>(llvm::sys::path::extension(name))
          .Case(".ll", "; ")
          .Case(".s", "# ")
          .Default("// ");
  return write(path, (comment + kTempMark + "\n" + content).str(),
               {/*onlyFile=*/true, kTempMark});
}

LogicalResult ArtifactFiles::write(Artifact artifact) {
  switch (artifact.kind) {
  case Artifact::Result:
    return writeResult(std::move(artifact.content));
  case Artifact::Header:
  case Artifact::Json:
  case Artifact::Weights:
  case Artifact::CppHeader:
  case Artifact::PkgConfig:
  case Artifact::CMakeConfig:
    return write(nameBeside(output, artifact.kind),
                 std::move(artifact.content));
  case Artifact::Schedules:
    return write(options.tune, std::move(artifact.content));
  case Artifact::Temp:
    return writeTemp(artifact.name, artifact.content);
  }
  llvm_unreachable("every kind has a file");
}
