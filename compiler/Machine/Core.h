// What kernels expect of a core's caches, of whatever machine.
#ifndef MOBILEONE_COMPILER_MACHINE_CORE_H
#define MOBILEONE_COMPILER_MACHINE_CORE_H

#include <cstdint>

namespace mobileone {

/// Bytes of a common first-level cache.
inline constexpr int64_t kFirstCacheBytes = 32 * 1024;

/// Sets of a common first-level cache, of 64-byte lines.
inline constexpr int64_t kCacheSets = 64;

/// Bytes of a common second-level cache.
inline constexpr int64_t kCacheBytes = 1024 * 1024;

} // namespace mobileone

#endif // MOBILEONE_COMPILER_MACHINE_CORE_H
