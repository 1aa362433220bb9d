// Any bytes as the pickle of an archive that is otherwise in order.
#include "FuzzTarget.h"

#include "compiler/Import/Checkpoint.h"

using namespace mobileone;

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size,
                                          size_t maxSize, unsigned) {
  static const std::string seed = makeTorchMembers(getFuzzSeed()).front().data;
  return mutateFrom(seed, data, size, maxSize);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  llvm::StringRef file(reinterpret_cast<const char *>(data), size);
  std::vector<ZipMember> members = makeTorchMembers(getFuzzSeed());
  members.front().data = file.str();
  std::string archive = writeZip(members);
  readAll(readTorchZip(archive));
  return 0;
}
