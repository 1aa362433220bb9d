// The compiler as a library: a request in, artifacts out.
#ifndef MOBILEONE_COMPILER_DRIVER_COMPILE_H
#define MOBILEONE_COMPILER_DRIVER_COMPILE_H

#include "compiler/Driver/CompileHooks.h"
#include "compiler/Driver/CompileRequest.h"
#include "compiler/Import/Network.h"

namespace mobileone {

/// Takes `module`, a network as Load.h reads it, through the stages up to
/// `request.emit`, and returns what was asked for in the order in which it is
/// made. `module` is used up. Errors go to the handlers of its context, which
/// has the dialects of compiler/Pipelines/Dialects.h; those that are of no op
/// have an unknown location. Keeps no state: may be called again, and in
/// several threads at once with a context each.
mlir::FailureOr<std::vector<Artifact>> compile(mlir::ModuleOp module,
                                               const CompileRequest &request,
                                               CompileHooks &hooks);

/// The result of EmitKind::Stats for a network, with or without a checkpoint.
std::string formatFigures(const NetworkSpec &network,
                          const CompileRequest &request);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_DRIVER_COMPILE_H
