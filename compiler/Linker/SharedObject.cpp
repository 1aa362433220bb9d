// Runs lld on temporary files: it reads and writes nothing else.
#include "compiler/Linker/SharedObject.h"

#include "lld/Common/Driver.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <mutex>
#include <vector>

LLD_HAS_DRIVER(elf)
LLD_HAS_DRIVER(wasm)

using namespace llvm;

/// A file that whoever made it discards; a signal that ends the process does,
/// too.
static Expected<sys::fs::TempFile> createTemporary(StringRef suffix) {
  SmallString<128> model;
  sys::path::system_temp_directory(/*ErasedOnReboot=*/true, model);
  sys::path::append(model, "mobileone-%%%%%%%%" + suffix);
  // Weights are in it: nobody else reads them there.
  auto file = sys::fs::TempFile::create(model, sys::fs::owner_read |
                                                   sys::fs::owner_write);
  if (!file)
    return createStringError("cannot make a temporary file " + model + ": " +
                             toString(file.takeError()));
  return file;
}

/// The linker keeps its state for the process.
static Error runLinker(ArrayRef<const char *> arguments) {
  static std::mutex mutex;
  std::lock_guard<std::mutex> lock(mutex);
  std::string messages;
  raw_string_ostream os(messages);
  lld::Result result = lld::lldMain(
      arguments, os, os,
      {{lld::Gnu, &lld::elf::link}, {lld::Wasm, &lld::wasm::link}});
  if (result.retCode)
    return createStringError("linking a shared library failed: " +
                             StringRef(messages).rtrim());
  return Error::success();
}

/// One thread: a link takes milliseconds. A build identifier is what
/// distributions and crash reporters know a library by.
static void addElfArguments(const Triple &triple, const std::string &soname,
                            std::vector<const char *> &arguments) {
  arguments = {
      "ld.lld",         "-shared",          "--threads=1", "--build-id=sha1",
      "--eh-frame-hdr", "--hash-style=gnu", "-znow"};
  // From version 15 on devices may have pages of 16 KB.
  if (triple.isAndroid())
    arguments.push_back("-zmax-page-size=16384");
  if (!soname.empty())
    arguments.push_back(soname.c_str());
}

/// Flags of the linker that export the functions which `object` defines.
static Expected<std::vector<std::string>> listExports(StringRef object) {
  auto file =
      object::ObjectFile::createObjectFile(MemoryBufferRef(object, "object"));
  if (!file)
    return file.takeError();
  std::vector<std::string> exports;
  for (const object::SymbolRef &symbol : (*file)->symbols()) {
    auto flags = symbol.getFlags();
    auto name = symbol.getName();
    if (!flags || !name)
      return joinErrors(flags.takeError(), name.takeError());
    if (*flags & object::SymbolRef::SF_Global &&
        !(*flags & object::SymbolRef::SF_Undefined))
      exports.push_back(("--export=" + *name).str());
  }
  return exports;
}

/// What grows beyond the stack meets the end of memory, not data. A network
/// needs far less than these 64 KB of it. Without a name the module would have
/// that of a temporary file.
static void addWasmArguments(ArrayRef<std::string> exports,
                             const std::string &soname,
                             std::vector<const char *> &arguments) {
  arguments = {"wasm-ld",
               "--no-entry",
               "--threads=1",
               "--export=__heap_base",
               "--stack-first",
               "-zstack-size=65536",
               soname.empty() ? "--soname=module" : soname.c_str()};
  for (const std::string &name : exports)
    arguments.push_back(name.c_str());
}

Expected<std::string> mobileone::linkShared(StringRef object, StringRef soname,
                                            const Triple &triple) {
  auto input = createTemporary(".o");
  if (!input)
    return input.takeError();
  scope_exit discardInput([&] { consumeError(input->discard()); });
  auto output = createTemporary(".so");
  if (!output)
    return output.takeError();
  scope_exit discardOutput([&] { consumeError(output->discard()); });
  raw_fd_ostream os(input->FD, /*shouldClose=*/false);
  os << object;
  os.flush();
  if (std::error_code code = os.error()) {
    os.clear_error();
    return createFileError(input->TmpName, code);
  }
  std::string name = soname.empty() ? "" : ("--soname=" + soname).str();
  std::vector<const char *> arguments;
  std::vector<std::string> exports;
  if (triple.isWasm()) {
    if (Error error = listExports(object).moveInto(exports))
      return error;
    addWasmArguments(exports, name, arguments);
  } else {
    addElfArguments(triple, name, arguments);
  }
  for (const char *argument :
       {"-o", output->TmpName.c_str(), input->TmpName.c_str()})
    arguments.push_back(argument);
  if (Error error = runLinker(arguments))
    return error;
  auto library = MemoryBuffer::getFile(output->TmpName);
  if (!library)
    return createFileError(output->TmpName, library.getError());
  return (*library)->getBuffer().str();
}
