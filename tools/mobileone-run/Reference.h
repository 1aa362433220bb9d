// The network of a checkpoint, which objects are compared with.
#ifndef MOBILEONE_TOOLS_MOBILEONE_RUN_REFERENCE_H
#define MOBILEONE_TOOLS_MOBILEONE_RUN_REFERENCE_H

#include "LoadedModel.h"
#include "Modes.h"

#include "dialect/Interpreter/Interpreter.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"

namespace mobileone::run {

/// What one layer gives.
struct LayerResult {
  std::string name;
  Tensor64 tensor; // NCHW, or NC
};

/// Runs in float64.
class Reference {
public:
  Reference();

  /// Reads the checkpoint as `model` was compiled from it.
  llvm::Error load(const VerifyOptions &options, const LoadedModel &model);

  /// Returns the outputs of one image; `layers`, unless null, gets each layer's
  /// result.
  llvm::Expected<std::vector<double>> run(const char *input, bool isBytes,
                                          std::vector<LayerResult> *layers);

private:
  mlir::MLIRContext context;
  mlir::ScopedDiagnosticHandler handler;
  std::string message;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  Tensor64 image;
};

} // namespace mobileone::run

#endif // MOBILEONE_TOOLS_MOBILEONE_RUN_REFERENCE_H
