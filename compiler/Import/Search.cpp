// Tries every place where a network may stand, and orders those that do.
#include "compiler/Import/Search.h"

#include "compiler/Import/Refusal.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <cstring>

using namespace llvm;
using namespace mobileone;

/// Each of them is compared with five variants.
static constexpr size_t kMaxCandidates = 64;

/// `prefix` without infixes, ending in a dot unless it is empty.
static std::string normalizePrefix(StringRef prefix) {
  std::string text = dropInfixes((prefix.rtrim('.') + ".x").str());
  return text == ".x" ? "" : text.substr(0, text.size() - 1);
}

namespace {

struct Candidate {
  const StateDict *dict;
  const KeyIndex *keys;
  Place place;
  int rank = 0; // of averaged weights the highest
  Match match = {};
};

class Search {
public:
  Search(ArrayRef<StateDict> dicts, const SearchOptions &options)
      : dicts(dicts), options(options),
        prefix(normalizePrefix(options.stripPrefix.value_or(""))) {}

  Expected<FoundNetwork> run();

private:
  /// Fills `candidates` with every place that the flags allow.
  Error collect();
  Error refuseFlags() const;
  Error refuseOther() const;
  int getRank(const Candidate &candidate) const;
  std::string formatRemark(const Candidate &chosen) const;
  /// The flags that choose a candidate.
  std::string getFlags(const Candidate &candidate) const;

  ArrayRef<StateDict> dicts;
  const SearchOptions &options;
  std::string prefix; // before every key of the network
  std::vector<std::unique_ptr<KeyIndex>> indices;
  std::vector<Candidate> candidates;
};

} // namespace

//===----------------------------------------------------------------------===//
// Candidates
//===----------------------------------------------------------------------===//

static std::string getRoot(const Place &place) {
  return place.prefix + place.layout->root.str();
}

/// The places in `keys` below `prefix`, each once. Of two layouts at one place,
/// the one that has the first block of stage 1, too.
static SmallVector<Place> listPlaces(const KeyIndex &keys, StringRef prefix) {
  SmallVector<Place> places;
  for (const KeyIndex::Entry &entry : keys.getEntries())
    for (Place &place : findPlaces(entry.key)) {
      if (places.size() > kMaxCandidates)
        return places;
      if (!StringRef(getRoot(place)).starts_with(prefix))
        continue;
      auto isHere = [&](const Place &other) {
        return other.prefix == place.prefix &&
               other.layout->root == place.layout->root &&
               other.layout->stem == place.layout->stem;
      };
      auto hasStage = [&](const KeyLayout &layout) {
        std::string block =
            place.prefix + layout.getBlockPath("stage1.0") + ".";
        return keys.has(block + layout.folded + ".weight") ||
               keys.has(block + layout.branch + "0.conv.weight");
      };
      auto *other = find_if(places, isHere);
      if (other == places.end())
        places.push_back(std::move(place));
      else if (!hasStage(*other->layout) && hasStage(*place.layout))
        *other = std::move(place);
    }
  return places;
}

/// Notes of each place which others lie below it.
static void nestPlaces(MutableArrayRef<Place> places) {
  for (Place &place : places)
    for (const Place &other : places)
      if (other.prefix.size() > place.prefix.size() &&
          StringRef(other.prefix).starts_with(place.prefix))
        place.nested.push_back(other.prefix);
}

Error Search::collect() {
  std::vector<Candidate> below; // of places under --strip-prefix
  for (const StateDict &dict : dicts) {
    if (options.key && !leadsTo(*options.key, dict.path))
      continue;
    indices.push_back(std::make_unique<KeyIndex>(dict));
    SmallVector<Place> places = listPlaces(*indices.back(), prefix);
    nestPlaces(places);
    for (Place &place : places) {
      bool isIt = !options.stripPrefix || place.prefix == prefix ||
                  getRoot(place) == prefix;
      (isIt ? candidates : below)
          .push_back({&dict, indices.back().get(), std::move(place)});
    }
  }
  if (candidates.empty())
    candidates = std::move(below);
  if (candidates.size() > kMaxCandidates)
    return refuse("", "expects at most " + Twine(kMaxCandidates) +
                          " networks, but got more: choose by --key and "
                          "--strip-prefix");
  if (candidates.empty())
    return options.key || options.stripPrefix ? refuseFlags() : refuseOther();
  return Error::success();
}

Error Search::refuseFlags() const {
  const SearchOptions any;
  Search all(dicts, any);
  if (Error error = all.collect())
    return error;
  std::string found;
  for (const Candidate &candidate : all.candidates)
    found += (found.empty() ? "" : ", ") + all.getFlags(candidate);
  return refuse(
      "", "expects --key and --strip-prefix to lead to a network (" + found +
              "), but got" + (options.key ? " --key=" + *options.key : "") +
              (options.stripPrefix ? " --strip-prefix=" + *options.stripPrefix
                                   : ""));
}

Error Search::refuseOther() const {
  const StateDict *largest = nullptr;
  for (const StateDict &dict : dicts)
    if (!largest || dict.tensors.size() > largest->tensors.size())
      largest = &dict;
  if (!largest || largest->tensors.empty()) {
    if (largest && !largest->faults.empty())
      return createStringError(largest->faults.front().message);
    return refuse("", "expects the tensors of a MobileOne, but got none");
  }
  std::string expected;
  for (const KeyLayout &layout : getLayouts())
    expected += (expected.empty() ? "" : ", ") + layout.name.str() + " '" +
                layout.getBlockPath("stem") + "." + layout.branch.str() +
                "0.conv.weight'";
  return refuse(largest->tensors.front().name,
                "expects the stem of a MobileOne (" + expected +
                    ", or its folded form), but got " +
                    Twine(largest->tensors.size()) +
                    " tensors of another network, this one first");
}

