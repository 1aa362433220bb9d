// What the compiler says to the person at the terminal.
#ifndef MOBILEONE_TOOLS_MOBILEONE_OPT_DIAGNOSTICS_H
#define MOBILEONE_TOOLS_MOBILEONE_OPT_DIAGNOSTICS_H

#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/Error.h"

namespace mobileone {

/// Prints an error and fails.
mlir::LogicalResult fail(const llvm::Twine &message);
mlir::LogicalResult fail(llvm::Error error);

/// Prints errors, warnings and remarks of a compile: with the lines of IR that
/// they point to, in `sources`, or else with the layer of a checkpoint.
class CompileDiagnosticHandler : public mlir::SourceMgrDiagnosticHandler {
public:
  CompileDiagnosticHandler(llvm::SourceMgr &sources,
                           mlir::MLIRContext *context);
};

} // namespace mobileone

#endif // MOBILEONE_TOOLS_MOBILEONE_OPT_DIAGNOSTICS_H
