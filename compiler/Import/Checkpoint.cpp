// Tells containers apart by their content, never by the file's name.
#include "compiler/Import/Checkpoint.h"

#include "compiler/Import/Refusal.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"

using namespace llvm;
using namespace mobileone;

static constexpr StringLiteral kZip = "PK";
static constexpr StringLiteral kPickle = "\x80";
/// The magic number of a stream as protocols 0 and 1 write it.
static constexpr StringLiteral kTextMagic = "L119547037146038801333356L\n";

/// A JSON object behind a length of eight bytes, which may look like any magic
/// number. No other container has a brace there.
static bool isSafeTensors(StringRef file) {
  return file.size() > 8 && file[8] == '{';
}

Expected<std::unique_ptr<MemoryBuffer>> mobileone::openInput(StringRef path) {
  // Page by page a mapped file may change or end under the reader.
  auto read = [&] {
    return path == "-" ? MemoryBuffer::getSTDIN()
                       : MemoryBuffer::getFile(path, /*IsText=*/false,
                                               /*RequiresNullTerminator=*/true,
                                               /*IsVolatile=*/true, Align(64));
  };
  sys::fs::file_status before, after;
  bool isRegular = path != "-" && !sys::fs::status(path, before) &&
                   sys::fs::is_regular_file(before);
  if (path != "-" && sys::fs::is_directory(before))
    return refuse(path, "expects a file, but got a folder");
  ErrorOr<std::unique_ptr<MemoryBuffer>> file = read();
  if (!file)
    return refuse(path, "expects a readable file, but got " +
                            file.getError().message());
  if (isRegular &&
      (sys::fs::status(path, after) || after.getSize() != before.getSize() ||
       (*file)->getBufferSize() != before.getSize() ||
       after.getLastModificationTime() != before.getLastModificationTime()))
    return refuse(path, "expects a file that stays as it is, but got one that "
                        "changed while it was read");
  return std::move(*file);
}

Expected<std::vector<StateDict>> mobileone::readCheckpoint(StringRef file) {
  if (isSafeTensors(file))
    return readSafeTensors(file);
  if (file.starts_with(kZip))
    return readTorchZip(file);
  if (file.starts_with(kPickle) || file.starts_with(kTextMagic))
    return readTorchLegacy(file);
  constexpr StringLiteral kPointer = "version https://git-lfs";
  std::string lookAlike = describeLookAlike(file);
  if (file.starts_with(kPointer)) {
    StringRef size = file.split("\nsize ").second.take_while(isDigit);
    lookAlike += (", of " + size + " bytes").str();
  }
  if (!lookAlike.empty())
    return refuse("", "expects a safetensors or PyTorch checkpoint, but got " +
                          lookAlike);
  return readSafeTensors(file);
}
