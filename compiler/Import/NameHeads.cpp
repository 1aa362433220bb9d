// Names heads, which were found or which the user has chosen.
#include "compiler/Import/Heads.h"

#include "compiler/Import/Refusal.h"
#include "dialect/IR/Limits.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include <cstring>

using namespace llvm;
using namespace mobileone;

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

//===----------------------------------------------------------------------===//
// Chosen ones
//===----------------------------------------------------------------------===//

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
