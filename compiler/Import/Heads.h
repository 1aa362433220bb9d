// Linear layers behind a network, whatever they are called.
#ifndef MOBILEONE_COMPILER_IMPORT_HEADS_H
#define MOBILEONE_COMPILER_IMPORT_HEADS_H

#include "compiler/Import/KeyIndex.h"
#include "compiler/Import/Layouts.h"
#include "compiler/Import/Outputs.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace mobileone {

/// What may be a network's heads.
struct Heads {
  /// Of layers, in the order of the file.
  std::vector<std::string> paths;
  /// Before every key of the network and of these layers.
  std::string scope;

  /// Whether `key` is of one of the layers, of one that is numbered like it
  /// (fc1, fc2), or of the Sequential around it.
  bool hold(llvm::StringRef key) const;
};

/// A head of a network.
struct HeadLayer {
  std::string name; // as in HeadSpec
  std::string path;
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

/// Refuses heads that do not stand side by side, or may not. A layer behind
/// another one takes what that one gives, and a convolution perhaps a map.
llvm::Error checkSideBySide(const KeyIndex &keys, const Heads &found,
                            int64_t features);

/// "'fc_yaw' (90 outputs), 'fc_pitch' (90 outputs)".
std::string describeHeads(const KeyIndex &keys,
                          llvm::ArrayRef<std::string> paths);

/// The one head that was found, or all of them by what their paths do not have
/// in common. Refuses several that checkSideBySide() does.
llvm::Expected<std::vector<HeadLayer>>
nameHeads(const KeyIndex &keys, const Heads &found, int64_t features);

/// The heads that `requests` name: the nearest of their keys below `root` or
/// above it. Refuses those of another network that stands there.
llvm::Expected<std::vector<HeadLayer>>
chooseHeads(const KeyIndex &keys, llvm::StringRef root,
            llvm::ArrayRef<HeadRequest> requests, const Heads &found,
            llvm::function_ref<bool(llvm::StringRef)> isTaken);

/// The slots of a head that takes `features`. Where `head` leaves its classes
/// to the checkpoint it gets those of the weight.
llvm::Expected<std::vector<Slot>> listHeadSlots(const KeyIndex &keys,
                                                llvm::StringRef path,
                                                int64_t features,
                                                HeadSpec &head);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_HEADS_H
