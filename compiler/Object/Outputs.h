// The outputs of a network: what they are, and what headers say of them.
#ifndef MOBILEONE_COMPILER_OBJECT_OUTPUTS_H
#define MOBILEONE_COMPILER_OBJECT_OUTPUTS_H

#include "compiler/Object/ModelInfo.h"

namespace mobileone {

/// Adds the results of `network` to `model`: their kinds by the ops that make
/// them, their names by `mobileone.name` or else by those ops.
mlir::LogicalResult describeOutputs(mlir::func::FuncOp network,
                                    ModelInfo &model);

/// "logits", "softmax", "embedding" or "features".
llvm::StringRef getKindName(const mobileone_output_info &output);

/// Its name for C++: dots are underscores.
std::string getIdentifier(const mobileone_output_info &output);

/// What the floats are, for a comment.
std::string describeOutput(const mobileone_output_info &output);

/// How macros of `output` begin: NET_OUTPUT or, where there are several,
/// NET_OUTPUT_STAGE1.
std::string getOutputMacro(const ModelInfo &model,
                           const mobileone_output_info &output,
                           llvm::StringRef upper);

/// The macros of all outputs, for one call of the header.
std::string formatOutputMacros(const ModelInfo &model, llvm::StringRef upper);

/// Those of them that depend on the image size.
std::string formatOutputSizes(const ModelInfo &size, llvm::StringRef upper);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_OBJECT_OUTPUTS_H
