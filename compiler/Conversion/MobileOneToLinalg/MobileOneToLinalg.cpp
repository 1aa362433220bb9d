// Lowers a single-branch network to calls of linalg kernels, layer by layer.
#include "compiler/Contract/NetworkFunction.h"
#include "compiler/Conversion/MobileOneToLinalg/NetworkLowering.h"
#include "compiler/Conversion/MobileOneToLinalg/PackWeights.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mobileone {
#define GEN_PASS_DEF_CONVERTMOBILEONETOLINALGPASS
#include "compiler/Conversion/Passes.h.inc"
} // namespace mobileone

using namespace mlir;
using namespace mobileone;

Value NetworkLowering::constant(Location loc, ElementsAttr value) {
  return arith::ConstantOp::create(builder, loc, cast<TypedAttr>(value));
}

Value NetworkLowering::makeBuffer(Location loc, RankedTensorType type) {
  // Not tensor.empty: two equal ones would become one buffer under CSE.
  return bufferization::AllocTensorOp::create(builder, loc, type, ValueRange{});
}

Lowered NetworkLowering::call(Location loc, const Layout &input,
                              const LayerSpec &layer, ValueRange operands) {
  SmallVector<Value> all(operands);
  all.push_back(makeBuffer(loc, layer.result.getType()));
  auto call =
      func::CallOp::create(builder, loc, kernels.get({input, {layer}}), all);
  return {call.getResult(0), layer.result};
}

LogicalResult NetworkLowering::lower(GlobalAveragePoolOp op) {
  Lowered input = getLowered(op.getInput());
  if (input.layout.kind != Layout::Panels)
    return op.emitOpError("expects a block's result, but got the image");
  FailureOr<Layout> result = getPlannedLayout(op, Layout::Panels);
  if (failed(result))
    return failure();
  lowered[op.getOutput()] = call(op.getLoc(), input.layout,
                                 {LayerSpec::Average, *result}, input.value);
  return success();
}

LogicalResult NetworkLowering::lower(GlobalSumPoolOp op) {
  Lowered input = getLowered(op.getInput());
  FailureOr<Layout> result = getPlannedLayout(op, Layout::Panels);
  if (failed(result))
    return failure();
  lowered[op.getOutput()] =
      call(op.getLoc(), input.layout, {LayerSpec::Sum, *result}, input.value);
  return success();
}

LogicalResult NetworkLowering::lower(LinearOp op) {
  ElementsAttr factor;
  Operation *last = op;
  if (op.isQuantized()) { // together with what makes floats of its integers
    auto dequantize = op->hasOneUse()
                          ? dyn_cast<DequantizeOp>(*op->user_begin())
                          : DequantizeOp();
    if (!dequantize)
      return op.emitOpError("expects a dequantize as the only reader of its "
                            "integers");
    factor = dequantize.getFactor();
    last = dequantize;
  }
  FailureOr<Layout> result = getPlannedLayout(last, Layout::Panels);
  if (failed(result))
    return failure();
  Lowered numbers =
      lowerMatrix(op.getLoc(), getLowered(op.getInput()), *result,
                  op.getWeight(), op.getBias(), Activation::None, factor);
  lowered[op.getOutput()] = numbers;
  lowered[last->getResult(0)] = numbers;
  return success();
}

LogicalResult NetworkLowering::lower(DequantizeOp op) {
  if (lowered.contains(op.getOutput()))
    return success(); // with the linear op before it
  Lowered input = getLowered(op.getInput());
  FailureOr<Layout> result = getPlannedLayout(op, Layout::Panels);
  if (failed(result))
    return failure();
  LayerSpec layer{LayerSpec::Dequantize, *result};
  layer.hasFactor = true;
  Value factor = constant(op.getLoc(), packPerChannel(op.getFactor()));
  lowered[op.getOutput()] =
      call(op.getLoc(), input.layout, layer, {input.value, factor});
  return success();
}

LogicalResult NetworkLowering::lower(SoftmaxOp op) {
  FailureOr<Layout> result = getPlannedLayout(op, Layout::Panels);
  if (failed(result))
    return failure();
  Lowered input = getLowered(op.getInput());
  lowered[op.getOutput()] = call(op.getLoc(), input.layout,
                                 {LayerSpec::Softmax, *result}, input.value);
  return success();
}

LogicalResult NetworkLowering::lower(ChannelsLastOp op) {
  for (Operation *user : op->getUsers())
    if (!isa<func::ReturnOp>(user))
      return user->emitOpError("expects no channels_last but as a result of "
                               "the network");
  return success(); // whoever stores it asks for its input
}

LogicalResult NetworkLowering::refuseImage() {
  return network.getBody().front().getTerminator()->emitOpError(
      "expects a layer's result, but got the image");
}

