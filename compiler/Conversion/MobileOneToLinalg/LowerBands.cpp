// Lowers blocks that become one kernel, in bands of rows.
#include "compiler/Conversion/MobileOneToLinalg/NetworkLowering.h"

#include "compiler/Contract/KernelFunction.h"
#include "compiler/Planning/ChooseLayouts.h"

using namespace mlir;
using namespace mobileone;

FailureOr<SmallVector<Band>> NetworkLowering::findBands(BlockOp first,
                                                        BandsAttr bands) {
  SmallVector<Band> blocks;
  Layout input;
  if (bands.getInPlace()) {
    input = lowered.at(first.getInput()).layout;
    --input.border.top; // the spare row
  } else {
    input = images.at(first.getInput()).layout;
  }
  for (BlockOp block = first; block;) {
    FailureOr<SingleBranch> ops = matchSingleBranch(block);
    if (failed(ops))
      return failure();
    FailureOr<Layout> result = getPlannedLayout(block, Layout::Panels);
    if (failed(result))
      return failure();
    FailureOr<LayerSpec::Kind> kind = getPlannedKind(ops->conv, input);
    if (failed(kind))
      return failure();
    if (ops->squeezeExcite)
      return block.emitOpError("expects no squeeze_excite in ") << bands;
    if (!block.getInput().getType().getElementType().isF32())
      return block.emitOpError("expects blocks of floats in ") << bands;
    if (block != first && block->hasAttr(kBandsAttr))
      return block.emitOpError("expects no ")
             << kBandsAttr << " inside of others";
    blocks.push_back({block, *ops, getLayer(*kind, *ops, input, *result)});
    if (static_cast<int64_t>(blocks.size()) == bands.getLayers())
      return blocks;
    if (result->gap || result->border != chooseBorder(block.getOutput()))
      return block.emitOpError("expects of what the next block reads in ")
             << bands << " no gap and the border that its window wants";
    input = *result;
    block = block.getOutput().hasOneUse()
                ? dyn_cast<BlockOp>(*block.getOutput().user_begin())
                : BlockOp();
  }
  return first.emitOpError("expects blocks in a row, each the only reader of "
                           "the one before, as many as ")
         << bands << " says, but got " << blocks.size();
}

/// Whether `block` is a 3x3 window of this kind and stride, padded by 1.
static bool isWindow(const Band &block, LayerSpec::Kind kind, int64_t stride) {
  return block.layer.kind == kind && isSquare(block.ops.conv, 3, stride, 1);
}

LogicalResult NetworkLowering::lowerBands(BlockOp block, BandsAttr bands) {
  if (instrument == Instrument::Tensors)
    return block.emitOpError("expects a plan that keeps results, but got ")
           << bands;
  bool isStem = isUnreadImage(block.getInput());
  if (isStem == bands.getInPlace() || !block.getInput().hasOneUse())
    return block.emitOpError("expects to be the only reader of the image or, "
                             "in_place, of a block's result, but got ")
           << bands;
  if (!isStem)
    (void)getLowered(block.getInput());
  FailureOr<SmallVector<Band>> blocks = findBands(block, bands);
  if (failed(blocks))
    return failure();
  const Layout &result = blocks->back().layer.result;
  if (bands.getRows() > result.height)
    return block.emitOpError("expects bands of at most ")
           << result.height << " rows, but got " << bands;
  return isStem ? lowerStem(*blocks, bands.getRows())
                : lowerPair(*blocks, bands.getRows());
}

Lowered NetworkLowering::callBands(ArrayRef<Band> blocks,
                                   const KernelSpec &spec, ValueRange inputs,
                                   Value result) {
  for (const Band &band : blocks.drop_back())
    lowered[BlockOp(band.block).getOutput()] = {};
  Location loc = builder.getFusedLoc(llvm::map_to_vector(
      blocks, [](const Band &band) { return BlockOp(band.block).getLoc(); }));
  SmallVector<Value> operands(inputs);
  func::FuncOp kernel = kernels.get(spec);
  for (RankedTensorType type : spec.getScratchTypes())
    operands.push_back(makeBuffer(loc, type));
  operands.push_back(result);
  llvm::append_range(operands, makeAllUnits(builder, loc, kernel));
  auto call = func::CallOp::create(builder, loc, kernel, operands);
  return {call.getResult(0), spec.getResult()};
}

LogicalResult NetworkLowering::lowerStem(ArrayRef<Band> blocks, int64_t rows) {
  BlockOp first = blocks.front().block, last = blocks.back().block;
  if (!isWindow(blocks[0], LayerSpec::Dense, 2) ||
      !isWindow(blocks[1], LayerSpec::Depthwise, 2) || blocks.size() > 3 ||
      (blocks.size() == 3 && blocks[2].layer.kind != LayerSpec::Pointwise))
    return first.emitOpError(
        "expects in bands of an image a dense and a depthwise block of 3x3, "
        "stride 2 and padding 1, then at most a pointwise block");
  const Image &image = images.at(first.getInput());
  SmallVector<Value> inputs(image.inputs);
  KernelSpec spec{image.source, {{LayerSpec::ReadImage, image.layout}}};
  spec.form = KernelSpec::Bands;
  spec.rows = rows;
  for (const Band &band : blocks) {
    spec.layers.push_back(band.layer);
    llvm::append_range(inputs, getWeights(band.ops, band.layer));
  }
  Value result = makeBuffer(last.getLoc(), spec.getResult().getType());
  lowered[last.getOutput()] = callBands(blocks, spec, inputs, result);
  return success();
}

LogicalResult NetworkLowering::lowerPair(ArrayRef<Band> blocks, int64_t rows) {
  BlockOp first = blocks.front().block, last = blocks.back().block;
  Lowered input = getLowered(first.getInput());
  PairLayouts expected = getPairLayouts(input.layout);
  if (blocks.size() != 2 || !isWindow(blocks[0], LayerSpec::Depthwise, 1) ||
      blocks[1].layer.kind != LayerSpec::Pointwise ||
      input.layout != expected.input ||
      blocks[0].layer.result != expected.middle ||
      blocks[1].layer.result != expected.result)
    return first.emitOpError(
        "expects in place a depthwise block of 3x3, stride 1 and padding 1, "
        "then a pointwise block whose result has the input's layout, one row "
        "higher");
  KernelSpec spec{input.layout, {blocks[0].layer, blocks[1].layer}};
  spec.rows = rows;
  spec.form = KernelSpec::Tail;
  SmallVector<Value> inputs = getWeights(blocks[0].ops, blocks[0].layer);

  Location loc = first.getLoc();
  SmallVector<Value> operands(inputs);
  operands.push_back(input.value);
  llvm::append_range(inputs, getWeights(blocks[1].ops, blocks[1].layer));
  operands.push_back(makeBuffer(loc, spec.getScratchTypes().front()));
  func::FuncOp tail = kernels.get(spec);
  llvm::append_range(operands, makeAllUnits(builder, loc, tail));
  inputs.push_back(
      func::CallOp::create(builder, loc, tail, operands).getResult(0));
  spec.form = KernelSpec::BandsInPlace;
  lowered[last.getOutput()] = callBands(blocks, spec, inputs, input.value);
  return success();
}
