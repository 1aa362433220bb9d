// Bands whose rows stay in the cache.
#include "compiler/Planning/ChooseBands.h"

#include "compiler/Machine/Core.h"
#include "compiler/Planning/ChooseLayouts.h"
#include "compiler/Planning/SingleBranch.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>

using namespace mlir;
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

namespace {

/// A block of one convolution of floats, without squeeze-and-excitation.
struct PlainBlock {
  BlockOp op;
  ConvOp conv;
};

} // namespace

/// `op` as a plain block, whose result may be bytes if it is `last`.
static std::optional<PlainBlock> matchPlain(BlockOp op, bool isLast = false) {
  // What is wrong with a block is said when its turn comes.
  ScopedDiagnosticHandler silence(op.getContext(),
                                  [](Diagnostic &) { return success(); });
  FailureOr<SingleBranch> ops = matchSingleBranch(op);
  if (failed(ops) || ops->squeezeExcite ||
      !op.getInput().getType().getElementType().isF32() ||
      (ops->quantize && !isLast))
    return std::nullopt;
  return PlainBlock{op, ops->conv};
}

/// The only reader of `value`, if it is a plain block.
static std::optional<PlainBlock> findNext(Value value, bool isLast = false) {
  if (!value.hasOneUse())
    return std::nullopt;
  auto block = dyn_cast<BlockOp>(*value.user_begin());
  return block ? matchPlain(block, isLast) : std::nullopt;
}

/// Whether `conv` is 3x3 and padded by 1.
static bool isWindow(ConvOp conv, int64_t stride) {
  return isSquare(conv, 3, stride, 1);
}

static bool isPointwise(ConvOp conv) {
  return conv.isPointwise() && isSquare(conv, 1, 1, 0);
}

/// Bands of the last of `blocks`.
static Fusion makeFusion(ArrayRef<BlockOp> blocks, bool isInPlace) {
  BlockOp last = blocks.back();
  ArrayRef<int64_t> shape = last.getOutput().getType().getShape();
  int64_t rows = chooseBandRows(shape[2], shape[3]);
  if (isInPlace)
    rows = std::max<int64_t>(2, rows);
  return {SmallVector<BlockOp>(blocks),
          BandsAttr::get(last.getContext(), static_cast<int64_t>(blocks.size()),
                         rows, isInPlace)};
}

std::optional<Fusion> mobileone::fuseStem(BlockOp op) {
  std::optional<PlainBlock> stem = matchPlain(op);
  if (!stem || !isImage(op.getInput()) || !op.getInput().hasOneUse() ||
      stem->conv.getGroups() != 1 || !isWindow(stem->conv, 2))
    return std::nullopt;
  std::optional<PlainBlock> depthwise =
      findNext(op.getOutput(), /*isLast=*/true);
  if (!depthwise || !depthwise->conv.isDepthwise() ||
      !isWindow(depthwise->conv, 2))
    return std::nullopt;
  SmallVector<BlockOp> blocks{op, depthwise->op};
  std::optional<PlainBlock> pointwise =
      findNext(depthwise->op.getOutput(), /*isLast=*/true);
  if (pointwise && isPointwise(pointwise->conv))
    blocks.push_back(pointwise->op);
  return makeFusion(blocks, /*isInPlace=*/false);
}

/// The depthwise and pointwise block that read `input` and could take turns.
static std::optional<std::pair<PlainBlock, PlainBlock>> matchPair(Value input) {
  if (!input.getDefiningOp<BlockOp>())
    return std::nullopt;
  std::optional<PlainBlock> depthwise = findNext(input);
  if (!depthwise || !depthwise->conv.isDepthwise() ||
      !isWindow(depthwise->conv, 1))
    return std::nullopt;
  std::optional<PlainBlock> pointwise = findNext(depthwise->op.getOutput());
  // In place, the result has the input's channels, and a band has two rows.
  if (!pointwise || !isPointwise(pointwise->conv) ||
      pointwise->conv.getOutput().getType() != input.getType() ||
      pointwise->conv.getOutput().getType().getDimSize(2) < 2)
    return std::nullopt;
  int64_t bytes = choosePanels(input).getDensePanels().getBytes();
  if (!gainsFromBands(bytes, bytes))
    return std::nullopt;
  return std::pair(*depthwise, *pointwise);
}

std::optional<Fusion> mobileone::fusePair(Value input) {
  auto pair = matchPair(input);
  if (!pair)
    return std::nullopt;
  // Pairs in a row share two kernels. In place, each would need its own: it
  // finds the image one row higher than the one before.
  auto getInput = [](Value value) {
    auto block = value.getDefiningOp<BlockOp>();
    return block ? Value(block.getInput()) : Value();
  };
  Value before = getInput(input) ? getInput(getInput(input)) : Value();
  auto &[depthwise, pointwise] = *pair;
  Value result = pointwise.op.getOutput();
  if (matchPair(result) || (before && matchPair(before)))
    return std::nullopt;
  // The result inherits the border that the depthwise block reads.
  Border border = chooseBorder(result);
  if (border.top != 1 || border.left != 1 || border.bottom > 1 ||
      border.right > 1)
    return std::nullopt;
  return makeFusion({depthwise.op, pointwise.op}, /*isInPlace=*/true);
}
