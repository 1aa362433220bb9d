// The table of variants, and the blocks of a network in outline.
#include "compiler/Import/Network.h"

#include "compiler/Import/Checkpoint.h"
#include "compiler/Import/NetworkFile.h"
#include "compiler/Import/Refusal.h"

using namespace llvm;
using namespace mobileone;

namespace {
struct Variant {
  StringLiteral name;
  int64_t stem;
  NetworkOutline::Stage stages[4];
};
} // namespace

static constexpr Variant kVariants[] = {
    {"s0", 48, {{48, 2, 4}, {128, 8, 4}, {256, 10, 4}, {1024, 1, 4}}},
    {"s1", 64, {{96, 2, 1}, {192, 8, 1}, {512, 10, 1}, {1280, 1, 1}}},
    {"s2", 64, {{96, 2, 1}, {256, 8, 1}, {640, 10, 1}, {2048, 1, 1}}},
    {"s3", 64, {{128, 2, 1}, {320, 8, 1}, {768, 10, 1}, {2048, 1, 1}}},
    {"s4", 64, {{192, 2, 1}, {448, 8, 1}, {896, 10, 1, 5}, {2048, 1, 1, 1}}},
};

//===----------------------------------------------------------------------===//
// From an outline to blocks
//===----------------------------------------------------------------------===//

/// The multiple of 8 that is nearest to `width`, and at least 8.
static int64_t roundTo8(int64_t width) {
  return std::max<int64_t>(8, (width + 4) / 8 * 8);
}

/// Of the hidden layer of squeeze-and-excite.
static int64_t getReducedChannels(const NetworkOutline &outline,
                                  int64_t channels) {
  int64_t width = channels / outline.squeezeReduction;
  switch (outline.squeezeRounding) {
  case NetworkOutline::Rounding::Apple:
    return width;
  case NetworkOutline::Rounding::Timm:
    return roundTo8(width);
  case NetworkOutline::Rounding::MMPretrain:
    // Not down by more than a tenth.
    return roundTo8(width) + (10 * roundTo8(width) < 9 * width ? 8 : 0);
  }
  llvm_unreachable("all code bases are listed");
}

/// A block of `outline` with what holds for each of them.
static BlockSpec makeBlock(const NetworkOutline &outline, std::string name,
                           int64_t inputs, int64_t outputs, int64_t kernel,
                           int64_t stride, int64_t groups) {
  BlockSpec block{std::move(name), inputs, outputs, kernel, stride, groups,
                  /*branches=*/1};
  block.hasScale = kernel > 1;
  block.identity = block.mayHaveIdentity();
  block.gate = outline.gate;
  block.activation = outline.activation;
  return block;
}

NetworkSpec mobileone::buildNetwork(StringRef variant,
                                    const NetworkOutline &outline) {
  NetworkSpec network;
  network.variant = variant.str();
  network.blocks.push_back(makeBlock(outline, "stem", outline.inputChannels,
                                     outline.stem, /*kernel=*/3, /*stride=*/2,
                                     /*groups=*/1));
  int64_t channels = outline.stem, outputStride = 2, dilation = 1;
  for (auto [number, stage] : enumerate(outline.stages)) {
    bool isDilated =
        outline.outputStride && outputStride >= outline.outputStride;
    (isDilated ? dilation : outputStride) *= 2;
    std::string prefix = "stage" + std::to_string(number + 1) + ".";
    for (int64_t pair = 0; pair < stage.pairs; ++pair) {
      bool isFirst = pair == 0;
      auto add = [&, &stage = stage](BlockSpec block) {
        block.branches = stage.branches;
        if (pair >= stage.pairs - stage.squeezePairs)
          block.reducedChannels =
              stage.squeezeWidth
                  ? stage.squeezeWidth
                  : getReducedChannels(outline, block.outputChannels);
        network.blocks.push_back(std::move(block));
      };
      BlockSpec depthwise = makeBlock(
          outline, prefix + std::to_string(2 * pair), channels, channels,
          stage.kernel, /*stride=*/isFirst && !isDilated ? 2 : 1, channels);
      depthwise.dilation = dilation;
      // Who replaces the stride of a block already made leaves it without.
      if (isFirst && isDilated)
        depthwise.identity.reset();
      add(std::move(depthwise));
      add(makeBlock(outline, prefix + std::to_string(2 * pair + 1), channels,
                    stage.width, /*kernel=*/1, /*stride=*/1, /*groups=*/1));
      channels = stage.width;
    }
  }
  return network;
}

//===----------------------------------------------------------------------===//
// Variants
//===----------------------------------------------------------------------===//

const NetworkOutline *mobileone::findOutline(StringRef name) {
  static const std::vector<NetworkOutline> outlines = [] {
    std::vector<NetworkOutline> built;
    for (const Variant &variant : kVariants) {
      NetworkOutline &outline = built.emplace_back();
      outline.stem = variant.stem;
      outline.stages.assign(std::begin(variant.stages),
                            std::end(variant.stages));
    }
    return built;
  }();
  for (auto [variant, outline] : zip(kVariants, outlines))
    if (variant.name == name)
      return &outline;
  return nullptr;
}

ArrayRef<NetworkSpec> mobileone::getVariants() {
  static const std::vector<NetworkSpec> variants = [] {
    std::vector<NetworkSpec> built;
    for (const Variant &variant : kVariants)
      built.push_back(buildNetwork(variant.name, *findOutline(variant.name)));
    return built;
  }();
  return variants;
}

const NetworkSpec *mobileone::findVariant(StringRef name) {
  for (const NetworkSpec &network : getVariants())
    if (network.variant == name)
      return &network;
  return nullptr;
}

std::string mobileone::formatWidths(
    function_ref<std::optional<int64_t>(StringRef)> getWidth) {
  std::string text;
  for (StringRef block :
       {"stem", "stage1.1", "stage2.1", "stage3.1", "stage4.1"}) {
    std::optional<int64_t> width = getWidth(block);
    text += text.empty() ? "" : block == "stage1.1" ? ": " : ", ";
    text += width ? std::to_string(*width) : "?";
  }
  return text;
}

bool mobileone::isNetworkName(StringRef variant) {
  return findVariant(variant) || variant.ends_with(".json");
}

Expected<NetworkSpec> mobileone::loadNetwork(StringRef variant) {
  if (const NetworkSpec *network = findVariant(variant))
    return *network;
  if (!variant.ends_with(".json"))
    return refuse("variant", "expects s0, s1, s2, s3, s4 or a .json file, but "
                             "got '" +
                                 variant + "'");
  Expected<std::unique_ptr<MemoryBuffer>> file = openInput(variant);
  if (!file)
    return file.takeError();
  Expected<NetworkSpec> network = parseNetwork((*file)->getBuffer());
  if (!network)
    return refuse(variant, toString(network.takeError()));
  return network;
}
