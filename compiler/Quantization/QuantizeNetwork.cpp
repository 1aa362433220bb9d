// Turns a network of float32 into one of integers, as far as that is good.
#include "compiler/Quantization/QuantizeNetwork.h"

#include "compiler/Quantization/Calibrate.h"
#include "compiler/Quantization/ChooseSensitive.h"
#include "compiler/Quantization/WriteNetwork.h"

using namespace mlir;
using namespace mobileone;

/// The blocks that `options` name, or those that are chosen.
static FailureOr<std::vector<bool>>
findSensitive(func::FuncOp function, const FloatNetwork &network,
              const QuantizeOptions &options) {
  if (!options.sensitive)
    return chooseSensitive(network, options.budgetLayers, options.budgetShare);
  std::vector<bool> isReal(network.blocks.size());
  isReal.front() = true;
  for (const std::string &name : *options.sensitive) {
    auto block = llvm::find_if(network.blocks, [&](const FloatBlock &block) {
      return block.name == name;
    });
    if (block == network.blocks.end())
      return function.emitOpError("expects names of its blocks as sensitive "
                                  "layers, but got '")
             << name << "'";
    isReal[block - network.blocks.begin()] = true;
  }
  return isReal;
}

LogicalResult mobileone::quantizeNetwork(func::FuncOp network,
                                         const CalibrationImages &images,
                                         const QuantizeOptions &options,
                                         QuantizationReport &report) {
  FailureOr<ReadNetwork> read = readNetwork(network);
  if (failed(read))
    return failure();
  FailureOr<std::vector<std::vector<float>>> inputs =
      readImages(network, images);
  FailureOr<std::vector<bool>> isReal =
      findSensitive(network, read->network, options);
  if (failed(inputs) || failed(isReal))
    return failure();
  QuantizedNetwork quantized = calibrate(read->network, std::move(*inputs),
                                         {*isReal, options.alpha}, report);
  writeNetwork(*read, quantized);
  return success();
}
