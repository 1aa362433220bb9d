// Field numbers and layouts are those of PKWARE's APPNOTE 6.3.
#include "compiler/Import/ZipArchive.h"

#include "compiler/Import/Refusal.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CRC.h"
#include "llvm/Support/DataExtractor.h"

using namespace llvm;
using namespace mobileone;

static constexpr uint32_t kLocalHeader = 0x04034b50;
static constexpr uint32_t kCentralHeader = 0x02014b50;
static constexpr uint32_t kEndOfDirectory = 0x06054b50;
static constexpr uint32_t kEndOfDirectory64 = 0x06064b50;
static constexpr uint32_t kEndLocator64 = 0x07064b50;
static constexpr uint64_t kEndOfDirectoryBytes = 22;
static constexpr uint64_t kEndLocator64Bytes = 20;
static constexpr uint64_t kCentralHeaderBytes = 46;
static constexpr uint64_t kMaxCommentBytes = 0xffff;

/// A field of this value stands in a zip64 record instead.
static constexpr uint32_t kElsewhere = 0xffffffff;

static Error refuseDirectory(const Twine &message) {
  return refuse("zip directory", message);
}

namespace {
struct Directory {
  uint64_t count, bytes, offset;
};
} // namespace

/// The end-of-directory record is the last in the file, before a comment and
/// whatever a copy or a download added behind it.
static std::optional<uint64_t> findEndOfDirectory(StringRef file) {
  DataExtractor data(file, /*IsLittleEndian=*/true, /*AddressSize=*/8);
  for (uint64_t comment = 0; comment <= kMaxCommentBytes &&
                             comment + kEndOfDirectoryBytes <= file.size();
       ++comment) {
    uint64_t at = file.size() - comment - kEndOfDirectoryBytes;
    DataExtractor::Cursor cursor(at);
    if (data.getU32(cursor) != kEndOfDirectory) {
      consumeError(cursor.takeError());
      continue;
    }
    data.skip(cursor, 16);
    uint16_t commentBytes = data.getU16(cursor);
    consumeError(cursor.takeError());
    if (commentBytes <= comment)
      return at;
  }
  return std::nullopt;
}

static Expected<Directory> findDirectory(StringRef file) {
  std::optional<uint64_t> end = findEndOfDirectory(file);
  if (!end)
    return refuse("", "expects the central directory at the end of a zip "
                      "archive, but got none (file cut short?)");
  DataExtractor data(file, /*IsLittleEndian=*/true, /*AddressSize=*/8);
  DataExtractor::Cursor cursor(*end + 10);
  Directory directory;
  directory.count = data.getU16(cursor);
  directory.bytes = data.getU32(cursor);
  directory.offset = data.getU32(cursor);

  // A zip64 record, where there is one, repeats all fields in full width.
  if (*end >= kEndLocator64Bytes) {
    DataExtractor::Cursor locator(*end - kEndLocator64Bytes);
    if (data.getU32(locator) == kEndLocator64) {
      data.skip(locator, 4);
      uint64_t at = data.getU64(locator);
      cursor.seek(at);
      if (data.getU32(cursor) != kEndOfDirectory64) {
        consumeError(cursor.takeError());
        consumeError(locator.takeError());
        return refuseDirectory("expects a zip64 record at byte " + Twine(at) +
                               ", but got something else");
      }
      data.skip(cursor, 28);
      directory.count = data.getU64(cursor);
      directory.bytes = data.getU64(cursor);
      directory.offset = data.getU64(cursor);
    }
    consumeError(locator.takeError());
  }
  if (Error error = cursor.takeError())
    return std::move(error);
  if (directory.offset > *end || directory.bytes > *end - directory.offset ||
      directory.count > directory.bytes / kCentralHeaderBytes)
    return refuseDirectory("expects it before byte " + Twine(*end) +
                           ", but got " + Twine(directory.count) +
                           " entries in " + Twine(directory.bytes) +
                           " bytes at byte " + Twine(directory.offset));
  return directory;
}

/// Replaces the fields that did not fit by those of the zip64 extra field.
static void readZip64Extra(StringRef extra, ZipEntry &entry) {
  DataExtractor data(extra, /*IsLittleEndian=*/true, /*AddressSize=*/8);
  DataExtractor::Cursor cursor(0);
  while (cursor.tell() < extra.size()) {
    uint16_t id = data.getU16(cursor);
    uint16_t bytes = data.getU16(cursor);
    if (!cursor || id == 1)
      break;
    data.skip(cursor, bytes);
  }
  for (uint64_t *field : {&entry.bytes, &entry.storedBytes, &entry.localHeader})
    if (*field == kElsewhere && cursor && cursor.tell() < extra.size())
      *field = data.getU64(cursor);
  // A field that is missing stays out of range and is refused as such.
  consumeError(cursor.takeError());
}

