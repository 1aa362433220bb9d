// Writes an archive of one member.
#include "compiler/Linker/Archive.h"

#include "llvm/Object/ArchiveWriter.h"

using namespace llvm;

Expected<std::string> mobileone::makeArchive(StringRef object, StringRef name) {
  NewArchiveMember member(MemoryBufferRef(object, name));
  auto archive = writeArchiveToBuffer(member, SymtabWritingMode::NormalSymtab,
                                      member.detectKindFromObject(),
                                      /*Deterministic=*/true, /*Thin=*/false);
  if (!archive)
    return archive.takeError();
  return (*archive)->getBuffer().str();
}
