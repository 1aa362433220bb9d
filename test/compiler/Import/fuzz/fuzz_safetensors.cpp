// Any bytes as a safetensors file.
#include "FuzzTarget.h"

#include "compiler/Import/Checkpoint.h"

using namespace mobileone;

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size,
                                          size_t maxSize, unsigned) {
  static const std::string seed = writeSafeTensors(getFuzzSeed());
  return mutateFrom(seed, data, size, maxSize);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  llvm::StringRef file(reinterpret_cast<const char *>(data), size);
  readAll(readSafeTensors(file));
  return 0;
}
