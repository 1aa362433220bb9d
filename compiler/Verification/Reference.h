// A network in float64, which objects are compared with.
#ifndef MOBILEONE_COMPILER_VERIFICATION_REFERENCE_H
#define MOBILEONE_COMPILER_VERIFICATION_REFERENCE_H

#include "compiler/Execution/LoadedModel.h"
#include "dialect/Interpreter/Interpreter.h"

namespace mobileone {

/// What one layer gives.
struct LayerResult {
  std::string name;
  Tensor64 tensor; // NCHW, or NC
};

/// What a network gives for one image.
struct ReferenceResult {
  std::vector<Tensor64> outputs;
  std::vector<LayerResult> layers; // where the object shows its own
};

/// Runs in float64 what an object computes.
class Reference {
public:
  /// `network` takes the images that `model` takes, and outlives this.
  Reference(mlir::func::FuncOp network, const LoadedModel &model);

  /// `image` has the bytes that the object takes. Errors are emitted: an op
  /// that the interpreter does not know.
  mlir::FailureOr<ReferenceResult> run(const char *image) const;

private:
  mlir::func::FuncOp network;
  llvm::SmallVector<int64_t> shape; // of an image
  bool isBytes, hasLayers;
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_VERIFICATION_REFERENCE_H
