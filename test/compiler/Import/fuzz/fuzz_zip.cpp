// Any bytes as a PyTorch zip archive. Checksums keep most mutants from getting
// further than the directory; see fuzz_pickle for the rest.
#include "FuzzTarget.h"

#include "compiler/Import/Checkpoint.h"

using namespace mobileone;

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size,
                                          size_t maxSize, unsigned) {
  static const std::string seed = writeZip(makeTorchMembers(getFuzzSeed()));
  return mutateFrom(seed, data, size, maxSize);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  llvm::StringRef file(reinterpret_cast<const char *>(data), size);
  readAll(readTorchZip(file));
  return 0;
}
