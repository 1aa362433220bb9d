// Bands whose rows stay in the cache.
#include "compiler/Conversion/MobileOneToLinalg/ChooseBands.h"

#include "compiler/Machine/Core.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>

using namespace mobileone;

/// Pixels of one band: enough that reading the weights once more per band, from
/// the cache, is little beside their arithmetic. More only take space.
static constexpr int64_t kBandPixels = 8 * 14;

/// Bands that an image has at least: with fewer, most of it stands in memory.
static constexpr int64_t kBands = 8;

bool mobileone::gainsFromBands(int64_t input, int64_t middle) {
  return input + middle > kCacheBytes;
}

int64_t mobileone::chooseBandRows(int64_t height, int64_t width) {
  int64_t most = std::min(llvm::divideCeil(kBandPixels, width),
                          llvm::divideCeil(height, kBands));
  // Bands of nearly equal height.
  return llvm::divideCeil(height, llvm::divideCeil(height, most));
}
