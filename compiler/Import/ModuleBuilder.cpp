// The order of the ops is canonical: the same for every layout and container.
#include "compiler/Import/ModuleBuilder.h"

#include "dialect/IR/MobileOneOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace mobileone;

/// PyTorch's default.
static constexpr double kEpsilon = 1e-5;

namespace {

class ModuleBuilder {
public:
  ModuleBuilder(const llvm::StringMap<ImportedWeights> &weights,
                Location fileLoc)
      : weights(weights), fileLoc(fileLoc), builder(fileLoc.getContext()) {}

  OwningOpRef<ModuleOp> build(const MatchedNetwork &matched,
                              ArrayRef<NetworkOutput> outputs,
                              const ImportOptions &options);

private:
  const ImportedWeights &get(const llvm::Twine &slot) const {
    auto it = weights.find(slot.str());
    assert(it != weights.end() && "every slot was filled");
    return it->second;
  }

  RankedTensorType getInputType(const ImportOptions &options, int64_t channels);
  Value readImage(Value image, const ImportOptions &options, int64_t channels);
  Value addBlock(const BlockSpec &block, bool isDeploy, Value input);
  Value addBranches(const BlockSpec &block, Value input);
  /// With the block's dilation, or of one pixel.
  Value addConv(const BlockSpec &block, const std::string &name, bool isScale,
                Value input, ElementsAttr bias);
  Value addNorm(const std::string &name, Value input);
  Value addPool(const NetworkSpec &network, Value features);
  Value addHead(const HeadSpec &head, Value pooled);
  /// The value of one result; `blocks` are the results of the network's.
  Value addOutput(const NetworkOutput &output, const NetworkSpec &network,
                  ArrayRef<Value> blocks);

  const llvm::StringMap<ImportedWeights> &weights;
  Location fileLoc;
  OpBuilder builder;
  double epsilon = kEpsilon;
  FeatureLayout featureLayout = FeatureLayout::NCHW;
  Value pooled;                  // once it is there
  llvm::StringMap<Value> logits; // of each head that is there
};

} // namespace

static std::optional<ActivationKind> getKind(BlockSpec::Activation activation) {
  switch (activation) {
  case BlockSpec::Activation::None:
    return std::nullopt;
  case BlockSpec::Activation::Relu:
    return ActivationKind::relu;
  case BlockSpec::Activation::Gelu:
    return ActivationKind::gelu;
  case BlockSpec::Activation::Hardswish:
    return ActivationKind::hardswish;
  case BlockSpec::Activation::Silu:
    return ActivationKind::silu;
  }
  llvm_unreachable("all activations are listed");
}

static GateKind getKind(BlockSpec::Gate gate) {
  return gate == BlockSpec::Gate::Sigmoid ? GateKind::sigmoid
                                          : GateKind::hardsigmoid;
}

RankedTensorType ModuleBuilder::getInputType(const ImportOptions &options,
                                             int64_t channels) {
  auto [height, width] = options.imageSize;
  switch (options.input) {
  case InputLayout::F32NCHW:
    return RankedTensorType::get({1, channels, height, width},
                                 builder.getF32Type());
  case InputLayout::F32NHWC:
    return RankedTensorType::get({1, height, width, channels},
                                 builder.getF32Type());
  case InputLayout::U8NHWC:
    bool hasAlpha = options.order == ChannelOrder::rgba ||
                    options.order == ChannelOrder::bgra;
    return RankedTensorType::get({1, height, width, channels + hasAlpha},
                                 builder.getIntegerType(8, /*isSigned=*/false));
  }
  llvm_unreachable("all layouts are listed");
}

Value ModuleBuilder::readImage(Value image, const ImportOptions &options,
                               int64_t channels) {
  if (options.input == InputLayout::F32NCHW)
    return image;
  SmallVector<double> mean(channels, 0), std(channels, 1);
  if (options.input == InputLayout::U8NHWC) {
    llvm::copy(options.normalization.mean, mean.begin());
    llvm::copy(options.normalization.std, std.begin());
  }
  auto type = RankedTensorType::get(
      {1, channels, options.imageSize.height, options.imageSize.width},
      builder.getF32Type());
  return ReadImageOp::create(builder, fileLoc, type, image, options.order, mean,
                             std);
}

