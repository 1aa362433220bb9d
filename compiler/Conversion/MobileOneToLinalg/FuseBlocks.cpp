// Lowers blocks that become one kernel, in bands of rows.
#include "compiler/Conversion/MobileOneToLinalg/NetworkLowering.h"

#include "compiler/Conversion/MobileOneToLinalg/ChooseBands.h"
#include "compiler/Conversion/MobileOneToLinalg/KernelFunction.h"
#include "compiler/Conversion/MobileOneToLinalg/PackWeights.h"

using namespace mlir;
using namespace mobileone;

/// The only reader of `value`, if it is a plain block.
static std::optional<PlainBlock> findNext(Value value) {
  if (!value.hasOneUse())
    return std::nullopt;
  auto block = dyn_cast<BlockOp>(*value.user_begin());
  if (!block)
    return std::nullopt;
  // What is wrong with a block is said when its turn comes.
  ScopedDiagnosticHandler silence(value.getContext(),
                                  [](Diagnostic &) { return success(); });
  FailureOr<SingleBranch> ops = matchSingleBranch(block);
  if (failed(ops) || ops->squeezeExcite)
    return std::nullopt;
  return PlainBlock{block, ops->conv, ops->activation};
}

static bool isUniform(ConvOp conv, int64_t kernel, int64_t stride,
                      int64_t padding) {
  auto isAll = [](ArrayRef<int64_t> values, int64_t value) {
    return llvm::all_of(values, [&](int64_t v) { return v == value; });
  };
  return conv.getKernelHeight() == kernel && conv.getKernelWidth() == kernel &&
         isAll(conv.getStrides(), stride) && isAll(conv.getPadding(), padding);
}

/// Whether `conv` is 3x3 and padded by 1.
static bool isWindow(ConvOp conv, int64_t stride) {
  return isUniform(conv, 3, stride, 1);
}

static bool isPointwise(ConvOp conv) {
  return conv.isPointwise() && isUniform(conv, 1, 1, 0);
}

/// The depthwise and pointwise block that read `input` and could take turns.
static std::optional<Pair> matchPair(Value input) {
  if (!input.getDefiningOp<BlockOp>())
    return std::nullopt;
  std::optional<PlainBlock> depthwise = findNext(input);
  if (!depthwise || !depthwise->conv.isDepthwise() ||
      !isWindow(depthwise->conv, 1))
    return std::nullopt;
  std::optional<PlainBlock> pointwise = findNext(depthwise->op.getOutput());
  // In place, the result has the input's channels.
  if (!pointwise || !isPointwise(pointwise->conv) ||
      pointwise->conv.getOutput().getType() != input.getType())
    return std::nullopt;
  ArrayRef<int64_t> shape = cast<RankedTensorType>(input.getType()).getShape();
  Layout layout{Layout::Panels, shape[2], shape[3], shape[1]};
  int64_t bytes =
      layout.getType(input.getContext()).getNumElements() * sizeof(float);
  if (!gainsFromBands(bytes, bytes))
    return std::nullopt;
  return Pair{*depthwise, *pointwise};
}

std::optional<Pair> NetworkLowering::findPair(Value input) const {
  // A layer's result that a callback sees must stand in memory.
  if (instrument == Instrument::Tensors)
    return std::nullopt;
  std::optional<Pair> pair = matchPair(input);
  if (!pair)
    return std::nullopt;
  // Pairs in a row share two kernels. In place, each would need its own: it
  // finds the image one row higher than the one before.
  auto getInput = [](Value value) {
    auto block = value.getDefiningOp<BlockOp>();
    return block ? Value(block.getInput()) : Value();
  };
  Value before = getInput(input) ? getInput(getInput(input)) : Value();
  Value result = pair->pointwise.op.getOutput();
  if (matchPair(result) || (before && matchPair(before)))
    return std::nullopt;
  // The result inherits the border that the depthwise block reads.
  Border border = getPanelLayout(result).border;
  if (border.top != 1 || border.left != 1 || border.bottom > 1 ||
      border.right > 1)
    return std::nullopt;
  return pair;
}

