// What llvm::json does not check.
#ifndef MOBILEONE_COMPILER_IMPORT_JSONTEXT_H
#define MOBILEONE_COMPILER_IMPORT_JSONTEXT_H

#include "llvm/Support/JSON.h"

namespace mobileone {

/// Parses `text`, in which brackets nest at most `maxDepth` levels and each
/// object has each key once. Errors are about `subject`.
llvm::Expected<llvm::json::Value>
parseJson(llvm::StringRef subject, llvm::StringRef text, size_t maxDepth);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_JSONTEXT_H
