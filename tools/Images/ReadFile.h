// Reads the files that are named on the command line.
#ifndef MOBILEONE_TOOLS_IMAGES_READFILE_H
#define MOBILEONE_TOOLS_IMAGES_READFILE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>

namespace mobileone::images {

/// Reads a regular file. Pipes and devices are refused without a look at them:
/// some never begin, and some never end. Errors name the path.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
readFile(llvm::StringRef path);

} // namespace mobileone::images

#endif // MOBILEONE_TOOLS_IMAGES_READFILE_H
