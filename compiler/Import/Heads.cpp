// Knows a head by its name or by what it takes.
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
  // One of each task, where mmpretrain has several.
  StringRef task = path;
  bool isOfTask = task.consume_front("head.task_heads.") &&
                  task.consume_back(".fc") && !task.contains('.');
  return isOfTask || is_contained(kNames, dropNumber(path));
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

//===----------------------------------------------------------------------===//
// Side by side
//===----------------------------------------------------------------------===//

std::string mobileone::describeHeads(const KeyIndex &keys,
                                     ArrayRef<std::string> paths) {
  std::string text;
  for (const std::string &path : paths) {
    const Tensor *weight = keys.findTensor(path + ".weight");
    text += (text.empty() ? "'" : ", '") + path + "'";
    if (weight && !weight->shape.empty())
      text += " (" + std::to_string(weight->shape[0]) + " outputs)";
  }
  return text;
}

/// Whether a head may be there for training alone: of an auxiliary loss, of
/// distillation, or a copy. Its `path` begins behind that of the network.
static bool mayBeOfTraining(StringRef path) {
  return path.contains_insensitive("aux") ||
         path.contains_insensitive("distil") || hasWord(path, "dist") ||
         path.contains_insensitive("teacher") || namesAverage(path);
}

Error mobileone::checkSideBySide(const KeyIndex &keys, const Heads &found,
                                 int64_t features) {
  StringRef doubt, turn;
  for (StringRef path : found.paths) {
    const Tensor *weight = keys.findTensor(path + ".weight");
    StringRef own = path.drop_front(found.scope.size());
    if (weight && !takesFeatures(weight->shape, features) &&
        !convolvesFeatures(weight->shape, features))
      turn = "several layers in turn";
    else if (weight && weight->shape[0] == features)
      doubt = "what may be several layers in turn";
    else if (doubt.empty() && weight && weight->shape.size() == 4 &&
             !hasUsualName(own))
      doubt = "several heads, some perhaps convolutions of a feature map";
    else if (doubt.empty() && mayBeOfTraining(own))
      doubt = "several heads, some perhaps of training alone";
  }
  if (turn.empty() && doubt.empty())
    return Error::success();
  std::string advice;
  if (turn.empty()) {
    for (StringRef path : found.paths)
      advice += (advice.empty() ? "--heads=" : ",") +
                path.drop_front(found.scope.size()).str();
    advice += " takes those that it names, and ";
  }
  return refuse("", "expects one linear layer as classifier, or several side "
                    "by side, but got " +
                        (turn.empty() ? doubt : turn) + ": " +
                        describeHeads(keys, found.paths) + "; " + advice +
                        "--output=features gives the feature map before them");
}

//===----------------------------------------------------------------------===//
// Slots
//===----------------------------------------------------------------------===//

Expected<std::vector<Slot>> mobileone::listHeadSlots(const KeyIndex &keys,
                                                     StringRef path,
                                                     int64_t features,
                                                     HeadSpec &head) {
  const Tensor *weight = keys.findTensor(path + ".weight");
  if (weight && head.classes == 0 && !weight->shape.empty()) {
    head.classes = weight->shape[0];
    if (head.classes == 0)
      return refuse(weight->name, "expects at least one class, but got shape " +
                                      formatShape(weight->shape));
    int64_t most = kMaxWeightElements / features;
    if (head.classes > most)
      return refuse(weight->name, "expects at most " + Twine(most) +
                                      " classes, but got shape " +
                                      formatShape(weight->shape));
  }
  SmallVector<int64_t, 4> shape{head.classes, features};
  // A convolution of one pixel is a matrix, too.
  if (weight && weight->shape.size() == 4)
    shape.append({1, 1});
  std::string name = head.getSlot();
  std::vector<Slot> slots;
  slots.push_back({name + ".weight", (path + ".weight").str(), shape, 2});
  // Also where there is a weight alone: Linear(..., bias=False).
  if (!weight || keys.has(path + ".bias"))
    slots.push_back(
        {name + ".bias", (path + ".bias").str(), {head.classes}, 1});
  return slots;
}
