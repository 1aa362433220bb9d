// Chooses how values lie in memory and how filters are packed.
#include "compiler/Planning/ChooseLayouts.h"

#include "compiler/Machine/Core.h"
#include "compiler/Planning/SingleBranch.h"

#include <numeric>

using namespace mlir;
using namespace mobileone;

Border mobileone::chooseBorder(Value value) {
  Border border;
  auto image = cast<RankedTensorType>(value.getType());
  for (Operation *user : value.getUsers()) {
    auto block = dyn_cast<BlockOp>(user);
    if (!block)
      continue;
    for (ConvOp conv : block.getBody().getOps<ConvOp>()) {
      RankedTensorType result = conv.getOutput().getType();
      // Rows and columns that the last window reaches behind the image.
      auto behind = [&](int d, int64_t window) {
        int64_t end = (result.getDimSize(2 + d) - 1) * conv.getStrides()[d] +
                      window - conv.getPadding()[d];
        return std::max<int64_t>(0, end - image.getDimSize(2 + d));
      };
      border.top = std::max(border.top, conv.getPadding()[0]);
      border.left = std::max(border.left, conv.getPadding()[1]);
      border.bottom =
          std::max(border.bottom, behind(0, conv.getWindowHeight()));
      border.right = std::max(border.right, behind(1, conv.getWindowWidth()));
    }
  }
  return border;
}

/// How numbers of type `element` lie in memory.
static Type getStored(Type element) {
  return element.isF32() ? element
                         : IntegerType::get(element.getContext(),
                                            element.getIntOrFloatBitWidth());
}

/// Panels of one line where a loop over pixels would else find them in few sets
/// of the first-level cache, which then evict each other.
static int64_t chooseGap(int64_t channels, Type element) {
  constexpr int64_t few = 8, lineBytes = 64;
  int64_t panelBytes = kPanel * element.getIntOrFloatBitWidth() / 8;
  int64_t pixelBytes = getPanelCount(channels) * panelBytes;
  if (pixelBytes % lineBytes)
    return 0;
  int64_t sets = kCacheSets / std::gcd(kCacheSets, pixelBytes / lineBytes);
  return sets <= few ? lineBytes / panelBytes : 0;
}

Layout mobileone::choosePanels(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  ArrayRef<int64_t> shape = type.getShape();
  return {Layout::Panels,
          shape[2],
          shape[3],
          shape[1],
          getStored(type.getElementType()),
          chooseBorder(value),
          chooseGap(shape[1], type.getElementType())};
}

PairLayouts mobileone::getPairLayouts(const Layout &panels) {
  PairLayouts pair{panels, panels, panels};
  pair.input.border = {2, 1, 1, 1};
  pair.middle.border = {};
  pair.middle.gap = 0;
  pair.result.border = {1, 1, 2, 1};
  return pair;
}

Layout mobileone::chooseNumbers(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  return {Layout::Panels, 1, 1, type.getDimSize(1),
          getStored(type.getElementType())};
}

Layout mobileone::chooseImage(Value value, ReadImageOp read) {
  Layout layout = choosePanels(value);
  layout.kind = Layout::Planar;
  layout.gap = 0;
  if (read) {
    layout.kind = Layout::Interleaved;
    layout.channels = read.getImage().getType().getDimSize(3);
    layout.isReversed = read.isReversed();
  }
  return layout;
}

/// Whether floats hold every sum of `conv`, of integers, exactly.
static bool areSumsFloats(ConvOp conv) {
  return llvm::all_of(
      getLargestSums(conv.getFilter(), conv.getBiasAttr(), /*largest=*/255),
      [](double sum) { return sum <= 0x1p24; });
}

bool mobileone::canPack(ConvOp conv, bool ofImage, Packing packing) {
  ArrayRef<int64_t> strides = conv.getStrides(), padding = conv.getPadding();
  if (strides[0] != strides[1] || ofImage != (packing == Packing::dense))
    return false;
  bool hasOneDilation = conv.getDilations()[0] == conv.getDilations()[1];
  switch (packing) {
  case Packing::dense:
    return conv.getGroups() == 1 && hasOneDilation;
  case Packing::depthwise:
    return conv.isDepthwise() && hasOneDilation &&
           (!conv.isQuantized() || areSumsFloats(conv));
  case Packing::pointwise:
    return conv.isPointwise() && strides[0] == 1 && padding[0] == 0 &&
           padding[1] == 0;
  }
  llvm_unreachable("unknown packing");
}

FailureOr<Packing> mobileone::choosePacking(ConvOp conv, Value input) {
  for (Packing packing :
       {Packing::dense, Packing::depthwise, Packing::pointwise})
    if (canPack(conv, isImage(input), packing))
      return packing;
  return conv.emitOpError(
      "expects a dense convolution of the image, a depthwise "
      "or an unpadded pointwise convolution of stride 1, with one stride and "
      "one dilation for rows and columns; depthwise sums of integers at most "
      "2^24");
}