LogicalResult NetworkLowering::store(Value value, unsigned index) {
  Location loc = value.getLoc();
  auto channelsLast = value.getDefiningOp<ChannelsLastOp>();
  Lowered result =
      getLowered(channelsLast ? Value(channelsLast.getInput()) : value);
  Value output = outputs[index];
  if (result.layout.kind != Layout::Panels)
    return refuseImage();
  if (cast<RankedTensorType>(value.getType()).getRank() == 4) {
    Layout map = result.layout.getDensePanels();
    map.kind = channelsLast ? Layout::Interleaved : Layout::Planar;
    KernelSpec spec{result.layout, {{LayerSpec::StoreFeatures, map}}};
    func::CallOp::create(builder, loc, kernels.get(spec),
                         {result.value, output});
    return success();
  }
  // Without the padding of the last panel.
  Value flat = tensor::CollapseShapeOp::create(
      builder, loc, result.value, ArrayRef<ReassociationIndices>{{0, 1, 2, 3}});
  SmallVector<OpFoldResult> offset{builder.getIndexAttr(0)},
      size{builder.getIndexAttr(result.layout.channels)},
      one{builder.getIndexAttr(1)};
  Value numbers =
      tensor::ExtractSliceOp::create(builder, loc, flat, offset, size, one);
  auto copy = bufferization::MaterializeInDestinationOp::create(
      builder, loc, /*result=*/Type(), numbers, output);
  copy.setRestrict(true);
  copy.setWritable(true);
  return success();
}

LogicalResult NetworkLowering::storeResults(Operation *op) {
  // A single one is written last, so that an error leaves it untouched.
  if (outputs.size() == 1 || op->getNumResults() != 1)
    return success();
  builder.setInsertionPointAfter(op);
  auto end = cast<func::ReturnOp>(op->getBlock()->getTerminator());
  for (auto [i, value] : llvm::enumerate(end.getOperands()))
    if (value == op->getResult(0) && failed(store(value, i)))
      return failure();
  return success();
}

LogicalResult NetworkLowering::lower(func::ReturnOp op) {
  if (outputs.size() == 1) {
    if (failed(store(op.getOperand(0), 0)))
      return failure();
  } else if (llvm::any_of(op.getOperands(), llvm::IsaPred<BlockArgument>)) {
    return refuseImage();
  }
  op.getOperandsMutable().clear();
  return success();
}

LogicalResult NetworkLowering::lower(Operation *op) {
  builder.setInsertionPoint(op);
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case<BlockOp, LinearOp>([&](auto layer) { return lowerLayer(layer); })
      .Case<ReadImageOp, DequantizeOp, GlobalAveragePoolOp, GlobalSumPoolOp,
            SoftmaxOp, ChannelsLastOp, func::ReturnOp>(
          [&](auto typed) { return lower(typed); })
      .Default([](Operation *other) {
        return other->emitOpError(
            "expects a read_image, block, dequantize, global_average_pool, "
            "global_sum_pool, linear, softmax or channels_last outside of "
            "blocks");
      });
}

LogicalResult NetworkLowering::verifyFunction() {
  if (failed(verifyStraightLine(network)))
    return failure();
  // None survives: the arguments become buffers, the results an argument.
  for (ArrayAttr arrays :
       {network.getArgAttrsAttr(), network.getResAttrsAttr()}) {
    if (!arrays)
      continue;
    bool ofArguments = arrays == network.getArgAttrsAttr();
    for (auto attrs : arrays.getAsRange<DictionaryAttr>())
      for (NamedAttribute attr : attrs)
        if (attr.getName() != (ofArguments ? kLayoutAttr : kOutputNameAttr))
          return network.emitOpError("expects no attributes of arguments and "
                                     "results beside those of a plan and names "
                                     "of results, but got ")
                 << attr.getName();
  }
  for (NamedAttribute attr : network->getDiscardableAttrs())
    if (attr.getName() != "mobileone.variant" &&
        attr.getName() != "mobileone.mean" && attr.getName() != "mobileone.std")
      return network.emitOpError(
                 "expects no attribute but mobileone.variant, mobileone.mean "
                 "and mobileone.std, but got ")
             << attr.getName();
  return success();
}

LogicalResult NetworkLowering::run() {
  if (failed(verifyFunction()))
    return failure();
  FunctionType type = network.getFunctionType();
  auto isResult = [](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return tensor && (tensor.getRank() == 2 || tensor.getRank() == 4);
  };
  if (type.getNumInputs() != 1 || type.getNumResults() == 0 ||
      !llvm::all_of(type.getResults(), isResult))
    return network.emitOpError(
               "expects one image and results of rank 2 or 4, but got ")
           << type;

  Block &body = network.getBody().front();
  SmallVector<Operation *> ops =
      llvm::map_to_vector(body, [](Operation &op) { return &op; });
  if (failed(addArguments()))
    return failure();
  for (Operation *op : ops)
    if (failed(lower(op)) || failed(storeResults(op)))
      return failure();
  for (Operation *op : llvm::reverse(ops))
    if (!isa<func::ReturnOp>(op))
      op->erase();
  return network.eraseArgument(0);
}

namespace {

struct ConvertMobileOneToLinalgPass
    : mobileone::impl::ConvertMobileOneToLinalgPassBase<
          ConvertMobileOneToLinalgPass> {
  using ConvertMobileOneToLinalgPassBase::ConvertMobileOneToLinalgPassBase;

  void runOnOperation() override {
    if (failed(verifyHookNames(getOperation())))
      return signalPassFailure();
    KernelLibrary kernels(getOperation());
    SmallVector<func::FuncOp> networks;
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (llvm::any_of(function.getOps(), [](Operation &op) {
            return isa_and_nonnull<MobileOneDialect>(op.getDialect());
          }))
        networks.push_back(function);
    for (func::FuncOp network : networks)
      if (failed(NetworkLowering(network, kernels, instrument).run()))
        return signalPassFailure();
  }
};

} // namespace
