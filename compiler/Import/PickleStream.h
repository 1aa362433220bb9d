// The bytes of a pickle and the operands in them.
#ifndef MOBILEONE_COMPILER_IMPORT_PICKLESTREAM_H
#define MOBILEONE_COMPILER_IMPORT_PICKLESTREAM_H

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"

namespace mobileone {

/// What `bytes` spell as a little-endian number of up to 64 bits.
uint64_t readLittleEndian(llvm::StringRef bytes);

/// Reads forward through a pickle. What it takes points into the pickle.
class PickleStream {
public:
  PickleStream(llvm::StringRef subject, llvm::StringRef bytes)
      : subject(subject), bytes(bytes) {}

  llvm::StringRef getSubject() const { return subject; }
  size_t getPosition() const { return at; }
  size_t getSize() const { return bytes.size(); }

  /// An error at the current opcode.
  llvm::Error damaged(const llvm::Twine &message) const;

  llvm::Expected<uint8_t> takeOpcode();
  llvm::Expected<llvm::StringRef> take(uint64_t count);
  /// Up to the next end of line, which is taken, too.
  llvm::Expected<llvm::StringRef> takeLine();
  /// A line that is a decimal number.
  llvm::Expected<uint64_t> takeDecimal();
  /// An integer of `width` bytes, without sign.
  llvm::Expected<uint64_t> takeInteger(unsigned width);
  /// Bytes after their own count, which has `width` bytes.
  llvm::Expected<llvm::StringRef> takeCounted(unsigned width);

private:
  llvm::StringRef subject, bytes;
  size_t at = 0, opcodeAt = 0;
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_PICKLESTREAM_H
