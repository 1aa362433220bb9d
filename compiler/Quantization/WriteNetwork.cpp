// Rewrites a network's function into its quantized form.
#include "compiler/Quantization/WriteNetwork.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mobileone;

/// The type of `value` with elements of `element`.
static RankedTensorType withElement(Value value, Type element) {
  return cast<RankedTensorType>(
      cast<RankedTensorType>(value.getType()).clone(element));
}

namespace {

class NetworkWriter {
public:
  NetworkWriter(const ReadNetwork &read, const QuantizedNetwork &quantized)
      : read(read), quantized(quantized),
        builder(BlockOp(read.blocks.front()).getContext()),
        byte(builder.getIntegerType(8, /*isSigned=*/false)) {}

  void write() {
    for (size_t index = 0; index != read.blocks.size(); ++index)
      writeBlock(index);
    if (read.pool)
      writePool();
  }

private:
  void writeBlock(size_t index);
  /// The convolution with new weights, and its result.
  Value writeConv(size_t index, Value input);
  void writePool();
  void writeHead(size_t index, Value sums, Value means);

  template <typename T>
  ElementsAttr makeNumbers(const std::vector<T> &numbers, Twine name) {
    return makeWeights(builder.getContext(),
                       {static_cast<int64_t>(numbers.size())},
                       ArrayRef<T>(numbers), name.str());
  }
  Value dequantize(Location loc, Value value, const std::vector<float> &factor,
                   Twine name) {
    return DequantizeOp::create(builder, loc,
                                withElement(value, builder.getF32Type()), value,
                                makeNumbers(factor, name));
  }

  const ReadNetwork &read;
  const QuantizedNetwork &quantized;
  OpBuilder builder;
  Type byte;
  Value last; // what the last block that was written gives
};

} // namespace

Value NetworkWriter::writeConv(size_t index, Value input) {
  ConvOp conv = read.branches[index].conv;
  const QuantizedBlock &block = quantized.blocks[index];
  StringRef name = read.network.blocks[index].name;
  ArrayRef<int64_t> shape = conv.getFilter().getShapedType().getShape();
  ElementsAttr filter = conv.getFilter(), bias = conv.getBiasAttr();
  std::string filterName = (name + ".filter").str();
  if (const auto &integers = block.integers) {
    filter = makeWeights(builder.getContext(), shape,
                         ArrayRef<int8_t>(integers->weights), filterName);
    bias = makeNumbers(integers->bias, name + ".bias");
  } else if (const auto &reals = block.reals) {
    filter = makeWeights(builder.getContext(), shape,
                         ArrayRef<float>(reals->weights), filterName);
    bias = makeNumbers(reals->bias, name + ".bias");
  }
  return ConvOp::create(builder, conv.getLoc(), input, filter, bias,
                        conv.getStrides(), conv.getPadding(), conv.getGroups(),
                        conv.getDilations());
}

