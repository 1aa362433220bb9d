// Further files beside an object, for those who link it.
#ifndef MOBILEONE_COMPILER_DRIVER_ALSO_H
#define MOBILEONE_COMPILER_DRIVER_ALSO_H

#include "compiler/Driver/CompiledNetwork.h"

namespace mobileone {

/// An error unless the files of `request.also` can be made, and can say the
/// names of the others.
llvm::Error checkAlso(const CompileRequest &request);

/// Appends them for an object that is described by `network`.
void addAlso(const CompiledNetwork &network, const CompileRequest &request,
             std::vector<Artifact> &artifacts);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_DRIVER_ALSO_H
