// Compares an object with its network before anybody gets it.
#ifndef MOBILEONE_COMPILER_DRIVER_VERIFY_H
#define MOBILEONE_COMPILER_DRIVER_VERIFY_H

#include "compiler/Driver/CompileHooks.h"
#include "compiler/Driver/CompileRequest.h"
#include "mlir/IR/OwningOpRef.h"

namespace mobileone {

/// An error unless `request` makes an object, in whatever form, of which this
/// machine can run at least one level.
llvm::Error checkVerification(const CompileRequest &request);

/// Runs `object`, with the content of its file of weights if these are outside,
/// on random images of each of its sizes at each of its levels that this CPU
/// has, and compares it with the network for that size of `networks`, run in
/// float64. Emits an error where it is out of tolerance.
mlir::LogicalResult
verify(llvm::ArrayRef<mlir::OwningOpRef<mlir::ModuleOp>> networks,
       llvm::StringRef object, llvm::StringRef weights,
       const CompileRequest &request, CompileHooks &hooks);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_DRIVER_VERIFY_H
