// Static libraries.
#ifndef MOBILEONE_COMPILER_LINKER_ARCHIVE_H
#define MOBILEONE_COMPILER_LINKER_ARCHIVE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace mobileone {

/// An archive (ar) whose one member `name` is `object`, with a table of its
/// symbols as the linkers of that kind of object read it. No time and no user
/// is in it.
llvm::Expected<std::string> makeArchive(llvm::StringRef object,
                                        llvm::StringRef name);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_LINKER_ARCHIVE_H
