// Decides which MobileOne stands at a place, and that it is exactly that one.
#ifndef MOBILEONE_COMPILER_IMPORT_MATCHING_H
#define MOBILEONE_COMPILER_IMPORT_MATCHING_H

#include "compiler/Import/KeyIndex.h"
#include "compiler/Import/Layouts.h"

namespace mobileone {

/// A tensor in its place; it points into what matchNetwork was given.
struct FilledSlot {
  Slot slot;
  const Tensor *tensor;
};

struct MatchedNetwork {
  NetworkSpec network; // with the checkpoint's classes
  Form form;
  std::vector<FilledSlot> slots;
  /// Tensors beside the network, and of a classifier that is not wanted.
  std::vector<llvm::StringRef> ignored;
};

/// How matching a place went.
struct Match {
  std::optional<MatchedNetwork> network;
  std::string error; // where there is no network
  size_t fits = 0;   // tensors of the right name and shape
};

/// Finds form and variant of the network at `place`. Every slot is filled by a
/// tensor of its shape and of floats, and every tensor below the place's prefix
/// fills a slot, apart from counters, which mean nothing at inference.
///
/// `asked` is the network that it must be, null for any variant. A classifier
/// may stand beside the network, but not outside of the prefix `within`.
/// Without `wantsHead` all classifiers are left out.
Match matchNetwork(const KeyIndex &keys, const Place &place,
                   const NetworkSpec *asked, llvm::StringRef within,
                   bool wantsHead);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_MATCHING_H