//===----------------------------------------------------------------------===//
// Order
//===----------------------------------------------------------------------===//

int Search::getRank(const Candidate &candidate) const {
  constexpr int raw = 1, averaged = 2;
  // mmengine publishes the averaged weights as state_dict, and keeps the raw
  // ones beside it.
  StringRef path = candidate.dict->path;
  if (path.consume_back("ema_state_dict") &&
      (path.empty() || path.ends_with("/")) &&
      any_of(dicts, [&](const StateDict &dict) {
        return dict.path == (path + "state_dict").str();
      }))
    return 0;
  return namesAverage(candidate.dict->path) ||
                 namesAverage(candidate.place.prefix) ||
                 candidate.keys->has(candidate.place.prefix + "n_averaged")
             ? averaged
             : raw;
}

/// Whether both networks have the same numbers in every slot.
static bool areEqual(const MatchedNetwork &a, const MatchedNetwork &b) {
  std::vector<float> left, right;
  return a.slots.size() == b.slots.size() &&
         all_of_zip(
             a.slots, b.slots, [&](const FilledSlot &x, const FilledSlot &y) {
               if (x.slot.name != y.slot.name || x.slot.shape != y.slot.shape)
                 return false;
               ArrayRef<float> xs = readElements(*x.tensor, left);
               ArrayRef<float> ys = readElements(*y.tensor, right);
               return std::memcmp(xs.data(), ys.data(),
                                  xs.size() * sizeof(float)) == 0;
             });
}

std::string Search::getFlags(const Candidate &candidate) const {
  auto isElsewhere = [&](const Candidate &other) {
    return other.dict != candidate.dict;
  };
  // Of two layouts below one prefix only the roots differ.
  auto isBeside = [&](const Candidate &other) {
    return &other != &candidate && !isElsewhere(other) &&
           other.place.prefix == candidate.place.prefix;
  };
  std::string prefix = "--strip-prefix=" + (any_of(candidates, isBeside)
                                                ? getRoot(candidate.place)
                                                : candidate.place.prefix);
  const std::string &path = candidate.dict->path;
  bool needsKey =
      !path.empty() || options.key || any_of(candidates, isElsewhere);
  bool isAlone = count_if(candidates, isElsewhere) + 1 ==
                 static_cast<ptrdiff_t>(candidates.size());
  if (!needsKey)
    return prefix;
  return "--key=" + path +
         (isAlone && !options.stripPrefix ? "" : " " + prefix);
}

std::string Search::formatRemark(const Candidate &chosen) const {
  std::vector<std::string> parts;
  for (const Candidate &other : candidates) {
    if (&other == &chosen)
      continue;
    if (other.match.network)
      parts.push_back("takes the weights of " + getFlags(chosen) + ", not of " +
                      getFlags(other));
    else if (other.rank >= chosen.rank)
      parts.push_back("passes over " + getFlags(other) +
                      ", which is no whole network: " + other.match.error);
  }
  const std::vector<StringRef> &ignored = chosen.match.network->ignored;
  if (!ignored.empty())
    parts.push_back("leaves out " + std::to_string(ignored.size()) +
                    (ignored.size() == 1 ? " tensor" : " tensors") +
                    " beside the network, '" + ignored.front().str() +
                    "' first");
  return join(parts, "; ");
}

Expected<FoundNetwork> Search::run() {
  std::optional<NetworkSpec> asked;
  if (options.variant != "auto") {
    Expected<NetworkSpec> network = loadNetwork(options.variant);
    if (!network)
      return network.takeError();
    asked = std::move(*network);
  }
  if (Error error = collect())
    return std::move(error);
  for (Candidate &candidate : candidates) {
    candidate.rank = getRank(candidate);
    candidate.match = matchNetwork(
        *candidate.keys, candidate.place,
        {asked ? &*asked : nullptr, prefix, options.wantsHeads, options.heads});
  }
  auto isWhole = [](const Candidate &candidate) {
    return candidate.match.network.has_value();
  };
  // The first in the file of the highest rank.
  auto chosen = candidates.end();
  for (auto it = candidates.begin(); it != candidates.end(); ++it)
    if (isWhole(*it) && (chosen == candidates.end() || it->rank > chosen->rank))
      chosen = it;
  if (chosen == candidates.end())
    return createStringError(
        llvm::max_element(candidates, [](const Candidate &a,
                                         const Candidate &b) {
          return a.match.fits < b.match.fits;
        })->match.error);
  std::string equals;
  for (const Candidate &other : candidates)
    if (&other != &*chosen && isWhole(other) && other.rank == chosen->rank &&
        !areEqual(*chosen->match.network, *other.match.network))
      equals += ", or " + getFlags(other);
  if (!equals.empty())
    return refuse("", "expects one network, but got several that no rule "
                      "orders: choose " +
                          getFlags(*chosen) + equals);
  std::string remark = formatRemark(*chosen);
  return FoundNetwork{std::move(*chosen->match.network), std::move(remark)};
}

Expected<FoundNetwork> mobileone::findNetwork(ArrayRef<StateDict> dicts,
                                              const SearchOptions &options) {
  return Search(dicts, options).run();
}
