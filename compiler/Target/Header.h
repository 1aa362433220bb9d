// The C header and the JSON file beside an object.
#ifndef MOBILEONE_COMPILER_TARGET_HEADER_H
#define MOBILEONE_COMPILER_TARGET_HEADER_H

#include "compiler/Target/ModelInfo.h"

namespace mobileone {

/// C99 and C++17 declarations of the object whose symbols begin with `prefix`;
/// `source` names the checkpoint.
std::string formatHeader(const ModelInfo &model, llvm::StringRef prefix,
                         llvm::StringRef source);

/// The same facts for other tools.
std::string formatJson(const ModelInfo &model, llvm::StringRef prefix,
                       llvm::StringRef source);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_TARGET_HEADER_H