Value ModuleBuilder::addNorm(const std::string &name, Value input) {
  return BatchNormOp::create(
      builder, get(name + ".gamma").loc, input.getType(), input,
      get(name + ".gamma").values, get(name + ".beta").values,
      get(name + ".mean").values, get(name + ".variance").values,
      builder.getF64FloatAttr(epsilon));
}

Value ModuleBuilder::addConv(const BlockSpec &block, const std::string &name,
                             bool isScale, Value input, ElementsAttr bias) {
  const ImportedWeights &filter = get(name + ".filter");
  int64_t padding = isScale ? 0 : block.getPadding();
  int64_t dilation = isScale ? 1 : block.dilation;
  return ConvOp::create(builder, filter.loc, input, filter.values, bias,
                        {block.stride, block.stride}, {padding, padding},
                        block.groups, {dilation, dilation});
}

/// Identity, convolutions, scale, and their sum.
Value ModuleBuilder::addBranches(const BlockSpec &block, Value input) {
  SmallVector<Value> branches;
  auto addBranch = [&](const std::string &name, bool isScale) {
    Value conv = addConv(block, name, isScale, input, /*bias=*/nullptr);
    branches.push_back(addNorm(name, conv));
  };
  if (block.hasIdentity())
    branches.push_back(addNorm(block.name + ".identity", input));
  for (int64_t i = 0; i < block.branches; ++i)
    addBranch(block.name + ".conv" + std::to_string(i), /*isScale=*/false);
  if (block.hasScale)
    addBranch(block.name + ".scale", /*isScale=*/true);
  if (branches.size() == 1)
    return branches.front();
  return AddOp::create(builder, input.getLoc(), branches.front().getType(),
                       branches);
}

Value ModuleBuilder::addBlock(const BlockSpec &block, bool isDeploy,
                              Value input) {
  Location loc = NameLoc::get(builder.getStringAttr(block.name), fileLoc);
  // The type of the result is known once the region is.
  auto op = BlockOp::create(builder, loc, input.getType(), block.name, input);
  OpBuilder::InsertionGuard guard(builder);
  Block *body =
      builder.createBlock(&op.getBody(), {}, {input.getType()}, {loc});
  Value value = body->getArgument(0);
  if (isDeploy)
    value = addConv(block, block.name, /*isScale=*/false, value,
                    get(block.name + ".bias").values);
  else
    value = addBranches(block, value);
  if (block.hasSqueezeExcite()) {
    const ImportedWeights &reduce = get(block.name + ".reduce.filter");
    value = SqueezeExciteOp::create(
        builder, reduce.loc, value.getType(), value, reduce.values,
        get(block.name + ".reduce.bias").values,
        get(block.name + ".expand.filter").values,
        get(block.name + ".expand.bias").values, getKind(block.gate));
  }
  if (std::optional<ActivationKind> kind = getKind(block.activation))
    value = ActivationOp::create(builder, loc, value.getType(), *kind, value);
  YieldOp::create(builder, loc, value);
  op.getOutput().setType(cast<RankedTensorType>(value.getType()));
  return op.getOutput();
}

Value ModuleBuilder::addPool(const NetworkSpec &network, Value features) {
  if (!pooled)
    pooled = GlobalAveragePoolOp::create(
        builder, features.getLoc(),
        RankedTensorType::get({1, network.getFeatures()}, builder.getF32Type()),
        features);
  return pooled;
}

Value ModuleBuilder::addHead(const HeadSpec &head, Value pooled) {
  Value &value = logits[head.name];
  if (value)
    return value;
  std::string slot = head.getSlot();
  const ImportedWeights &weight = get(slot + ".weight");
  auto bias = weights.find(slot + ".bias");
  std::vector<float> zeros(head.classes, 0);
  ElementsAttr biasValues =
      bias != weights.end()
          ? bias->second.values
          : makeWeights(builder.getContext(), head.classes,
                        llvm::ArrayRef(zeros), slot + ".bias");
  auto type = RankedTensorType::get({1, head.classes}, builder.getF32Type());
  value = LinearOp::create(builder, weight.loc, type,
                           head.name.empty() ? "head" : head.name, pooled,
                           weight.values, biasValues);
  return value;
}