Expected<ZipArchive> ZipArchive::open(StringRef file) {
  Expected<Directory> directory = findDirectory(file);
  if (!directory)
    return directory.takeError();
  ZipArchive archive;
  archive.file = file;
  StringRef bytes = file.substr(directory->offset, directory->bytes);
  DataExtractor data(bytes, /*IsLittleEndian=*/true, /*AddressSize=*/8);
  DataExtractor::Cursor cursor(0);
  for (uint64_t i = 0; i < directory->count; ++i) {
    uint32_t signature = data.getU32(cursor);
    data.skip(cursor, 4);
    ZipEntry entry;
    entry.isEncrypted = data.getU16(cursor) & 1;
    entry.method = data.getU16(cursor);
    data.skip(cursor, 4);
    entry.checksum = data.getU32(cursor);
    entry.storedBytes = data.getU32(cursor);
    entry.bytes = data.getU32(cursor);
    uint16_t nameBytes = data.getU16(cursor);
    uint16_t extraBytes = data.getU16(cursor);
    uint16_t commentBytes = data.getU16(cursor);
    data.skip(cursor, 8);
    entry.localHeader = data.getU32(cursor);
    entry.name = data.getBytes(cursor, nameBytes);
    StringRef extra = data.getBytes(cursor, extraBytes);
    data.skip(cursor, commentBytes);
    if (Error error = cursor.takeError()) {
      consumeError(std::move(error));
      return refuseDirectory("expects " + Twine(directory->count) +
                             " entries, but got its end after " + Twine(i));
    }
    if (signature != kCentralHeader)
      return refuseDirectory("expects the signature of entry " + Twine(i) +
                             ", but got 0x" + utohexstr(signature));
    readZip64Extra(extra, entry);
    if (!archive.indexOf.try_emplace(entry.name, archive.entries.size()).second)
      return refuse(entry.name, "expects one entry of this name, but got two");
    // What the directory declares is never allocated, but comparing it here
    // finds a damaged archive before anything is read.
    if (entry.localHeader > directory->offset ||
        entry.storedBytes > directory->offset - entry.localHeader)
      return refuse(
          entry.name,
          "expects an entry inside the file of " + Twine(file.size()) +
              " bytes, but got one that declares " + Twine(entry.storedBytes) +
              " bytes at byte " + Twine(entry.localHeader));
    archive.entries.push_back(entry);
  }
  return archive;
}

const ZipEntry *ZipArchive::find(StringRef name) const {
  auto it = indexOf.find(name);
  return it == indexOf.end() ? nullptr : &entries[it->second];
}

Expected<StringRef> ZipArchive::read(const ZipEntry &entry) const {
  if (entry.isEncrypted)
    return refuse(entry.name, "expects plain data, but got an encrypted entry");
  if (entry.method != 0)
    return refuse(entry.name, "expects stored data, as PyTorch writes it, but "
                              "got an entry compressed by method " +
                                  Twine(entry.method) +
                                  " (compressed entries are not supported)");
  DataExtractor data(file, /*IsLittleEndian=*/true, /*AddressSize=*/8);
  DataExtractor::Cursor cursor(entry.localHeader);
  uint32_t signature = data.getU32(cursor);
  data.skip(cursor, 22);
  uint16_t nameBytes = data.getU16(cursor);
  uint16_t extraBytes = data.getU16(cursor);
  StringRef name = data.getBytes(cursor, nameBytes);
  data.skip(cursor, extraBytes);
  uint64_t begin = cursor.tell();
  bool isShort = !cursor;
  consumeError(cursor.takeError());
  if (isShort || signature != kLocalHeader || name != entry.name)
    return refuse(entry.name, "expects its header at byte " +
                                  Twine(entry.localHeader) +
                                  ", but got something else");
  if (entry.bytes != entry.storedBytes ||
      entry.storedBytes > file.size() - begin)
    return refuse(entry.name, "expects " + Twine(entry.bytes) +
                                  " stored bytes inside the file, but got " +
                                  Twine(entry.storedBytes) + " at byte " +
                                  Twine(begin));
  StringRef content = file.substr(begin, entry.storedBytes);
  uint32_t checksum = crc32(arrayRefFromStringRef(content));
  if (checksum != entry.checksum)
    return refuse(entry.name, "expects the CRC of its data to be 0x" +
                                  utohexstr(entry.checksum) + ", but got 0x" +
                                  utohexstr(checksum) + " (CRC mismatch)");
  return content;
}
