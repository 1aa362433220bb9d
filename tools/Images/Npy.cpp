// Reads and writes NumPy's .npy files: a magic number, a version, the length
// of a header, the header (a Python dictionary), the elements.
#include "tools/Images/Npy.h"
#include "tools/Images/ReadFile.h"

#include "llvm/Support/EndianStream.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <fmt/format.h>
#include <optional>

using namespace llvm;

namespace mobileone::images {
constexpr StringLiteral magic = "\x93NUMPY";

/// Elements start at a multiple of this.
constexpr size_t dataAlignment = 64;

namespace {

struct Header {
  std::optional<std::string> elementType;
  std::optional<bool> fortranOrder;
  std::optional<SmallVector<uint64_t>> shape;
};

/// Reads `{'descr': '<f4', 'fortran_order': False, 'shape': (8, 3), }`: of
/// Python's syntax only what NumPy writes.
class HeaderParser {
public:
  explicit HeaderParser(StringRef text) : rest(text) {}

  /// Returns false if the text is anything else.
  bool parse(Header &header) {
    if (!consume("{"))
      return false;
    while (!consume("}")) {
      std::string key;
      if (!parseString(key) || !consume(":") || !parseEntry(key, header))
        return false;
      if (!consume(","))
        return consume("}") && atEnd();
    }
    return atEnd();
  }

private:
  bool consume(StringRef token) {
    rest = rest.ltrim();
    return rest.consume_front(token);
  }

  bool atEnd() { return rest.trim().empty(); }

  bool parseString(std::string &value) {
    if (!consume("'"))
      return false;
    const size_t end = rest.find('\'');
    if (end == StringRef::npos)
      return false;
    value = rest.take_front(end).str();
    rest = rest.drop_front(end + 1);
    return true;
  }

  bool parseEntry(StringRef key, Header &header) {
    if (key == "descr")
      return parseString(header.elementType.emplace());
    if (key == "shape")
      return parseShape(header.shape.emplace());
    if (key != "fortran_order")
      return false;
    header.fortranOrder = consume("True");
    return *header.fortranOrder || consume("False");
  }

  bool parseShape(SmallVector<uint64_t> &shape) {
    if (!consume("("))
      return false;
    while (!consume(")")) {
      rest = rest.ltrim();
      uint64_t size;
      if (rest.consumeInteger(10, size))
        return false;
      shape.push_back(size);
      if (!consume(","))
        return consume(")");
    }
    return true;
  }

  StringRef rest;
};

} // namespace

static Error expected(StringRef rule, const std::string &value) {
  return createStringError("expects " + rule + ", but got " + value);
}

/// Splits a file into its header and its elements.
static Error splitFile(StringRef file, StringRef &header,
                       ArrayRef<char> &data) {
  if (!file.starts_with(magic))
    return expected("an .npy file",
                    file.empty() ? "an empty file" : "other content");
  if (file.size() < magic.size() + 2)
    return expected("a version number", "the end of the file");
  const unsigned major = static_cast<uint8_t>(file[magic.size()]);
  if (major != 1 && major != 2)
    return expected(".npy version 1 or 2", std::to_string(major));

  const size_t lengthBytes = major == 1 ? 2 : 4;
  StringRef rest = file.drop_front(magic.size() + 2);
  if (rest.size() < lengthBytes)
    return expected("a header length", "the end of the file");
  const size_t length = major == 1 ? support::endian::read16le(rest.data())
                                   : support::endian::read32le(rest.data());
  rest = rest.drop_front(lengthBytes);
  if (rest.size() < length)
    return expected(fmt::format("a header of {} bytes", length),
                    fmt::format("{} bytes", rest.size()));
  header = rest.take_front(length);
  rest = rest.drop_front(length);
  data = ArrayRef<char>(rest.data(), rest.size());
  return Error::success();
}

static Error parseFile(NpyArray &array) {
  StringRef text;
  if (Error error = splitFile(array.file->getBuffer(), text, array.data))
    return error;
  Header header;
  if (!HeaderParser(text).parse(header) || !header.elementType ||
      !header.fortranOrder || !header.shape)
    return expected("a header with 'descr', 'fortran_order' and 'shape'",
                    fmt::format("'{}'", text.take_front(80).rtrim().str()));

  array.isBytes = *header.elementType == "|u1";
  if (!array.isBytes && *header.elementType != "<f4")
    return expected("element type '<f4' or '|u1'",
                    fmt::format("'{}'", *header.elementType));
  if (*header.fortranOrder)
    return expected("elements in C order", "fortran_order True");
  array.shape = *header.shape;

  uint64_t bytes = array.isBytes ? 1 : sizeof(float);
  bool overflows = false;
  for (uint64_t size : array.shape) {
    bool product;
    bytes = SaturatingMultiply(bytes, size, &product);
    overflows |= product;
  }
  if (overflows || bytes != array.data.size())
    return expected(
        fmt::format("the elements of shape {}{}", formatShape(array.shape),
                    overflows ? "" : fmt::format(" in {} bytes", bytes)),
        fmt::format("{} bytes", array.data.size()));
  return Error::success();
}

std::string formatShape(ArrayRef<uint64_t> shape) {
  return fmt::format("({}{})", fmt::join(shape, ", "),
                     shape.size() == 1 ? "," : "");
}

Expected<NpyArray> readNpy(StringRef path) {
  Expected<std::unique_ptr<MemoryBuffer>> file = readFile(path);
  if (!file)
    return file.takeError();
  NpyArray array;
  array.file = std::move(*file);
  if (Error error = parseFile(array))
    return createStringError(path + ": " + toString(std::move(error)));
  return array;
}

std::string formatNpy(ArrayRef<uint64_t> shape, ArrayRef<float> values) {
  std::string header =
      fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': {}, }}",
                  formatShape(shape));
  const size_t prologue = magic.size() + 2 + sizeof(uint16_t);
  header.resize(
      alignTo(prologue + header.size() + 1, dataAlignment) - prologue - 1, ' ');
  header += '\n';

  std::string file;
  raw_string_ostream os(file);
  support::endian::Writer out(os, endianness::little);
  os << magic << '\1' << '\0'; // version 1.0
  out.write(static_cast<uint16_t>(header.size()));
  os << header;
  out.write(values);
  return file;
}

} // namespace mobileone::images
