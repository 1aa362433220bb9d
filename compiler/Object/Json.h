// The JSON file beside an object.
#ifndef MOBILEONE_COMPILER_OBJECT_JSON_H
#define MOBILEONE_COMPILER_OBJECT_JSON_H

#include "compiler/Object/ModelInfo.h"

namespace mobileone {

/// Stands in every such file, and in nobody else's.
inline constexpr llvm::StringLiteral kJsonMark = "\"interface_hash\": ";

/// The facts of the header for other tools.
std::string formatJson(const ModelInfo &model, llvm::StringRef prefix,
                       const Origin &origin);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_OBJECT_JSON_H
