// Runs lld on files of a folder that is gone afterwards: it reads and writes
// nothing else.
#include "compiler/Linker/SharedObject.h"

#include "lld/Common/Driver.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <mutex>
#include <vector>

LLD_HAS_DRIVER(elf)

using namespace llvm;

static Error writeFile(StringRef path, StringRef content) {
  std::error_code code;
  raw_fd_ostream os(path, code);
  if (!code) {
    os << content;
    os.close();
    code = os.error();
    os.clear_error();
  }
  return code ? createFileError(path, code) : Error::success();
}

/// The linker keeps its state for the process.
static Error runLinker(ArrayRef<const char *> arguments) {
  static std::mutex mutex;
  std::lock_guard lock(mutex);
  std::string messages;
  raw_string_ostream os(messages);
  lld::Result result =
      lld::lldMain(arguments, os, os, {{lld::Gnu, &lld::elf::link}});
  if (result.retCode)
    return createStringError("linking a shared library failed: " +
                             StringRef(messages).rtrim());
  return Error::success();
}

Expected<std::string> mobileone::linkShared(StringRef object,
                                            StringRef soname) {
  SmallString<128> folder;
  if (std::error_code code =
          sys::fs::createUniqueDirectory("mobileone-link", folder))
    return createStringError("cannot make a folder for the linker in " +
                             sys::path::parent_path(folder) + ": " +
                             code.message());
  auto remove = make_scope_exit([&] { sys::fs::remove_directories(folder); });
  std::string input = (folder + "/object.o").str(),
              output = (folder + "/library.so").str(),
              name = ("--soname=" + soname).str();
  if (Error error = writeFile(input, object))
    return error;
  // One thread: a link takes milliseconds. A build identifier is what
  // distributions and crash reporters know a library by.
  std::vector<const char *> arguments{
      "ld.lld",         "-shared",          "--threads=1", "--build-id=sha1",
      "--eh-frame-hdr", "--hash-style=gnu", "-znow",       "-o",
      output.c_str(),   input.c_str()};
  if (!soname.empty())
    arguments.push_back(name.c_str());
  if (Error error = runLinker(arguments))
    return error;
  auto library = MemoryBuffer::getFile(output);
  if (!library)
    return createFileError(output, library.getError());
  return (*library)->getBuffer().str();
}
