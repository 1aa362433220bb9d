// Encoders whose last stages are dilated.
#ifndef MOBILEONE_COMPILER_IMPORT_DILATION_H
#define MOBILEONE_COMPILER_IMPORT_DILATION_H

#include "compiler/Import/KeyIndex.h"

namespace mobileone {

/// Refuses the network below `root` if it is the encoder of a segmentation
/// model that dilates it.
llvm::Error checkDilation(const KeyIndex &keys, llvm::StringRef root);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_DILATION_H
