// Places the hooks around each layer.
#include "compiler/Contract/NetworkFunction.h"
#include "compiler/Conversion/MobileOneToLinalg/NetworkLowering.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mobileone;

void NetworkLowering::callHook(Location loc, StringRef name,
                               ArrayRef<Value> arguments) {
  auto module = network->getParentOfType<ModuleOp>();
  if (!module.lookupSymbol(name)) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(module.getBody());
    auto hook = func::FuncOp::create(
        builder, module.getLoc(), name,
        builder.getFunctionType(ValueRange(arguments).getTypes(), {}));
    hook.setPrivate();
  }
  func::CallOp::create(builder, loc, name, TypeRange(), arguments);
}

SmallVector<Value> NetworkLowering::describeTensor(Location loc,
                                                   Lowered result) {
  const Layout &layout = result.layout;
  auto address = [&](Value buffer) -> Value {
    return memref::ExtractAlignedPointerAsIndexOp::create(builder, loc, buffer);
  };
  // Where the callback finds the result without border and padding. It is named
  // before the result, so that the arena holds both at once.
  Value dense = address(memref::AllocOp::create(
      builder, loc,
      MemRefType::get({layout.height, layout.width, layout.channels},
                      builder.getF32Type())));
  RankedTensorType type = layout.getType();
  Value buffer = bufferization::ToBufferOp::create(
      builder, loc, MemRefType::get(type.getShape(), type.getElementType()),
      result.value, /*read_only=*/true);
  int64_t pixel = type.getDimSize(2) * type.getDimSize(3);
  int64_t row = type.getDimSize(1) * pixel;
  auto index = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, loc, value);
  };
  return {address(buffer),
          index(layout.border.top * row + layout.border.left * pixel),
          index(row), index(pixel), dense};
}

LogicalResult NetworkLowering::lowerLayer(Operation *op) {
  Location loc = op->getLoc();
  Value layer =
      arith::ConstantIntOp::create(builder, loc, layerCount++, /*width=*/32);
  Value output = op->getResult(0);
  if (lowered.contains(output))
    return success(); // with the layer before it
  if (instrument != Instrument::None)
    callHook(loc, kBeginLayer.name, layer);
  if (failed(TypeSwitch<Operation *, LogicalResult>(op).Case<BlockOp, LinearOp>(
          [&](auto o) { return lower(o); })))
    return failure();

  SmallVector<Value> arguments{layer};
  if (instrument == Instrument::Tensors)
    llvm::append_range(arguments, describeTensor(loc, lowered.at(output)));
  // All but the image, which only the code of the network has.
  while (arguments.size() != kEndLayer.signature.arguments.size() - 1)
    arguments.push_back(arith::ConstantIndexOp::create(builder, loc, 0));
  callHook(loc, kEndLayer.name, arguments);
  return success();
}