void NetworkWriter::writeBlock(size_t index) {
  BlockOp old = read.blocks[index];
  SingleBranch ops = read.branches[index];
  const FloatBlock &block = read.network.blocks[index];
  const QuantizedBlock &how = quantized.blocks[index];
  if (!last)
    last = old.getInput();
  if (!how.integers && !how.reals && !how.hasBytes) {
    last = old.getOutput(); // as it was
    return;
  }
  Location loc = old.getLoc();
  builder.setInsertionPoint(old);
  auto result = how.hasBytes
                    ? withElement(old.getOutput(), byte)
                    : cast<RankedTensorType>(old.getOutput().getType());
  auto op = BlockOp::create(builder, loc, result, old.getName(), last);
  op->setDiscardableAttrs(old->getDiscardableAttrDictionary());
  Block *body = builder.createBlock(&op.getBody(), {}, {last.getType()}, {loc});
  Value value = writeConv(index, body->getArgument(0));
  bool isReal = !keepsSums(block, how);
  if (isReal && how.integers)
    value = dequantize(loc, value, how.integers->unit, block.name + ".unit");
  if (isReal && ops.squeezeExcite) {
    IRMapping mapping;
    mapping.map(ops.squeezeExcite.getInput(), value);
    value = builder.clone(*ops.squeezeExcite, mapping)->getResult(0);
  }
  if (isReal) // Of sums the clamp of their bytes at 0 is the ReLU.
    value = ActivationOp::create(builder, loc, value.getType(),
                                 ActivationKind::relu, value);
  if (how.hasBytes)
    value = QuantizeOp::create(builder, loc, withElement(value, byte), value,
                               makeNumbers(how.factor, block.name + ".factor"));
  YieldOp::create(builder, loc, value);

  builder.setInsertionPointAfter(op);
  last = op.getOutput();
  // The next block and the pool are written when their turn comes.
  Value real;
  for (OpOperand &use : llvm::make_early_inc_range(old.getOutput().getUses())) {
    if (isa<BlockOp, GlobalAveragePoolOp>(use.getOwner()))
      continue;
    if (!real)
      real = how.hasBytes
                 ? dequantize(loc, last, how.scale, block.name + ".scale")
                 : last;
    use.set(real);
  }
}

void NetworkWriter::writeHead(size_t index, Value sums, Value means) {
  LinearOp old = read.heads[index];
  const QuantizedHead &how = quantized.heads[index];
  Location loc = old.getLoc();
  std::string name = old.getName().str();
  ArrayRef<int64_t> shape = old.getWeight().getShapedType().getShape();
  builder.setInsertionPoint(old);
  if (const auto &integers = how.integers) {
    auto weight =
        makeWeights(builder.getContext(), shape,
                    ArrayRef<int8_t>(integers->weights), name + ".weight");
    Value result = LinearOp::create(
        builder, loc, withElement(old.getOutput(), builder.getI32Type()),
        old.getName(), sums, weight,
        makeNumbers(integers->bias, name + ".bias"));
    old.getOutput().replaceAllUsesWith(
        dequantize(loc, result, integers->unit, name + ".unit"));
  } else {
    Value result = LinearOp::create(
        builder, loc, old.getOutput().getType(), old.getName(), means,
        old.getWeight(), makeNumbers(how.reals->bias, name + ".bias"));
    old.getOutput().replaceAllUsesWith(result);
  }
}

/// Heads of integers read sums, all else averages: those of the sums, where
/// there are sums.
void NetworkWriter::writePool() {
  GlobalAveragePoolOp old = read.pool;
  Location loc = old.getLoc();
  const std::vector<float> &scale = quantized.blocks.back().scale;
  ArrayRef<int64_t> map = old.getInput().getType().getShape();
  int64_t pixels = map[2] * map[3];
  builder.setInsertionPoint(old);
  bool hasSums = llvm::any_of(quantized.heads, [](const QuantizedHead &head) {
    return head.integers.has_value();
  });
  Value sums, means;
  if (hasSums) {
    sums = GlobalSumPoolOp::create(
        builder, loc, withElement(old.getOutput(), builder.getI32Type()), last);
    std::vector<float> factor;
    for (float unit : scale)
      factor.push_back(unit / static_cast<float>(pixels));
    means = dequantize(loc, sums, factor, "mean.factor");
  } else {
    means =
        GlobalAveragePoolOp::create(builder, loc, old.getOutput().getType(),
                                    dequantize(loc, last, scale, "last.scale"));
  }
  for (size_t index = 0; index != read.heads.size(); ++index)
    writeHead(index, sums, means);
  for (LinearOp head : read.heads)
    head->erase();
  old.getOutput().replaceAllUsesWith(means);
  old->erase();
  if (means.use_empty())
    means.getDefiningOp()->erase();
}

void mobileone::writeNetwork(const ReadNetwork &read,
                             const QuantizedNetwork &quantized) {
  NetworkWriter(read, quantized).write();
  for (BlockOp block : llvm::reverse(read.blocks))
    if (block.getOutput().use_empty())
      block->erase();
}
