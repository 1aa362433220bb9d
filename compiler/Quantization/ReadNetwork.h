// A network's function, and images for it, as plain numbers.
#ifndef MOBILEONE_COMPILER_QUANTIZATION_READNETWORK_H
#define MOBILEONE_COMPILER_QUANTIZATION_READNETWORK_H

#include "compiler/Planning/SingleBranch.h"
#include "compiler/Quantization/FloatNetwork.h"
#include "compiler/Quantization/QuantizeNetwork.h"

namespace mobileone {

/// A network's numbers, and the ops that they are of.
struct ReadNetwork {
  FloatNetwork network;
  std::vector<BlockOp> blocks;
  std::vector<SingleBranch> branches; // what is in them
  GlobalAveragePoolOp pool;           // null where there is none
  std::vector<LinearOp> heads;
};

/// Reads a single-branch network of float32. Emits an error at what
/// quantization has no answer to: other activations than ReLU, blocks side by
/// side, weights that are no finite numbers, several images at once.
mlir::FailureOr<ReadNetwork> readNetwork(mlir::func::FuncOp function);

/// What the first block reads of each image: CHW, normalized. Emits an error if
/// there is none, or if they are not as the function's argument.
mlir::FailureOr<std::vector<std::vector<float>>>
readImages(mlir::func::FuncOp function, const CalibrationImages &images);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_QUANTIZATION_READNETWORK_H
