// Where buffers of the arena and constants may start.
#ifndef MOBILEONE_COMPILER_CODEGEN_BUFFERALIGNMENT_H
#define MOBILEONE_COMPILER_CODEGEN_BUFFERALIGNMENT_H

#include <cstdint>

namespace mobileone {

/// In bytes: a cache line, and a vector of the widest level.
inline constexpr int64_t kBufferAlignment = 64;

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CODEGEN_BUFFERALIGNMENT_H
