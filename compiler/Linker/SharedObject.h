// Shared libraries.
#ifndef MOBILEONE_COMPILER_LINKER_SHAREDOBJECT_H
#define MOBILEONE_COMPILER_LINKER_SHAREDOBJECT_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/TargetParser/Triple.h"

#include <string>

namespace mobileone {

/// Links `object`, an ELF file for `triple`, to a shared library by the linker
/// in this process. It needs no other library: what `object` leaves open
/// (memcpy and the like) is found in whatever loads it. Programs that link it
/// look for a file `soname`; empty: for the file as it was named to their
/// linker. Of an object of WebAssembly it makes a module, which imports nothing
/// and exports its memory, where what is free of it begins, `__heap_base`, and
/// the public functions. Takes turns where several threads call it.
llvm::Expected<std::string> linkShared(llvm::StringRef object,
                                       llvm::StringRef soname,
                                       const llvm::Triple &triple);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_LINKER_SHAREDOBJECT_H
