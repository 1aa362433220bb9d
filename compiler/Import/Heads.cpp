// Knows a classifier by its name or by what it takes.
#include "compiler/Import/Heads.h"

#include "compiler/Import/Refusal.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;
using namespace mobileone;

/// "fc" of "fc.1": Sequential numbers its layers.
static StringRef dropNumber(StringRef path) {
  auto [parent, last] = path.rsplit('.');
  return !last.empty() && all_of(last, isDigit) ? parent : path;
}

static bool hasUsualName(StringRef path) {
  static constexpr StringLiteral kNames[] = {"linear", "head.fc", "head", "fc",
                                             "classifier"};
  return is_contained(kNames, dropNumber(path));
}

/// Losses may hold a weight per class and feature, too.
static bool isOfLoss(StringRef path) {
  return any_of(split(path, '.'), [](StringRef part) {
    return part.contains_insensitive("loss") ||
           part.contains_insensitive("criterion") ||
           part.contains_insensitive("margin");
  });
}

/// Whether a matrix of `shape` takes all features: [N][F], or a 1x1
/// convolution.
static bool takesFeatures(ArrayRef<int64_t> shape, int64_t features) {
  return (shape.size() == 2 ||
          (shape.size() == 4 && shape[2] == 1 && shape[3] == 1)) &&
         shape[0] > 0 && shape[1] == features;
}

std::vector<std::string>
mobileone::findHeads(const KeyIndex &keys, StringRef scope, int64_t features,
                     function_ref<bool(StringRef)> isTaken, bool isAbove) {
  std::vector<std::string> heads;
  StringSet<> found;
  for (const KeyIndex::Entry &entry : keys.getEntries()) {
    StringRef path = entry.key;
    if (isTaken(path) || !path.consume_front(scope))
      continue;
    bool isWeight = path.consume_back(".weight");
    if (!isWeight && !path.consume_back(".bias"))
      continue;
    bool isUsual = hasUsualName(path);
    bool isShort = isUsual || !dropNumber(path).contains('.');
    bool takes = isWeight && entry.tensor && !isOfLoss(path) &&
                 takesFeatures(entry.tensor->shape, features);
    if ((isUsual || takes) && (isShort || !isAbove) &&
        found.insert(path).second)
      heads.push_back((scope + path).str());
  }
  return heads;
}

Error mobileone::refuseHeads(const KeyIndex &keys,
                             ArrayRef<std::string> heads) {
  std::string names;
  for (const std::string &head : heads) {
    const Tensor *weight = keys.findTensor(head + ".weight");
    names += (names.empty() ? "'" : ", '") + head + "'";
    if (weight && !weight->shape.empty())
      names += " (" + std::to_string(weight->shape[0]) + " outputs)";
  }
  StringRef parent = dropNumber(heads.front());
  bool isChain = parent != heads.front() && all_of(heads, [&](StringRef head) {
                   return dropNumber(head) == parent;
                 });
  return refuse("",
                Twine("expects one linear layer as classifier, but got ") +
                    (isChain ? "several layers in turn: " : "several heads: ") +
                    names +
                    "; --output=features gives the feature map before "
                    "them");
}
