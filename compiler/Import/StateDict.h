// Finds the weights in what PyTorch pickled.
#ifndef MOBILEONE_COMPILER_IMPORT_STATEDICT_H
#define MOBILEONE_COMPILER_IMPORT_STATEDICT_H

#include "compiler/Import/Checkpoint.h"
#include "compiler/Import/Pickle.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace mobileone {

/// What a persistent id says about the storage behind a tensor.
struct TorchStorage {
  llvm::StringRef key;
  const ElementType *elementType;
  int64_t elementCount;
  uint64_t getBytes() const { return elementCount * elementType->byteWidth; }
};

/// `value` is a PickleValue::Kind::Storage. Errors are about `subject`.
llvm::Expected<TorchStorage> parseStorage(llvm::StringRef subject,
                                          const PickleValue &value);

/// The dictionaries in `root`, up to 16 keys deep, in which stands a stem of a
/// MobileOne; without any, the one with the most tensors. Where `key` leads to
/// one with a stem it is the only one. `findBytes` returns the whole of a
/// storage.
llvm::Expected<std::vector<StateDict>> readStateDicts(
    llvm::StringRef subject, const PickleValue &root,
    std::optional<llvm::StringRef> key,
    llvm::function_ref<llvm::Expected<llvm::StringRef>(const TorchStorage &)>
        findBytes);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_STATEDICT_H
