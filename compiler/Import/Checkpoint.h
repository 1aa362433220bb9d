// Reads the containers in which checkpoints come.
#ifndef MOBILEONE_COMPILER_IMPORT_CHECKPOINT_H
#define MOBILEONE_COMPILER_IMPORT_CHECKPOINT_H

#include "compiler/Import/Tensor.h"

namespace mobileone {

/// Whether `content` (the whole file or its first 512 bytes) is a checkpoint, a
/// damaged one, or what is found in place of one (a web page, a tar archive),
/// rather than MLIR text or bytecode.
bool isCheckpoint(llvm::StringRef content);

/// The weights in a file of any supported container. A tensor keeps pointing
/// into `file`; no element is read before it is asked for.
llvm::Expected<std::vector<Tensor>> readCheckpoint(llvm::StringRef file);

// One per container. A torch file may hold several state dicts: the averaged
// weights win (see StateDict.cpp).
llvm::Expected<std::vector<Tensor>> readSafeTensors(llvm::StringRef file);
llvm::Expected<std::vector<Tensor>> readTorchZip(llvm::StringRef file);
llvm::Expected<std::vector<Tensor>> readTorchLegacy(llvm::StringRef file);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_CHECKPOINT_H
