// Finds a model's prefix in the symbol table of its object.
#ifndef MOBILEONE_COMPILER_EXECUTION_OBJECTSYMBOLS_H
#define MOBILEONE_COMPILER_EXECUTION_OBJECTSYMBOLS_H

#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"

#include <string>

namespace mobileone {

/// Returns the one NAME for which the object defines NAME_run_ex, NAME_info,
/// NAME_arena_bytes and NAME_isa. Fails if the object is not for this machine,
/// holds no or several models, or needs more than the functions that every
/// generated object may call.
llvm::Expected<std::string> findPrefix(llvm::MemoryBufferRef object);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_EXECUTION_OBJECTSYMBOLS_H
