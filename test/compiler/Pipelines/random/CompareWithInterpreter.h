// Compiles a network into this process and compares it with the interpreter.
#ifndef MOBILEONE_TEST_COMPILER_PIPELINES_RANDOM_COMPAREWITHINTERPRETER_H
#define MOBILEONE_TEST_COMPILER_PIPELINES_RANDOM_COMPAREWITHINTERPRETER_H

#include "compiler/Conversion/Passes.h"
#include "compiler/Machine/IsaLevel.h"
#include "mlir/IR/MLIRContext.h"

#include <string>

namespace mobileone {

/// Runs the network in `text` on a random image, on one and on three workers,
/// with NaN in all memory that it may use. Says what is wrong; "" if nothing
/// is.
std::string compareWithInterpreter(mlir::MLIRContext &context,
                                   llvm::StringRef text, const IsaLevel &level,
                                   Instrument instrument, uint32_t imageSeed);

} // namespace mobileone

#endif // MOBILEONE_TEST_COMPILER_PIPELINES_RANDOM_COMPAREWITHINTERPRETER_H
