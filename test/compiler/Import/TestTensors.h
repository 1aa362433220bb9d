// Tensors without values, for the tests of what looks at none.
#ifndef MOBILEONE_TEST_COMPILER_IMPORT_TESTTENSORS_H
#define MOBILEONE_TEST_COMPILER_IMPORT_TESTTENSORS_H

#include "TestImport.h"

#include "CheckpointWriter.h"
#include "compiler/Import/Search.h"
#include "llvm/ADT/STLExtras.h"

namespace mobileone {

/// Tensors by name and shape alone: matching looks at no values.
class Tensors {
public:
  Tensors() = default;
  Tensors(llvm::StringRef variant, llvm::StringRef layoutName, Form form) {
    NetworkSpec network = *findVariant(variant);
    network.heads = {{"", 10}};
    for (const KeyLayout &layout : getLayouts())
      if (layout.name == layoutName)
        for (const Slot &slot : listSlots(network, layout, form))
          add(slot.key, slot.shape);
  }

  Tensors &add(llvm::StringRef name, llvm::ArrayRef<int64_t> shape,
               const char *type = "F32") {
    tensors.push_back({name.str(), ElementType::findSafeTensors(type),
                       llvm::SmallVector<int64_t, 4>(shape),
                       getDenseStrides(shape), "", 0});
    return *this;
  }
  Tensors &remove(llvm::StringRef name) {
    llvm::erase_if(tensors, [&](const Tensor &t) { return t.name == name; });
    return *this;
  }
  Tensors &reshape(llvm::StringRef name, llvm::ArrayRef<int64_t> shape) {
    return remove(name).add(name, shape);
  }
  Tensors &rename(llvm::function_ref<std::string(llvm::StringRef)> change) {
    for (Tensor &tensor : tensors)
      tensor.name = change(tensor.name);
    return *this;
  }

  /// Of the one dictionary in a file.
  llvm::Expected<MatchedNetwork> match(const SearchOptions &options = {}) {
    dict = {"", tensors, {}};
    llvm::Expected<FoundNetwork> found = findNetwork(dict, options);
    if (!found)
      return found.takeError();
    return std::move(found->network);
  }
  llvm::Expected<MatchedNetwork> match(const char *variant) {
    SearchOptions options;
    options.variant = variant;
    return match(options);
  }

  std::vector<Tensor> tensors;

private:
  StateDict dict; // the result points into it
};

} // namespace mobileone

#endif // MOBILEONE_TEST_COMPILER_IMPORT_TESTTENSORS_H
