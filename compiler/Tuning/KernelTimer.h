// Times functions that do the same work on the same buffers.
#ifndef MOBILEONE_COMPILER_TUNING_KERNELTIMER_H
#define MOBILEONE_COMPILER_TUNING_KERNELTIMER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <optional>

namespace mobileone {

/// A buffer that a kernel takes, or a number.
struct KernelBuffer {
  bool isWeights = false; // read once per image, so not in second-level cache
  bool isFloat = false;   // or bytes
  size_t bytes = 0;
  std::optional<int64_t> number = {}; // in the place of an address
};

/// Holds the buffers of kernels with one signature, and calls them in turn.
class KernelTimer {
public:
  using Kernel = void(void *const *buffers);

  /// The last of `buffers` is the result, of floats, and may be an input, too.
  explicit KernelTimer(llvm::ArrayRef<KernelBuffer> buffers);

  /// Fails, with the index of the kernel, where a result differs from that of
  /// the first one.
  llvm::Error compare(llvm::ArrayRef<Kernel *> kernels);

  /// The best time of each kernel in seconds. Kernels that are clearly slower
  /// than others are timed only as often as it takes to see that.
  llvm::SmallVector<double> measure(llvm::ArrayRef<Kernel *> kernels);

private:
  struct Free {
    void operator()(char *memory) const;
  };
  using Memory = std::unique_ptr<char, Free>;

  static Memory allocate(size_t bytes);
  /// Fills all but the weights, the same way every time.
  void fillActivations();
  /// Calls `kernel` with the next copy of the weights.
  void call(Kernel *kernel);
  double measureCall(Kernel *kernel, unsigned calls);

  llvm::SmallVector<KernelBuffer> buffers;
  Memory activations, weights;
  size_t weightBytes = 0, weightCopies = 1, nextCopy = 0;
  llvm::SmallVector<size_t> offsets; // in activations or a copy of weights
  llvm::SmallVector<void *> pointers;
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_TUNING_KERNELTIMER_H
