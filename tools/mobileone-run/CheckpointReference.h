// The network of a checkpoint, which an object is compared with.
#ifndef MOBILEONE_TOOLS_MOBILEONE_RUN_CHECKPOINTREFERENCE_H
#define MOBILEONE_TOOLS_MOBILEONE_RUN_CHECKPOINTREFERENCE_H

#include "Modes.h"

#include "compiler/Verification/Reference.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"

namespace mobileone::run {

/// Errors of the compiler's libraries are those of this.
class CheckpointReference {
public:
  CheckpointReference();

  /// Reads the checkpoint as `model` was compiled from it.
  llvm::Error load(const VerifyOptions &options, const LoadedModel &model);

  llvm::Expected<ReferenceResult> run(const char *image);

private:
  mlir::MLIRContext context;
  mlir::ScopedDiagnosticHandler handler;
  std::string message;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::optional<Reference> reference;
};

} // namespace mobileone::run

#endif // MOBILEONE_TOOLS_MOBILEONE_RUN_CHECKPOINTREFERENCE_H
