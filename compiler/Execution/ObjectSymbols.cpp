// Finds a model's prefix in the symbol table of its object.
#include "compiler/Execution/ObjectSymbols.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"

#include <fmt/format.h>

using namespace llvm;

namespace mobileone {
namespace {

/// The names of the global symbols of an object: what it defines and calls.
struct GlobalSymbols {
  std::vector<std::string> functions; // in the order of the symbol table
  StringSet<> functionSet;
  std::vector<std::string> undefined;
};

} // namespace

static Expected<GlobalSymbols> readSymbols(const object::ObjectFile &object) {
  GlobalSymbols symbols;
  for (const object::SymbolRef &symbol : object.symbols()) {
    Expected<uint32_t> flags = symbol.getFlags();
    if (!flags)
      return flags.takeError();
    if (!(*flags & object::SymbolRef::SF_Global))
      continue;
    Expected<StringRef> name = symbol.getName();
    if (!name)
      return name.takeError();
    if (*flags & object::SymbolRef::SF_Undefined) {
      symbols.undefined.push_back(name->str());
      continue;
    }
    Expected<object::SymbolRef::Type> type = symbol.getType();
    if (!type)
      return type.takeError();
    if (*type != object::SymbolRef::ST_Function)
      continue;
    symbols.functions.push_back(name->str());
    symbols.functionSet.insert(*name);
  }
  return symbols;
}

static Error checkMachine(const object::ObjectFile &object) {
  const Triple host(sys::getProcessTriple());
  if (object.isELF() && object.isRelocatableObject() &&
      object.getArch() == host.getArch())
    return Error::success();
  return createStringError(fmt::format(
      "expects a relocatable ELF object for {}, but got {} {} {}",
      host.getArchName().str(), object.getFileFormatName().str(),
      object.isRelocatableObject() ? "object for" : "executable or library for",
      Triple::getArchTypeName(object.getArch()).str()));
}

static Error checkUndefined(const GlobalSymbols &symbols) {
  for (StringRef name : symbols.undefined)
    // The linker itself provides the global offset table.
    if (name != "memcpy" && name != "memmove" && name != "memset" &&
        name != "_GLOBAL_OFFSET_TABLE_")
      return createStringError(
          fmt::format("expects an object that calls nothing but memcpy, "
                      "memmove and memset, but got undefined symbol '{}'",
                      name.str()));
  return Error::success();
}

/// What LLVM does not read as an object, and why.
static std::string describeOther(StringRef file, const std::string &reason) {
  switch (identify_magic(file)) {
  case file_magic::archive:
    return "an archive";
  case file_magic::bitcode:
    return "LLVM bitcode";
  case file_magic::unknown:
    return file.empty() ? "an empty file" : "another kind of file";
  default:
    return "a damaged one: " + reason;
  }
}

Expected<std::string> findPrefix(MemoryBufferRef buffer) {
  Expected<std::unique_ptr<object::ObjectFile>> object =
      object::ObjectFile::createObjectFile(buffer);
  if (!object)
    return createStringError(
        "expects an object file, but got: " +
        describeOther(buffer.getBuffer(), toString(object.takeError())));
  if (Error error = checkMachine(**object))
    return std::move(error);
  Expected<GlobalSymbols> symbols = readSymbols(**object);
  if (!symbols)
    return symbols.takeError();

  std::string prefix;
  std::string incomplete;
  for (StringRef symbol : symbols->functions) {
    StringRef candidate = symbol;
    if (!candidate.consume_back("_info"))
      continue;
    std::string missing;
    for (const char *sibling : {"_run_ex", "_arena_bytes", "_isa"})
      if (!symbols->functionSet.contains((candidate + sibling).str()))
        missing = (candidate + sibling).str();
    if (!missing.empty()) {
      incomplete = missing;
      continue;
    }
    if (!prefix.empty())
      return createStringError(fmt::format(
          "expects one model, but got '{}' and '{}'", prefix, candidate.str()));
    prefix = candidate.str();
  }
  if (prefix.empty())
    return createStringError(fmt::format(
        "expects the functions NAME_run_ex, NAME_info, NAME_arena_bytes and "
        "NAME_isa of a MobileOne model, but got {}",
        incomplete.empty() ? "no NAME_info"
                           : fmt::format("no '{}'", incomplete)));
  if (Error error = checkUndefined(*symbols))
    return std::move(error);
  return prefix;
}

} // namespace mobileone
