// The keys of one dictionary, as a network's slots are looked up in it.
#ifndef MOBILEONE_COMPILER_IMPORT_KEYINDEX_H
#define MOBILEONE_COMPILER_IMPORT_KEYINDEX_H

#include "compiler/Import/Checkpoint.h"
#include "llvm/ADT/StringMap.h"

namespace mobileone {

/// The tensors and faults of a dictionary by their keys without infixes.
class KeyIndex {
public:
  explicit KeyIndex(const StateDict &dict);

  /// A tensor or a fault. Two that differ in infixes are a fault of both.
  struct Entry {
    std::string key; // without infixes
    const Tensor *tensor = nullptr;
    std::optional<Fault> fault;

    llvm::StringRef getName() const {
      return tensor ? tensor->name : fault->name;
    }
  };

  bool has(const llvm::Twine &key) const { return find(key) != nullptr; }
  /// Null where there is none.
  const Entry *find(const llvm::Twine &key) const;
  const Tensor *findTensor(const llvm::Twine &key) const;
  /// All of them in the order of the file.
  llvm::ArrayRef<Entry> getEntries() const { return entries; }

private:
  void add(llvm::StringRef name, const Tensor *tensor,
           std::optional<Fault> fault);

  std::vector<Entry> entries;
  llvm::StringMap<size_t> places;
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_KEYINDEX_H
