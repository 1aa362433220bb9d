// Reads inputs for a model from a file.
#ifndef MOBILEONE_TOOLS_MOBILEONE_RUN_READINPUT_H
#define MOBILEONE_TOOLS_MOBILEONE_RUN_READINPUT_H

#include "compiler/Execution/ModelInput.h"

namespace mobileone::run {

/// Reads an array whose leading dimension counts images.
llvm::Expected<ModelInput> readInput(const LoadedModel &model,
                                     llvm::StringRef path);

} // namespace mobileone::run

#endif // MOBILEONE_TOOLS_MOBILEONE_RUN_READINPUT_H
