// Knows a classifier by its name or by what it takes.
#include "compiler/Import/Heads.h"

#include "compiler/Import/Refusal.h"
#include "dialect/IR/Limits.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;
using namespace mobileone;

static constexpr StringLiteral kDigits = "0123456789";

/// "fc" of "fc.1", as Sequential numbers its layers, and of "fc1".
static StringRef dropNumber(StringRef path) {
  StringRef name = path.rtrim(kDigits);
  name.consume_back(".");
  return name.empty() ? path : name;
}

/// Whether `key` is of a layer whose path without a number is `name`, or of a
/// part of that layer.
static bool isOf(StringRef key, StringRef name) {
  return key.consume_front(name) && key.ltrim(kDigits).starts_with(".");
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

/// Whether a matrix of `shape` takes all features: [N][F].
static bool takesFeatures(ArrayRef<int64_t> shape, int64_t features) {
  return shape.size() == 2 && shape[0] > 0 && shape[1] == features;
}

/// Whether a 1x1 convolution does.
static bool convolvesFeatures(ArrayRef<int64_t> shape, int64_t features) {
  return shape.size() == 4 && shape[2] == 1 && shape[3] == 1 &&
         takesFeatures(shape.take_front(2), features);
}

bool Heads::hold(StringRef key) const {
  return key.consume_front(scope) && any_of(paths, [&](StringRef path) {
           return isOf(key, dropNumber(path.drop_front(scope.size())));
         });
}

/// The paths of heads below `scope`. With `isBeside` only short names count,
/// and no convolution of an unusual one: it may be of a segmentation model.
static std::vector<std::string>
findHeadsBelow(StringRef scope, const KeyIndex &keys, int64_t features,
               function_ref<bool(StringRef)> isTaken, bool isBeside) {
  auto isHead = [&](StringRef path, const Tensor *weight) {
    if (hasUsualName(path))
      return true;
    if (!weight || isOfLoss(path))
      return false;
    return takesFeatures(weight->shape, features)
               ? !isBeside || !dropNumber(path).contains('.')
               : !isBeside && convolvesFeatures(weight->shape, features);
  };
  std::vector<std::pair<StringRef, StringRef>> layers; // path, its last part
  StringSet<> names;
  for (const KeyIndex::Entry &entry : keys.getEntries()) {
    StringRef path = entry.key;
    if (isTaken(path) || !path.consume_front(scope))
      continue;
    auto [layer, part] = path.rsplit('.');
    if (part != "weight" && part != "bias")
      continue;
    layers.emplace_back(layer, part);
    if (isHead(layer, part == "weight" ? entry.tensor : nullptr))
      names.insert(dropNumber(layer));
  }
  std::vector<std::string> heads;
  StringSet<> found;
  for (auto [layer, part] : layers)
    if (names.contains(dropNumber(layer)) && found.insert(layer).second)
      heads.push_back((scope + layer).str());
  return heads;
}

Heads mobileone::findHeads(const KeyIndex &keys, const Place &place,
                           int64_t features, StringRef within,
                           function_ref<bool(StringRef)> isTaken) {
  std::string root = place.prefix + place.layout->root.str();
  std::vector<std::string> own =
      findHeadsBelow(root, keys, features, isTaken, /*isBeside=*/false);
  // A layout that keeps its classifier below its root has none beside it.
  bool isBelowRoot = !place.layout->root.empty() &&
                     place.layout->head.starts_with(place.layout->root);
  if (!own.empty() || root.empty() || isBelowRoot)
    return {std::move(own), std::move(root)};
  StringRef parent = StringRef(root).drop_back();
  parent = parent.take_front(parent.rfind('.') + 1);
  std::vector<std::string> beside;
  if (parent.starts_with(within))
    beside = findHeadsBelow(parent, keys, features, isTaken, /*isBeside=*/true);
  std::string scope = beside.empty() ? std::move(root) : parent.str();
  return {std::move(beside), std::move(scope)};
}

Expected<std::vector<Slot>> mobileone::listHeadSlots(const KeyIndex &keys,
                                                     StringRef path,
                                                     NetworkSpec &network) {
  const Tensor *weight = keys.findTensor(path + ".weight");
  if (weight && network.classes == 0 && !weight->shape.empty()) {
    network.classes = weight->shape[0];
    if (network.classes == 0)
      return refuse(weight->name, "expects at least one class, but got shape " +
                                      formatShape(weight->shape));
    int64_t most = kMaxWeightElements / network.getFeatures();
    if (network.classes > most)
      return refuse(weight->name, "expects at most " + Twine(most) +
                                      " classes, but got shape " +
                                      formatShape(weight->shape));
  }
  SmallVector<int64_t, 4> shape{network.classes, network.getFeatures()};
  // A convolution of one pixel is a matrix, too.
  if (weight && weight->shape.size() == 4)
    shape.append({1, 1});
  std::vector<Slot> slots;
  slots.push_back({"head.weight", (path + ".weight").str(), shape, 2});
  // Also where there is a weight alone: Linear(..., bias=False).
  if (!weight || keys.has(path + ".bias"))
    slots.push_back(
        {"head.bias", (path + ".bias").str(), {network.classes}, 1});
  return slots;
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
