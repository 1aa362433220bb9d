// Decides which MobileOne a set of tensors is, and that it is exactly that one.
#ifndef MOBILEONE_COMPILER_IMPORT_MATCHING_H
#define MOBILEONE_COMPILER_IMPORT_MATCHING_H

#include "compiler/Import/Layouts.h"
#include "compiler/Import/Tensor.h"

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
  /// Tensors of a segmentation model beside its encoder.
  std::vector<llvm::StringRef> ignored;
};

/// Finds layout, form and variant. Every slot is filled by a tensor of its
/// shape and of floats, and every tensor fills a slot, apart from the counters
/// of batch norms (`num_batches_tracked`), which mean nothing at inference.
/// `variant` is "auto" or what loadNetwork takes.
llvm::Expected<MatchedNetwork> matchNetwork(llvm::ArrayRef<Tensor> tensors,
                                            llvm::StringRef variant);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_MATCHING_H
