// Tells containers apart by their content, never by the file's name.
#include "compiler/Import/Checkpoint.h"

#include "compiler/Import/Refusal.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"

using namespace llvm;
using namespace mobileone;

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
  bool isNamed = path != "-" && !sys::fs::status(path, before);
  if (isNamed && sys::fs::is_directory(before))
    return refuse(path, "expects a file, but got a folder");
  if (isNamed && (before.type() == sys::fs::file_type::character_file ||
                  before.type() == sys::fs::file_type::block_file))
    return refuse(path, "expects a file, but got a device");
  ErrorOr<std::unique_ptr<MemoryBuffer>> file = read();
  if (!file)
    return refuse(path, "expects a readable file, but got " +
                            file.getError().message());
  if (isNamed && sys::fs::is_regular_file(before) &&
      (sys::fs::status(path, after) || after.getSize() != before.getSize() ||
       (*file)->getBufferSize() != before.getSize() ||
       after.getLastModificationTime() != before.getLastModificationTime()))
    return refuse(path, "expects a file that stays as it is, but got one that "
                        "changed while it was read");
  return std::move(*file);
}

bool mobileone::leadsTo(StringRef key, StringRef path) {
  auto isSame = [](char a, char b) {
    return a == b ||
           (StringRef("./").contains(a) && StringRef("./").contains(b));
  };
  return std::equal(key.begin(), key.end(), path.begin(), path.end(), isSame);
}

Expected<std::vector<StateDict>>
mobileone::readCheckpoint(StringRef file, std::optional<StringRef> key) {
  if (isSafeTensors(file))
    return readSafeTensors(file);
  if (file.starts_with(kZipMagic))
    return readTorchZip(file, key);
  if (file.starts_with(kPickleMagic) || file.starts_with(kTextMagic))
    return readTorchLegacy(file, key);
  constexpr StringLiteral kPointer = "version https://git-lfs";
  std::string lookAlike = describeLookAlike(file);
  StringRef size = file.split("\nsize ").second.take_while(isDigit);
  if (file.starts_with(kPointer) && !size.empty())
    lookAlike += (", of " + size + " bytes").str();
  if (lookAlike.empty() && !isCheckpoint(file))
    lookAlike = "MLIR or another text";
  if (!lookAlike.empty())
    return refuse("", "expects a safetensors or PyTorch checkpoint, but got " +
                          lookAlike);
  return readSafeTensors(file);
}
