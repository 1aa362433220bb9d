// The MobileOne networks: the one table of variants and the blocks it stands
// for.
#ifndef MOBILEONE_COMPILER_IMPORT_NETWORK_H
#define MOBILEONE_COMPILER_IMPORT_NETWORK_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"
#include <array>
#include <optional>
#include <string>
#include <vector>

namespace mobileone {

/// The numbers that tell one MobileOne from another (table 2 of the paper).
struct NetworkShape {
  int64_t stem;                        // channels of the stem
  std::array<int64_t, 4> widths;       // channels of stages 1 to 4
  std::array<int64_t, 4> pairs;        // depthwise and pointwise blocks
  std::array<int64_t, 4> branches;     // k of each stage; the stem has one
  std::array<int64_t, 4> squeezePairs; // last pairs with squeeze-and-excite
};

/// One block of the network, at train time.
struct BlockSpec {
  std::string name; // "stem", "stage1.0", ...; even is depthwise
  int64_t inputChannels, outputChannels;
  int64_t kernel, stride, groups;
  int64_t branches; // convolutions with kernel x kernel
  bool hasSqueezeExcite;

  int64_t getGroupChannels() const { return inputChannels / groups; }
  int64_t getPadding() const { return kernel / 2; }
  /// A 1x1 convolution beside those of the full kernel.
  bool hasScale() const { return kernel > 1; }
  /// A batch norm of the input itself.
  bool hasIdentity() const {
    return inputChannels == outputChannels && stride == 1;
  }
  int64_t getReducedChannels() const { return outputChannels / 16; }
  /// Height or width of the result.
  int64_t getOutputExtent(int64_t extent) const {
    return (extent + 2 * getPadding() - kernel) / stride + 1;
  }
};

struct NetworkSpec {
  std::string variant; // "s0", or "custom"
  std::vector<BlockSpec> blocks;
  /// Of the classifier; 0: as many as the checkpoint has.
  int64_t classes = 0;
  /// Of every batch norm, where a file says it.
  std::optional<double> bnEpsilon;

  int64_t getFeatures() const { return blocks.back().outputChannels; }
};

/// s0 to s4.
llvm::ArrayRef<NetworkSpec> getVariants();

/// Null for an unknown name.
const NetworkSpec *findVariant(llvm::StringRef name);

/// Widths of stem and stages as text, "64: 96, 192, 512, 1280", by the blocks
/// that have them; "?" where `getWidth` knows none.
std::string formatWidths(
    llvm::function_ref<std::optional<int64_t>(llvm::StringRef)> getWidth);

/// Reads {"stem": 32, "widths": [32, 64, 128, 512], "pairs": [2, 4, 6, 1],
/// "branches": [1, 1, 1, 1], "se_pairs": [0, 0, 2, 1], "classes": 10,
/// "bn_epsilon": 1e-3}; the last three may be missing.
llvm::Expected<NetworkSpec> parseNetwork(llvm::StringRef json);

/// Whether `variant` is s0 to s4 or the name of a .json file.
bool isNetworkName(llvm::StringRef variant);

/// The network of `variant`: s0 to s4, or the name of a file for parseNetwork.
llvm::Expected<NetworkSpec> loadNetwork(llvm::StringRef variant);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_NETWORK_H
