// Classifiers, whatever they are called.
#ifndef MOBILEONE_COMPILER_IMPORT_HEADS_H
#define MOBILEONE_COMPILER_IMPORT_HEADS_H

#include "compiler/Import/KeyIndex.h"
#include "compiler/Import/Layouts.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace mobileone {

/// What may be a network's classifier.
struct Heads {
  /// Of layers, in the order of the file.
  std::vector<std::string> paths;
  /// Before every key of the network and of these layers.
  std::string scope;

  /// Whether `key` is of one of the layers, of one that is numbered like it
  /// (fc1, fc2), or of the Sequential around it.
  bool hold(llvm::StringRef key) const;
};

/// Finds the layers that take the `features` of the network at `place` or have
/// a usual name (head.fc, linear, classifier, ..., also numbered), and those
/// numbered like them. They stand below the network's own prefix. If there are
/// none, they may stand beside its last part, but not outside of `within`:
/// there those of a short name count, since deeper ones belong to other
/// networks. Keys that `isTaken` says belong to a network itself.
Heads findHeads(const KeyIndex &keys, const Place &place, int64_t features,
                llvm::StringRef within,
                llvm::function_ref<bool(llvm::StringRef)> isTaken);

/// The slots of the classifier at `path`. Where `network` leaves its classes to
/// the checkpoint it gets those of the weight.
llvm::Expected<std::vector<Slot>>
listHeadSlots(const KeyIndex &keys, llvm::StringRef path, NetworkSpec &network);

/// Refuses several heads by their names.
llvm::Error refuseHeads(const KeyIndex &keys,
                        llvm::ArrayRef<std::string> heads);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_HEADS_H
