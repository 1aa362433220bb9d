// Which globals of a pickle tell that the file is hostile.
#ifndef MOBILEONE_COMPILER_IMPORT_PICKLEGLOBALS_H
#define MOBILEONE_COMPILER_IMPORT_PICKLEGLOBALS_H

#include "llvm/ADT/StringRef.h"

namespace mobileone {

/// Whether `global` ("module.name") is a function that acts: runs code or
/// programs, changes files, opens connections. Classes of data in the same
/// modules, such as os.stat_result, are none. This protects nobody, since
/// nothing is ever called; it tells the user what kind of file this is.
bool isHostileGlobal(llvm::StringRef global);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_PICKLEGLOBALS_H
