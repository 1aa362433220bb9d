// Reads the entries of a zip archive as PyTorch writes it: stored, aligned.
#ifndef MOBILEONE_COMPILER_IMPORT_ZIPARCHIVE_H
#define MOBILEONE_COMPILER_IMPORT_ZIPARCHIVE_H

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include <vector>

namespace mobileone {

/// What the central directory says about an entry. The local header's own
/// sizes and checksum may be missing (data descriptors) and are not read.
struct ZipEntry {
  llvm::StringRef name;
  uint16_t method;
  bool isEncrypted;
  uint32_t checksum;
  uint64_t storedBytes;
  uint64_t bytes;
  uint64_t localHeader; // its place in the file
};

class ZipArchive {
public:
  /// Reads the directory (zip64 or not) of `file`, which must stay alive.
  static llvm::Expected<ZipArchive> open(llvm::StringRef file);

  llvm::ArrayRef<ZipEntry> getEntries() const { return entries; }

  /// Null where there is none.
  const ZipEntry *find(llvm::StringRef name) const;

  /// The bytes of an entry, in place, after its checksum was compared.
  llvm::Expected<llvm::StringRef> read(const ZipEntry &entry) const;

private:
  llvm::StringRef file;
  std::vector<ZipEntry> entries;
  llvm::StringMap<size_t> indexOf;
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_ZIPARCHIVE_H
