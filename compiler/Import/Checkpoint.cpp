// Tells containers apart by their content, never by the file's name.
#include "compiler/Import/Checkpoint.h"

#include "compiler/Import/Refusal.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Errc.h"
#include "llvm/Support/FileSystem.h"

using namespace llvm;
using namespace mobileone;

/// A JSON object behind a length of eight bytes, which may look like any magic
/// number. No other container has a brace there.
static bool isSafeTensors(StringRef file) {
  return file.size() > 8 && file[8] == '{';
}

/// Whether more of a pipe can matter that begins with `head`: text has no
/// zeros, and what is neither that, a checkpoint nor bytecode is refused by its
/// first bytes.
static bool canBeInput(StringRef head) {
  return isSafeTensors(head) || head.starts_with(kZipMagic) ||
         head.starts_with(kPickleMagic) || head.starts_with(kTextMagic) ||
         head.starts_with("ML\xefR") || head.find('\0') == StringRef::npos;
}

/// Far above any checkpoint, and below what a machine has.
constexpr uint64_t kMostOfPipe = uint64_t{4} << 30;

/// Reads a pipe to its end, which one of /dev/zero never has.
static ErrorOr<std::unique_ptr<MemoryBuffer>> readPipe(StringRef name,
                                                       sys::fs::file_t pipe) {
  constexpr size_t kPart = 1 << 20;
  SmallVector<char, 0> bytes;
  size_t count = 1;
  while (count) {
    const size_t before = bytes.size();
    bytes.resize_for_overwrite(before + kPart);
    Expected<size_t> read = sys::fs::readNativeFile(
        pipe, MutableArrayRef(bytes).drop_front(before));
    if (!read)
      return errorToErrorCode(read.takeError());
    count = *read;
    bytes.truncate(before + count);
    if (bytes.size() >= kPart && !canBeInput({bytes.data(), kPart}))
      break;
    if (bytes.size() > kMostOfPipe)
      return make_error_code(errc::file_too_large);
  }
  auto buffer = WritableMemoryBuffer::getNewUninitMemBuffer(bytes.size(), name,
                                                            Align(64));
  copy(bytes, buffer->getBufferStart());
  return std::unique_ptr<MemoryBuffer>(std::move(buffer));
}

static ErrorOr<std::unique_ptr<MemoryBuffer>>
readFile(StringRef path, sys::fs::file_type type) {
  if (path == "-")
    return readPipe("<stdin>", sys::fs::getStdinHandle());
  // Page by page a mapped file may change or end under the reader.
  if (type != sys::fs::file_type::fifo_file)
    return MemoryBuffer::getFile(path, /*IsText=*/false,
                                 /*RequiresNullTerminator=*/true,
                                 /*IsVolatile=*/true, Align(64));
  Expected<sys::fs::file_t> pipe = sys::fs::openNativeFileForRead(path);
  if (!pipe)
    return errorToErrorCode(pipe.takeError());
  auto file = readPipe(path, *pipe);
  sys::fs::closeFile(*pipe);
  return file;
}

Expected<std::unique_ptr<MemoryBuffer>> mobileone::openInput(StringRef path) {
  sys::fs::file_status before, after;
  bool isNamed = path != "-" && !sys::fs::status(path, before);
  if (isNamed && sys::fs::is_directory(before))
    return refuse(path, "expects a file, but got a folder");
  if (isNamed && (before.type() == sys::fs::file_type::character_file ||
                  before.type() == sys::fs::file_type::block_file))
    return refuse(path, "expects a file, but got a device");
  ErrorOr<std::unique_ptr<MemoryBuffer>> file = readFile(path, before.type());
  if (!file && file.getError() == errc::file_too_large)
    return refuse(path, "expects at most 4 GB from a pipe, but got more");
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
