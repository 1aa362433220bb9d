// Any bytes as a PyTorch stream of before 1.6.
#include "FuzzTarget.h"

#include "compiler/Import/Checkpoint.h"

using namespace mobileone;

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size,
                                          size_t maxSize, unsigned) {
  static const std::string seed = writeTorchLegacy(getFuzzSeed());
  return mutateFrom(seed, data, size, maxSize);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  llvm::StringRef file(reinterpret_cast<const char *>(data), size);
  readAll(readTorchLegacy(file));
  return 0;
}
