// What `--emit=stats` prints: parameters and multiply-adds per layer.
#ifndef MOBILEONE_COMPILER_IMPORT_STATS_H
#define MOBILEONE_COMPILER_IMPORT_STATS_H

#include "compiler/Import/Network.h"

namespace mobileone {

/// What one layer, or the whole network, has and does for one image.
struct LayerStats {
  int64_t parameters = 0;      // single-branch form
  int64_t trainParameters = 0; // train form, without running statistics
  int64_t multiplyAdds = 0;    // of the single-branch form
  /// As the model zoo counts: convolutions and pooled elements, no classifier.
  int64_t publishedCount = 0;
};

LayerStats countBlock(const BlockSpec &block, int64_t outputHeight,
                      int64_t outputWidth);

/// The sum over all layers. A network that leaves its classes to the checkpoint
/// counts as one of 1000.
LayerStats countNetwork(const NetworkSpec &network, int64_t imageHeight,
                        int64_t imageWidth);

/// A table of all layers and their sum.
std::string formatStats(const NetworkSpec &network, int64_t imageHeight,
                        int64_t imageWidth);

/// The same as JSON.
std::string formatStatsJson(const NetworkSpec &network, int64_t imageHeight,
                            int64_t imageWidth);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_STATS_H
