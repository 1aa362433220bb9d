// Finds the weights in what PyTorch pickled.
#ifndef MOBILEONE_COMPILER_IMPORT_STATEDICT_H
#define MOBILEONE_COMPILER_IMPORT_STATEDICT_H

#include "compiler/Import/Pickle.h"
#include "compiler/Import/Tensor.h"
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

/// The tensors of the state dict that `root` is or wraps. `findBytes` returns
/// the whole of a storage.
llvm::Expected<std::vector<Tensor>> readStateDict(
    llvm::StringRef subject, const PickleValue &root,
    llvm::function_ref<llvm::Expected<llvm::StringRef>(const TorchStorage &)>
        findBytes);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_STATEDICT_H