Value ModuleBuilder::addOutput(const NetworkOutput &output,
                               const NetworkSpec &network,
                               ArrayRef<Value> blocks) {
  if (output.kind == OutputRequest::Features) {
    Value map = blocks[output.index];
    if (featureLayout == FeatureLayout::NCHW)
      return map;
    ArrayRef<int64_t> shape = cast<RankedTensorType>(map.getType()).getShape();
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointAfterValue(map);
    return ChannelsLastOp::create(
        builder, map.getLoc(),
        RankedTensorType::get({shape[0], shape[2], shape[3], shape[1]},
                              builder.getF32Type()),
        map);
  }
  Value value = addPool(network, blocks.back());
  if (output.kind == OutputRequest::Embedding)
    return value;
  value = addHead(network.heads[output.index], value);
  return output.kind == OutputRequest::Logits
             ? value
             : SoftmaxOp::create(builder, fileLoc, value.getType(), value);
}

/// How many blocks are needed: none behind the last map, unless it is pooled.
static size_t countBlocks(const NetworkSpec &network,
                          ArrayRef<NetworkOutput> outputs) {
  size_t count = 0;
  for (const NetworkOutput &output : outputs)
    count = std::max(count, output.kind == OutputRequest::Features
                                ? output.index + 1
                                : network.blocks.size());
  return count;
}

OwningOpRef<ModuleOp> ModuleBuilder::build(const MatchedNetwork &matched,
                                           ArrayRef<NetworkOutput> outputs,
                                           const ImportOptions &options) {
  const NetworkSpec &network = matched.network;
  epsilon = network.bnEpsilon.value_or(kEpsilon);
  OwningOpRef<ModuleOp> module = ModuleOp::create(fileLoc);
  builder.setInsertionPointToEnd(module->getBody());
  std::string name = options.functionName.empty()
                         ? "mobileone_" + network.variant
                         : options.functionName;
  int64_t channels = network.getInputChannels();
  RankedTensorType inputType = getInputType(options, channels);
  auto function = func::FuncOp::create(builder, fileLoc, name,
                                       builder.getFunctionType(inputType, {}));
  function->setAttr("mobileone.variant",
                    builder.getStringAttr(network.variant));
  // What the caller should use.
  const Normalization &recommended = options.normalization;
  if (options.input != InputLayout::U8NHWC &&
      recommended.mean.size() == static_cast<size_t>(channels)) {
    function->setAttr("mobileone.mean",
                      builder.getDenseF64ArrayAttr(recommended.mean));
    function->setAttr("mobileone.std",
                      builder.getDenseF64ArrayAttr(recommended.std));
  }
  builder.setInsertionPointToStart(function.addEntryBlock());
  featureLayout = options.featureLayout;
  Value value = readImage(function.getArgument(0), options, channels);
  SmallVector<Value> blocks, results;
  for (const BlockSpec &block :
       ArrayRef(network.blocks).take_front(countBlocks(network, outputs))) {
    value = addBlock(block, matched.form.isDeploy, value);
    blocks.push_back(value);
  }
  for (const NetworkOutput &output : outputs)
    results.push_back(addOutput(output, network, blocks));
  func::ReturnOp::create(builder, fileLoc, results);
  function.setType(
      builder.getFunctionType(inputType, TypeRange(ValueRange(results))));
  for (auto [i, output] : llvm::enumerate(outputs))
    if (!output.name.empty())
      function.setResultAttr(i, kOutputNameAttr,
                             builder.getStringAttr(output.name));
  return module;
}

OwningOpRef<ModuleOp>
mobileone::buildModule(const MatchedNetwork &matched,
                       ArrayRef<NetworkOutput> outputs,
                       const llvm::StringMap<ImportedWeights> &weights,
                       const ImportOptions &options, Location fileLoc) {
  return ModuleBuilder(weights, fileLoc).build(matched, outputs, options);
}
