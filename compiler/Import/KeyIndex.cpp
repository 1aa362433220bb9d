// Drops what wrappers put into keys, and finds keys that become one by it.
#include "compiler/Import/KeyIndex.h"

#include "compiler/Import/Layouts.h"

using namespace llvm;
using namespace mobileone;

KeyIndex::KeyIndex(const StateDict &dict) {
  for (const Tensor &tensor : dict.tensors)
    add(tensor.name, &tensor, std::nullopt);
  for (const Fault &fault : dict.faults)
    add(fault.name, nullptr, fault);
}

void KeyIndex::add(StringRef name, const Tensor *tensor,
                   std::optional<Fault> fault) {
  std::string key = dropInfixes(name);
  auto [place, isNew] = places.try_emplace(key, entries.size());
  if (isNew)
    return entries.push_back({std::move(key), tensor, std::move(fault)});
  Entry &first = entries[place->second];
  if (first.fault)
    return; // the first one of this key says enough
  first.fault = Fault{name.str(),
                      (name + ": expects each tensor once, but got another "
                              "with and without a prefix")
                          .str(),
                      /*isTensor=*/true};
  first.tensor = nullptr;
}

const KeyIndex::Entry *KeyIndex::find(const Twine &key) const {
  auto place = places.find(key.str());
  return place == places.end() ? nullptr : &entries[place->second];
}

const Tensor *KeyIndex::findTensor(const Twine &key) const {
  const Entry *entry = find(key);
  return entry ? entry->tensor : nullptr;
}
