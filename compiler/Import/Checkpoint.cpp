// Tells containers apart by their content, never by the file's name.
#include "compiler/Import/Checkpoint.h"

#include "compiler/Import/Refusal.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"

using namespace llvm;
using namespace mobileone;

static constexpr StringLiteral kZip = "PK";
static constexpr StringLiteral kPickle = "\x80";
static constexpr StringLiteral kBytecode = "ML\xefR";

/// The bytes at which every tar archive says "ustar".
static StringRef getTarMagic(StringRef content) {
  return content.substr(257, 5);
}

/// Text has no control bytes, while the length that safetensors begin with,
/// even a damaged one, does.
static bool beginsBinary(StringRef content) {
  return any_of(content.take_front(8).bytes(), [](uint8_t byte) {
    return byte < ' ' && !isSpace(static_cast<char>(byte));
  });
}

bool mobileone::isCheckpoint(StringRef content) {
  if (content.starts_with(kBytecode))
    return false;
  return content.empty() || content.starts_with(kZip) ||
         content.starts_with("<") ||
         content.starts_with("version https://git-lfs") ||
         getTarMagic(content) == "ustar" || beginsBinary(content);
}

/// A JSON object behind a length of eight bytes, which may look like any magic
/// number. No other container has a brace there.
static bool isSafeTensors(StringRef file) {
  return file.size() > 8 && file[8] == '{';
}

/// What stands in place of a checkpoint after a failed download and the like,
/// or "".
static StringRef describeLookAlike(StringRef file) {
  if (file.empty())
    return "an empty file";
  if (file.starts_with("<"))
    return "an HTML or XML page (failed download?)";
  if (file.starts_with("\x1f\x8b"))
    return "gzip data";
  if (getTarMagic(file) == "ustar")
    return "a real tar archive (a .pth.tar file is a PyTorch file by another "
           "name)";
  return "";
}

Expected<std::vector<Tensor>> mobileone::readCheckpoint(StringRef file) {
  if (isSafeTensors(file))
    return readSafeTensors(file);
  StringRef lookAlike = describeLookAlike(file);
  if (!lookAlike.empty())
    return refuse("", "expects a safetensors or PyTorch checkpoint, but got " +
                          lookAlike);
  if (file.starts_with("version https://git-lfs")) {
    StringRef size = file.split("\nsize ").second.take_while(isDigit);
    return refuse("", "expects a checkpoint, but got a Git LFS pointer (the "
                      "real file of " +
                          size + " bytes was not fetched)");
  }
  if (file.starts_with(kZip))
    return readTorchZip(file);
  if (file.starts_with(kPickle))
    return readTorchLegacy(file);
  return readSafeTensors(file);
}
