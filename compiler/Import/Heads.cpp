// Knows a head by its name or by what it takes.
#include "compiler/Import/Heads.h"

#include "compiler/Import/Refusal.h"
#include "dialect/IR/Limits.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include <cstring>

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
// Several heads
//===----------------------------------------------------------------------===//

/// "'fc_yaw' (90 outputs), 'fc_pitch' (90 outputs)".
static std::string describeHeads(const KeyIndex &keys,
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

/// Refuses heads that do not stand side by side, or may not. A layer behind
/// another one takes what that one gives, and a convolution perhaps a map.
static Error checkSideBySide(const KeyIndex &keys, const Heads &found,
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

/// What each path has for its own: without the parts that all begin or end
/// with, unless it would begin with a digit.
static std::vector<std::string> shorten(ArrayRef<StringRef> paths) {
  SmallVector<SmallVector<StringRef>> parts;
  size_t fewest = StringRef::npos;
  for (StringRef path : paths) {
    path.split(parts.emplace_back(), '.');
    fewest = std::min(fewest, parts.back().size());
  }
  auto areEqual = [&](auto getPart) {
    return all_of(parts, [&](ArrayRef<StringRef> path) {
      return getPart(path) == getPart(parts.front());
    });
  };
  size_t first = 0, last = 0; // parts that are left out
  while (first + 1 < fewest &&
         areEqual([&](ArrayRef<StringRef> path) { return path[first]; }))
    ++first;
  while (first + last + 1 < fewest && areEqual([&](ArrayRef<StringRef> path) {
           return path.rbegin()[last];
         }))
    ++last;
  std::vector<std::string> names;
  for (ArrayRef<StringRef> path : parts)
    names.push_back(join(path.drop_front(first).drop_back(last), "."));
  if (any_of(names, [](StringRef name) {
        return name.empty() || isDigit(name.front());
      }))
    names.assign(paths.begin(), paths.end());
  return names;
}

/// Names for `heads`, whose keys are `keys`.
static Error addNames(MutableArrayRef<HeadLayer> heads,
                      ArrayRef<StringRef> keys) {
  if (heads.size() == 1)
    return Error::success(); // what it gives is called by its kind
  for (auto [head, name] : zip_equal(heads, shorten(keys))) {
    if (!head.name.empty())
      continue;
    if (!isResultName(name))
      return refuse(head.path, "expects a name of at most " +
                                   Twine(kMaxResultName) +
                                   " letters, digits, '_' and '.' for a head, "
                                   "but got '" +
                                   name + "': choose one by --heads=NAME=KEY");
    if (namesKind(name))
      return refuse(
          head.path,
          "expects another name than '" + name +
              "', which is a kind of output: choose one by --heads=NAME=KEY");
    head.name = std::move(name);
  }
  StringMap<StringRef> paths;
  for (const HeadLayer &head : heads)
    if (auto [other, isNew] = paths.try_emplace(head.name, head.path); !isNew)
      return refuse(head.path, "expects another name than '" + head.name +
                                   "', which '" + other->second +
                                   "' has: choose one by --heads=NAME=KEY");
  return Error::success();
}

Expected<std::vector<HeadLayer>> mobileone::nameHeads(const KeyIndex &keys,
                                                      const Heads &found,
                                                      int64_t features) {
  std::vector<HeadLayer> heads;
  SmallVector<StringRef> names;
  for (const std::string &path : found.paths) {
    heads.push_back({"", path});
    names.push_back(StringRef(path).drop_front(found.scope.size()));
  }
  if (heads.size() <= 1)
    return std::move(heads);
  if (Error error = checkSideBySide(keys, found, features))
    return std::move(error);
  if (Error error = addNames(heads, names))
    return std::move(error);
  return std::move(heads);
}

/// The root of a network to which the layer at `path` is nearer than to the one
/// at `root`: it has a longer beginning in common with it.
static std::optional<std::string> findNearer(const KeyIndex &keys,
                                             StringRef root, StringRef path) {
  size_t end = 0;
  do {
    end = path.find('.', end);
    if (end == StringRef::npos)
      return std::nullopt;
  } while (root.starts_with(path.take_front(++end)));
  StringRef common = path.take_front(end);
  for (const KeyIndex::Entry &entry : keys.getEntries())
    if (StringRef(entry.key).starts_with(common))
      for (const Place &place : findPlaces(entry.key)) {
        std::string other = place.prefix + place.layout->root.str();
        if (StringRef(other).starts_with(common))
          return other;
      }
  return std::nullopt;
}

Expected<std::vector<HeadLayer>>
mobileone::chooseHeads(const KeyIndex &keys, StringRef root,
                       ArrayRef<HeadRequest> requests, const Heads &found,
                       function_ref<bool(StringRef)> isTaken) {
  std::vector<HeadLayer> heads;
  SmallVector<StringRef> names;
  for (const HeadRequest &request : requests) {
    std::string key = dropInfixes(request.key + ".weight");
    StringRef scope = root;
    while (!keys.has(scope + key) && !scope.empty()) {
      scope = scope.drop_back();
      scope = scope.take_front(scope.rfind('.') + 1);
    }
    std::string weight = (scope + key).str();
    if (!keys.has(weight) || isTaken(weight))
      return refuse("heads",
                    "expects keys of linear layers behind the network" +
                        (found.paths.empty()
                             ? ""
                             : ", as " + describeHeads(keys, found.paths)) +
                        ", but got '" + request.key + "'");
    StringRef path = StringRef(weight).drop_back(strlen(".weight"));
    if (std::optional<std::string> other = findNearer(keys, root, path))
      return refuse("heads",
                    "expects layers of the network of --strip-prefix=" + root +
                        ", but got '" + request.key +
                        "' of that of --strip-prefix=" + *other);
    heads.push_back({request.name, path.str()});
    names.push_back(request.key);
  }
  for (const HeadLayer &head : heads)
    if (count_if(heads, [&](const HeadLayer &other) {
          return other.path == head.path;
        }) > 1)
      return refuse("heads", "expects each head once, but got '" + head.path +
                                 "' twice");
  if (Error error = addNames(heads, names))
    return std::move(error);
  return std::move(heads);
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
