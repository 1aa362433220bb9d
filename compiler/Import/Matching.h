// Decides which MobileOne stands at a place, and that it is exactly that one.
#ifndef MOBILEONE_COMPILER_IMPORT_MATCHING_H
#define MOBILEONE_COMPILER_IMPORT_MATCHING_H

#include "compiler/Import/KeyIndex.h"
#include "compiler/Import/Layouts.h"
#include "compiler/Import/Outputs.h"

namespace mobileone {

/// A tensor in its place; it points into what matchNetwork was given.
struct FilledSlot {
  Slot slot;
  const Tensor *tensor;
};

struct MatchedNetwork {
  NetworkSpec network; // with the checkpoint's heads
  Form form;
  std::vector<FilledSlot> slots;
  /// Tensors beside the network, and of heads that are not wanted.
  std::vector<llvm::StringRef> ignored;
};

/// How matching a place went.
struct Match {
  std::optional<MatchedNetwork> network;
  std::string error; // where there is no network
  size_t fits = 0;   // tensors of the right name and shape
};

/// What a network is to be.
struct MatchOptions {
  const NetworkSpec *asked = nullptr; // null: any variant
  /// A prefix outside of which no head is looked for.
  llvm::StringRef within = "";
  /// Else all heads are left out.
  bool wantsHeads = true;
  /// Empty: those that there are.
  llvm::ArrayRef<HeadRequest> heads = {};
};

/// Finds form and variant of the network at `place`. Every slot is filled by a
/// tensor of its shape and of floats, and every tensor below the place's prefix
/// fills a slot, apart from counters, which mean nothing at inference.
Match matchNetwork(const KeyIndex &keys, const Place &place,
                   const MatchOptions &options);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_MATCHING_H
