// Classifiers, whatever they are called.
#ifndef MOBILEONE_COMPILER_IMPORT_HEADS_H
#define MOBILEONE_COMPILER_IMPORT_HEADS_H

#include "compiler/Import/KeyIndex.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace mobileone {

/// The paths, in the order of the file, of the linear layers in `keys` below
/// `scope` that may be a network's classifier: they take its `features`, or
/// have a usual name (head.fc, linear, classifier, ..., also numbered, as in
/// Sequential). Keys that `isTaken` says belong to a network itself. With
/// `isAbove` only short names count: deeper ones belong to other networks.
std::vector<std::string>
findHeads(const KeyIndex &keys, llvm::StringRef scope, int64_t features,
          llvm::function_ref<bool(llvm::StringRef)> isTaken, bool isAbove);

/// Refuses several heads by their names.
llvm::Error refuseHeads(const KeyIndex &keys,
                        llvm::ArrayRef<std::string> heads);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_HEADS_H
