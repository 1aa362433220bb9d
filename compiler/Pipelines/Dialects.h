// The dialects of all stages.
#ifndef MOBILEONE_COMPILER_PIPELINES_DIALECTS_H
#define MOBILEONE_COMPILER_PIPELINES_DIALECTS_H

#include "mlir/IR/DialectRegistry.h"

namespace mobileone {

/// Registers every dialect that a stage reads or makes, with the interfaces by
/// which bufferization and the conversion to LLVM know its ops.
void registerDialects(mlir::DialectRegistry &registry);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_PIPELINES_DIALECTS_H
