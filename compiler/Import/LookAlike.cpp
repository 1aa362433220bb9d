// Names what people bring in place of a checkpoint, by its first bytes.
#include "compiler/Import/Checkpoint.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"

using namespace llvm;
using namespace mobileone;

namespace {
/// A format that is known by `magic` at byte `at`.
struct Format {
  size_t at;
  StringLiteral magic;
  StringLiteral name;
};
} // namespace

static constexpr Format kFormats[] = {
    {0, "\x1f\x8b", "gzip data (unpack it)"},
    {0,
     "\xfd"
     "7zXZ",
     "xz data (unpack it)"},
    {0, "\x28\xb5\x2f\xfd", "Zstandard data (unpack it)"},
    {0, "BZh", "bzip2 data (unpack it)"},
    {0, "\x04\x22\x4d\x18", "LZ4 data (unpack it)"},
    {0, "7z\xbc\xaf\x27\x1c", "a 7z archive (unpack it)"},
    {0, "Rar!\x1a\x07", "a RAR archive (unpack it)"},
    {257, "ustar",
     "a real tar archive (a .pth.tar file is a PyTorch file by another name)"},
    {0, "\x89HDF\r\n\x1a\n", "an HDF5 file, as Keras writes it"},
    {4, "TFL3", "a TensorFlow Lite model"},
    {0, "GGUF", "a GGUF model"},
    {0, "\x93NUMPY", "a NumPy array (.npy)"},
    {0, "\x89PNG", "a PNG image"},
    {0, "\xff\xd8\xff", "a JPEG image"},
    {0, "GIF8", "a GIF image"},
    {8, "WEBP", "a WebP image"},
    {4, "ftypheic", "a HEIC image"},
    {4, "ftypheix", "a HEIC image"},
    {4, "ftypmif1", "a HEIC image"},
    {4, "ftypmsf1", "a HEIC image"},
    {4, "ftypavif", "an AVIF image"},
    {4, "ftyp", "an MP4 or QuickTime file"},
    {0, "RIFF", "a RIFF file (sound or video)"},
    {0, StringLiteral::withInnerNUL("II*\0"), "a TIFF image"},
    {0, StringLiteral::withInnerNUL("MM\0*"), "a TIFF image"},
    {0, "%PDF-", "a PDF document"},
    {0, "%!PS", "a PostScript document"},
    {0,
     "\x7f"
     "ELF",
     "an object or program (ELF): mobileone-run runs compiled objects"},
    {0, "MZ", "a Windows program or library"},
    {0, "\xcf\xfa\xed\xfe", "a Mach-O object or program"},
    {0, StringLiteral::withInnerNUL("\0asm"), "a WebAssembly module"},
    {0, "version https://git-lfs",
     "a Git LFS pointer (the real file was not "
     "fetched)"},
};

/// A protobuf begins with its version, a small number, as field 1. What stands
/// in field 2 tells ONNX (the producer's name) from Core ML (a message).
static StringRef describeProtobuf(StringRef content) {
  if (content.size() < 8 || content[0] != 0x08 || content[1] <= 0 ||
      content[1] > 64)
    return "";
  static constexpr char kOnnx[] = "an ONNX model (save the PyTorch model's "
                                  "state_dict() instead)";
  char tag = content[2], length = content[3], first = content[4];
  if (StringRef("\x1a\x22\x28\x32\x3a\x42").contains(tag))
    return kOnnx;
  if (tag != 0x12)
    return "";
  bool isName = length == 0 || (length > 0 && isPrint(first));
  return isName ? kOnnx : "a Core ML model";
}

/// BMP: its size, two zeros, and where pixels begin.
static bool isBitmap(StringRef content) {
  return content.size() >= 18 && content.starts_with("BM") &&
         support::endian::read32le(content.data() + 6) == 0 &&
         support::endian::read32le(content.data() + 10) < 4096;
}

/// What a JSON text is, of which llvm::json needs not see the whole.
static StringRef describeJson(StringRef text) {
  bool isObject = text.consume_front("{") && (text.ltrim().starts_with("\"") ||
                                              text.ltrim().starts_with("}"));
  if (!isObject && !text.starts_with("["))
    return "";
  if (text.contains("\"weight_map\""))
    return "the index of a checkpoint in several files (merge them: load all "
           "and save one state_dict())";
  return "a JSON text, such as a model's configuration (the weights stand in "
         "another file)";
}

static bool isText(StringRef content) {
  return all_of(content.take_front(512).bytes(), [](uint8_t byte) {
    return byte >= ' ' || isSpace(static_cast<char>(byte));
  });
}

/// Text that is no MLIR: that begins, behind comments, with an op's name, which
/// has a dialect, or with one of a few signs.
static StringRef describeText(StringRef text) {
  if (text.starts_with("#!") || text.starts_with("# "))
    return "a script or Python source";
  text = text.ltrim();
  while (text.consume_front("//"))
    text = text.substr(text.find('\n')).ltrim();
  StringRef word = text.take_while(
      [](char c) { return isAlnum(c) || c == '_' || c == '.'; });
  static constexpr StringLiteral kPython[] = {"import", "from", "def", "class",
                                              "with"};
  if (is_contained(kPython, word) || text.starts_with("\"\"\""))
    return "Python source";
  static constexpr StringLiteral kBuiltin[] = {"module",
                                               "unrealized_conversion_cast"};
  if (word.empty() || word.contains('.') || is_contained(kBuiltin, word))
    return "";
  // Prose goes on with a word or a punctuation mark that follows no op's name.
  StringRef rest = text.drop_front(word.size());
  bool isProse = rest.starts_with(":") || rest.starts_with(",") ||
                 (rest.consume_front(" ") && !rest.empty() &&
                  (isAlnum(rest.front()) || rest.front() == '='));
  return isProse ? "plain text" : "";
}

std::string mobileone::describeLookAlike(StringRef content) {
  if (content.empty())
    return "an empty file";
  for (const Format &format : kFormats)
    if (content.substr(format.at).starts_with(format.magic))
      return format.name.str();
  if (isBitmap(content))
    return "a BMP image";
  StringRef name = describeProtobuf(content);
  if (!name.empty() || !isText(content))
    return name.str();
  StringRef text = content;
  text.consume_front("\xef\xbb\xbf"); // byte-order mark
  text = text.ltrim();
  if (text.starts_with("<"))
    return "an HTML or XML page (failed download?)";
  name = describeJson(text);
  return (name.empty() ? describeText(text) : name).str();
}

bool mobileone::isCheckpoint(StringRef content) {
  constexpr StringLiteral bytecode = "ML\xefR";
  if (content.starts_with(bytecode))
    return false;
  return content.starts_with(kZipMagic) || content.starts_with(kTextMagic) ||
         !isText(content) || !describeLookAlike(content).empty();
}
