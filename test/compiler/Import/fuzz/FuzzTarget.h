// What the fuzz targets share: a valid file to begin with, and a thorough look
// at what was read.
#ifndef MOBILEONE_TEST_COMPILER_IMPORT_FUZZ_FUZZTARGET_H
#define MOBILEONE_TEST_COMPILER_IMPORT_FUZZ_FUZZTARGET_H

#include "CheckpointWriter.h"
#include "compiler/Import/Search.h"
#include <cstring>

extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t maxSize);

namespace mobileone {

inline std::vector<NamedTensor> getFuzzSeed() {
  return {{"stage0.reparam_conv.weight", {2}, {1, 2}},
          {"b", {1, 3}, {3, 4, 5}}};
}

/// Reads all that an import would read, but for tensors so large that a valid
/// file alone would take seconds.
inline void readAll(llvm::Expected<std::vector<StateDict>> dicts) {
  if (!dicts) {
    llvm::consumeError(dicts.takeError());
    return;
  }
  std::vector<float> scratch;
  float sum = 0;
  for (const StateDict &dict : *dicts)
    for (const Tensor &tensor : dict.tensors)
      if (tensor.elementType->format != ElementType::Format::Other &&
          tensor.elementCount < 10'000)
        for (float value : readElements(tensor, scratch))
          sum += value;
  volatile float sink = sum; // keeps the loop
  (void)sink;
  llvm::consumeError(findNetwork(*dicts, SearchOptions()).takeError());
}

/// Replaces nothing, with which libFuzzer begins, by `seed`; then mutates.
inline size_t mutateFrom(const std::string &seed, uint8_t *data, size_t size,
                         size_t maxSize) {
  if (size <= 1 && seed.size() <= maxSize) {
    std::memcpy(data, seed.data(), seed.size());
    size = seed.size();
  }
  return LLVMFuzzerMutate(data, size, maxSize);
}

} // namespace mobileone

#endif // MOBILEONE_TEST_COMPILER_IMPORT_FUZZ_FUZZTARGET_H
