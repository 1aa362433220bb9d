// Bounds-checked reading of opcodes and operands.
#include "compiler/Import/PickleStream.h"

#include "compiler/Import/Refusal.h"

using namespace llvm;
using namespace mobileone;

uint64_t mobileone::readLittleEndian(StringRef bytes) {
  uint64_t value = 0;
  for (auto [i, byte] : enumerate(bytes.bytes()))
    value |= static_cast<uint64_t>(byte) << (8 * i);
  return value;
}

Error PickleStream::damaged(const Twine &message) const {
  return refuse(subject,
                "damaged pickle at byte " + Twine(opcodeAt) + ": " + message);
}

Expected<uint8_t> PickleStream::takeOpcode() {
  opcodeAt = at;
  if (at == bytes.size())
    return damaged("expects the STOP opcode, but got the end of the data");
  return static_cast<uint8_t>(bytes[at++]);
}

Expected<StringRef> PickleStream::take(uint64_t count) {
  if (count > bytes.size() - at)
    return damaged("expects " + Twine(count) + " more bytes, but got " +
                   Twine(bytes.size() - at) + " (length exceeds the record)");
  StringRef taken = bytes.substr(at, count);
  at += count;
  return taken;
}

Expected<StringRef> PickleStream::takeLine() {
  size_t end = bytes.find('\n', at);
  if (end == StringRef::npos)
    return damaged("expects a line, but got no end of line");
  StringRef line = bytes.slice(at, end);
  at = end + 1;
  return line;
}

Expected<uint64_t> PickleStream::takeDecimal() {
  Expected<StringRef> line = takeLine();
  if (!line)
    return line.takeError();
  uint64_t value = 0;
  if (line->getAsInteger(10, value))
    return damaged("expects a number, but got another line");
  return value;
}

Expected<uint64_t> PickleStream::takeInteger(unsigned width) {
  Expected<StringRef> raw = take(width);
  if (!raw)
    return raw.takeError();
  return readLittleEndian(*raw);
}

Expected<StringRef> PickleStream::takeCounted(unsigned width) {
  Expected<uint64_t> count = takeInteger(width);
  if (!count)
    return count.takeError();
  return take(*count);
}
