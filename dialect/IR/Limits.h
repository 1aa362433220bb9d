// Limits of the dialect, for code that knows no MLIR, too.
#ifndef MOBILEONE_DIALECT_IR_LIMITS_H
#define MOBILEONE_DIALECT_IR_LIMITS_H

#include <cstdint>

namespace mobileone {

/// No network has more elements in a tensor of weights; a splat of more would
/// fill the memory.
inline constexpr int64_t kMaxWeightElements = int64_t(1) << 26;

} // namespace mobileone

#endif // MOBILEONE_DIALECT_IR_LIMITS_H
