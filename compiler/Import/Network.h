// The MobileOne networks: the one table of variants and the blocks it stands
// for.
#ifndef MOBILEONE_COMPILER_IMPORT_NETWORK_H
#define MOBILEONE_COMPILER_IMPORT_NETWORK_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <string>
#include <vector>

namespace mobileone {

/// One block of the network, at train time.
struct BlockSpec {
  enum class Activation : uint8_t { None, Relu, Gelu, Hardswish, Silu };
  enum class Gate : uint8_t { Sigmoid, Hardsigmoid };

  std::string name; // "stem", "stage1.0", ...; even is depthwise
  int64_t inputChannels, outputChannels;
  int64_t kernel, stride, groups;
  int64_t branches; // convolutions with kernel x kernel
  /// Of those; the other branches see one pixel.
  int64_t dilation = 1;
  /// A 1x1 convolution beside those of the full kernel.
  bool hasScale = false;
  /// A batch norm of the input itself; unset: as the checkpoint has it.
  std::optional<bool> identity = false;
  /// Between the matrices of squeeze-and-excite; 0: the block has none.
  int64_t reducedChannels = 0;
  Gate gate = Gate::Sigmoid;
  Activation activation = Activation::Relu;

  int64_t getGroupChannels() const { return inputChannels / groups; }
  int64_t getPadding() const { return dilation * (kernel / 2); }
  bool hasIdentity() const { return identity.value_or(false); }
  bool mayHaveIdentity() const {
    return inputChannels == outputChannels && stride == 1;
  }
  bool hasSqueezeExcite() const { return reducedChannels != 0; }
  /// Height or width of the result.
  int64_t getOutputExtent(int64_t extent) const {
    return (extent + 2 * getPadding() - dilation * (kernel - 1) - 1) / stride +
           1;
  }
};

/// A linear layer that takes the mean of each channel of the last block.
struct HeadSpec {
  /// Of what it gives; empty for the only head, if nobody has named it.
  std::string name;
  int64_t classes = 0; // 0: as many as the checkpoint has

  /// Before the names of its slots; no block is called so.
  std::string getSlot() const { return name.empty() ? "head" : "head." + name; }
};

struct NetworkSpec {
  std::string variant; // "s0", or "custom"
  std::vector<BlockSpec> blocks;
  /// Those of a checkpoint. Before one is read, what a file says of them: one
  /// stands for each, none for any.
  std::vector<HeadSpec> heads;
  /// Whether the image must have the first block's channels, rather than as
  /// many as the checkpoint has.
  bool fixesInputChannels = false;
  /// Whether it is known which strides are replaced by dilation.
  bool fixesDilation = false;
  /// Of every batch norm, where a file says it.
  std::optional<double> bnEpsilon;

  int64_t getInputChannels() const { return blocks.front().inputChannels; }
  int64_t getFeatures() const { return blocks.back().outputChannels; }
};

/// What images may have.
inline constexpr int64_t kMaxInputChannels = 16;

/// What the code bases make a network of: a stem, and stages of pairs of a
/// depthwise and a pointwise block, of which the first has stride 2 (table 2 of
/// the paper).
struct NetworkOutline {
  struct Stage {
    int64_t width, pairs;
    int64_t branches;         // k; the stem has one
    int64_t squeezePairs = 0; // last pairs with squeeze-and-excite
    int64_t kernel = 3;       // of the depthwise blocks
    int64_t squeezeWidth = 0; // reduced channels; 0: by the reduction
  };
  /// How a reduced width is rounded: down; or to a multiple of 8, as these do.
  enum class Rounding : uint8_t { Apple, Timm, MMPretrain };

  int64_t inputChannels = 3;
  int64_t stem = 0;
  std::vector<Stage> stages;
  int64_t squeezeReduction = 16;
  Rounding squeezeRounding = Rounding::Apple;
  BlockSpec::Gate gate = BlockSpec::Gate::Sigmoid;
  BlockSpec::Activation activation = BlockSpec::Activation::Relu;
  /// Strides that would lead beyond it are replaced by dilation; 0: none.
  int64_t outputStride = 0;
};

/// The blocks that `outline` stands for.
NetworkSpec buildNetwork(llvm::StringRef variant,
                         const NetworkOutline &outline);

/// s0 to s4.
llvm::ArrayRef<NetworkSpec> getVariants();

/// Null for an unknown name.
const NetworkSpec *findVariant(llvm::StringRef name);
const NetworkOutline *findOutline(llvm::StringRef name);

/// Widths of stem and stages as text, "64: 96, 192, 512, 1280", by the blocks
/// that have them; "?" where `getWidth` knows none.
std::string formatWidths(
    llvm::function_ref<std::optional<int64_t>(llvm::StringRef)> getWidth);

/// Whether `variant` is s0 to s4 or the name of a .json file.
bool isNetworkName(llvm::StringRef variant);

/// The network of `variant`: s0 to s4, or the name of a file for parseNetwork.
llvm::Expected<NetworkSpec> loadNetwork(llvm::StringRef variant);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_NETWORK_H
