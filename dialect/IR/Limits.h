// Limits of the dialect, for code that knows no MLIR, too.
#ifndef MOBILEONE_DIALECT_IR_LIMITS_H
#define MOBILEONE_DIALECT_IR_LIMITS_H

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace mobileone {

/// No network has more elements in a tensor of weights; a splat of more would
/// fill the memory.
inline constexpr int64_t kMaxWeightElements = int64_t(1) << 26;

/// Of a network.
inline constexpr size_t kMaxResults = 16;

/// Of the name of a network's result.
inline constexpr size_t kMaxResultName = 31;

/// Whether a result may be called `name`, which is a part of macros and of
/// names in C++.
inline bool isResultName(llvm::StringRef name) {
  return !name.empty() && name.size() <= kMaxResultName &&
         llvm::all_of(name, [](char c) {
           return llvm::isAlnum(c) || c == '_' || c == '.';
         });
}

} // namespace mobileone

#endif // MOBILEONE_DIALECT_IR_LIMITS_H
