// Reads the files that are named on the command line.
#include "tools/Images/ReadFile.h"

#include "llvm/Support/FileSystem.h"

#include <fmt/format.h>

using namespace llvm;

namespace mobileone::images {

static const char *describe(sys::fs::file_type type) {
  switch (type) {
  case sys::fs::file_type::directory_file:
    return "a folder";
  case sys::fs::file_type::fifo_file:
    return "a pipe";
  case sys::fs::file_type::socket_file:
    return "a socket";
  case sys::fs::file_type::block_file:
  case sys::fs::file_type::character_file:
    return "a device";
  default:
    return "something else";
  }
}

Expected<std::unique_ptr<MemoryBuffer>> readFile(StringRef path) {
  sys::fs::file_status status;
  if (std::error_code error = sys::fs::status(path, status))
    return createStringError(path + ": cannot be read: " + error.message());
  if (status.type() != sys::fs::file_type::regular_file)
    return createStringError(
        fmt::format("{}: expects a regular file, but got {}", path.str(),
                    describe(status.type())));
  ErrorOr<std::unique_ptr<MemoryBuffer>> file = MemoryBuffer::getFile(
      path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!file)
    return createStringError(path +
                             ": cannot be read: " + file.getError().message());
  return std::move(*file);
}

} // namespace mobileone::images
