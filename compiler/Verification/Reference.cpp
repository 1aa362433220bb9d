// A network in float64, which objects are compared with.
#include "compiler/Verification/Reference.h"

#include "dialect/IR/MobileOneOps.h"

#include <cstring>

using namespace mlir;
using namespace mobileone;

Reference::Reference(func::FuncOp network, const LoadedModel &model)
    : network(network), shape{1}, isBytes(model.takesBytes()),
      hasLayers(model.showsTensors()) {
  for (uint32_t size : model.inputShape())
    shape.push_back(size);
}

FailureOr<ReferenceResult> Reference::run(const char *image) const {
  Tensor64 input{shape, {}};
  input.values.resize(shape[1] * shape[2] * shape[3]);
  for (double &value : input.values) {
    if (isBytes) {
      value = static_cast<uint8_t>(*image++);
      continue;
    }
    float number;
    std::memcpy(&number, image, sizeof number);
    value = number;
    image += sizeof number;
  }
  ReferenceResult result;
  auto keepLayer = [&](Operation *op, const Tensor64 &tensor) {
    if (!hasLayers)
      return;
    if (auto block = dyn_cast<BlockOp>(op))
      result.layers.push_back({block.getName().str(), tensor});
    else if (auto linear = dyn_cast<LinearOp>(op))
      result.layers.push_back({linear.getName().str(), tensor});
  };
  FailureOr<std::vector<Tensor64>> outputs =
      interpret(network, input, keepLayer);
  if (failed(outputs))
    return failure();
  result.outputs = std::move(*outputs);
  return result;
}
