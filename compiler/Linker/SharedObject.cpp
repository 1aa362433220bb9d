// Runs lld on temporary files: it reads and writes nothing else.
#include "compiler/Linker/SharedObject.h"

#include "lld/Common/Driver.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"

#include <mutex>
#include <vector>

LLD_HAS_DRIVER(elf)

using namespace llvm;

namespace {

/// A file that is gone afterwards, also after a signal that ends the process.
class TemporaryFile {
public:
  static Expected<TemporaryFile> create(StringRef suffix, StringRef content) {
    TemporaryFile file;
    int descriptor = 0;
    if (std::error_code code = sys::fs::createTemporaryFile(
            "mobileone", suffix, descriptor, file.path))
      return createStringError("cannot make a temporary file " + file.path +
                               ": " + code.message());
    sys::RemoveFileOnSignal(file.path);
    raw_fd_ostream os(descriptor, /*shouldClose=*/true);
    os << content;
    os.close();
    if (std::error_code code = os.error()) {
      os.clear_error();
      return createFileError(file.path, code);
    }
    return file;
  }
  TemporaryFile(TemporaryFile &&other) { path.swap(other.path); }
  TemporaryFile &operator=(TemporaryFile &&) = delete;
  ~TemporaryFile() {
    if (path.empty())
      return;
    sys::fs::remove(path);
    sys::DontRemoveFileOnSignal(path);
  }

  const char *getPath() { return path.c_str(); }

private:
  TemporaryFile() = default;

  SmallString<128> path;
};

} // namespace

/// The linker keeps its state for the process.
static Error runLinker(ArrayRef<const char *> arguments) {
  static std::mutex mutex;
  std::lock_guard<std::mutex> lock(mutex);
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
  Expected<TemporaryFile> input = TemporaryFile::create("o", object);
  if (!input)
    return input.takeError();
  Expected<TemporaryFile> output = TemporaryFile::create("so", "");
  if (!output)
    return output.takeError();
  // One thread: a link takes milliseconds. A build identifier is what
  // distributions and crash reporters know a library by.
  std::vector<const char *> arguments{
      "ld.lld",          "-shared",          "--threads=1", "--build-id=sha1",
      "--eh-frame-hdr",  "--hash-style=gnu", "-znow",       "-o",
      output->getPath(), input->getPath()};
  std::string name = ("--soname=" + soname).str();
  if (!soname.empty())
    arguments.push_back(name.c_str());
  if (Error error = runLinker(arguments))
    return error;
  auto library = MemoryBuffer::getFile(output->getPath());
  if (!library)
    return createFileError(output->getPath(), library.getError());
  return (*library)->getBuffer().str();
}