void NetworkLowering::addLayer(BandLayer::Kind kind, const PlainBlock &block,
                               Layout result, BandShape &shape,
                               SmallVectorImpl<Value> &inputs) {
  ConvOp conv = block.conv;
  ElementsAttr filter = conv.getFilter();
  ElementsAttr packed = kind == BandLayer::Dense       ? packDense(filter)
                        : kind == BandLayer::Depthwise ? packDepthwise(filter)
                                                       : packPointwise(filter);
  inputs.push_back(constant(conv.getLoc(), packed));
  inputs.push_back(constant(conv.getLoc(), packPerChannel(getBias(conv))));
  shape.layers.push_back(
      {kind, result, /*inputs=*/2, conv.getStrides()[0], block.activation});
}

Lowered NetworkLowering::callBands(ArrayRef<Location> locs,
                                   const BandShape &shape, ValueRange inputs,
                                   Value result) {
  Location loc = builder.getFusedLoc(locs);
  SmallVector<Value> operands(inputs);
  func::FuncOp kernel = kernels.getBands(inputs.getTypes(), shape);
  for (RankedTensorType type : shape.getScratchTypes(builder.getContext()))
    operands.push_back(makeBuffer(loc, type));
  operands.push_back(result);
  llvm::append_range(operands, makeAllUnits(builder, loc, kernel));
  auto call = func::CallOp::create(builder, loc, kernel, operands);
  return {call.getResult(0), shape.layers.back().result};
}

LogicalResult NetworkLowering::fuseStem(BlockOp block,
                                        const SingleBranch &ops) {
  ConvOp conv = ops.conv;
  auto image = images.find(block.getInput());
  if (instrument == Instrument::Tensors || image == images.end() ||
      lowered.contains(block.getInput()) || !block.getInput().hasOneUse() ||
      ops.squeezeExcite || conv.getGroups() != 1 || !isWindow(conv, 2))
    return failure();
  std::optional<PlainBlock> depthwise = findNext(block.getOutput());
  if (!depthwise || !depthwise->conv.isDepthwise() ||
      !isWindow(depthwise->conv, 2))
    return failure();

  const Image &source = image->second;
  SmallVector<Value> inputs(source.inputs);
  BandShape shape;
  shape.layers.push_back({BandLayer::ReadImage, source.layout,
                          static_cast<unsigned>(inputs.size())});
  SmallVector<Location> locs;
  Value last;
  auto add = [&](BandLayer::Kind kind, const PlainBlock &next) {
    last = BlockOp(next.op).getOutput();
    addLayer(kind, next, getPanelLayout(last), shape, inputs);
    locs.push_back(last.getLoc());
    lowered[last] = {};
  };
  add(BandLayer::Dense, {block, conv, ops.activation});
  add(BandLayer::Depthwise, *depthwise);
  if (std::optional<PlainBlock> pointwise = findNext(last);
      pointwise && isPointwise(pointwise->conv))
    add(BandLayer::Pointwise, *pointwise);

  const Layout &result = shape.layers.back().result;
  shape.rows = chooseBandRows(result.height, result.width);
  lowered[last] =
      callBands(locs, shape, inputs,
                makeBuffer(last.getLoc(), result.getType(block.getContext())));
  return success();
}

LogicalResult NetworkLowering::fusePair(BlockOp block) {
  std::optional<Pair> pair = findPair(block.getInput());
  if (!pair)
    return failure();
  Lowered input = getLowered(block.getInput());
  Layout middle = input.layout, result = input.layout;
  middle.border = {};
  --result.border.top;
  ++result.border.bottom;
  BandShape shape;
  shape.inPlace = input.layout;
  shape.rows =
      std::max<int64_t>(2, chooseBandRows(result.height, result.width));
  SmallVector<Value> inputs;
  addLayer(BandLayer::Depthwise, pair->depthwise, middle, shape, inputs);
  addLayer(BandLayer::Pointwise, pair->pointwise, result, shape, inputs);

  SmallVector<Value> operands(ArrayRef(inputs).take_front(2));
  operands.push_back(input.value);
  func::FuncOp tail = kernels.getTail(ValueRange(operands).getTypes(), shape);
  operands.push_back(makeBuffer(
      block.getLoc(), shape.getScratchTypes(builder.getContext()).front()));
  llvm::append_range(operands, makeAllUnits(builder, block.getLoc(), tail));
  inputs.push_back(func::CallOp::create(builder, block.getLoc(), tail, operands)
                       .getResult(0));

  BlockOp last = pair->pointwise.op;
  lowered[block.getOutput()] = {};
  lowered[last.getOutput()] =
      callBands({block.getLoc(), last.getLoc()}, shape, inputs, input.value);
  return success();
}
