// Reads inputs for a model from a file.
#ifndef MOBILEONE_TOOLS_MOBILEONE_RUN_READINPUT_H
#define MOBILEONE_TOOLS_MOBILEONE_RUN_READINPUT_H

#include "compiler/Execution/ModelInput.h"

namespace mobileone::run {

/// Reads an array whose leading dimension counts images, and lets the model
/// take images of its size.
llvm::Expected<ModelInput> readInput(LoadedModel &model, llvm::StringRef path);

} // namespace mobileone::run

#endif // MOBILEONE_TOOLS_MOBILEONE_RUN_READINPUT_H
