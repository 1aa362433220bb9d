// Strict matching, with messages that say what differs.
#include "compiler/Import/Matching.h"

#include "compiler/Import/Dilation.h"
#include "compiler/Import/Heads.h"
#include "compiler/Import/Refusal.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;
using namespace mobileone;

namespace {

class Matcher {
public:
  Matcher(const KeyIndex &keys, const Place &place, const MatchOptions &options)
      : keys(keys), place(place), options(options), layout(place.layout),
        prefix(place.prefix) {}

  Expected<MatchedNetwork> match();
  /// Tensors of the network's keys with its shapes.
  size_t countFits() const { return countFits(result.network).first; }

private:
  bool has(const Twine &key) const { return keys.has(key); }
  bool isNested(StringRef key) const {
    return any_of(place.nested,
                  [&](StringRef other) { return key.starts_with(other); });
  }
  std::string getPath(StringRef block) const {
    return (prefix + layout->getBlockPath(block)).str();
  }
  std::string getFoldedPath(StringRef block) const {
    return (getPath(block) + "." + layout->folded).str();
  }
  /// The path of convolution `branch` of `block` in train form.
  std::string getBranchPath(StringRef block, int64_t branch) const {
    return (getPath(block) + "." + layout->branch + Twine(branch)).str();
  }
  /// The tensor of the main convolution of `block`, or null.
  const Tensor *findFilter(StringRef block) const;

  Error checkForms(const NetworkSpec &network) const;
  Error chooseNetwork();
  /// Takes from the checkpoint what a network leaves to it.
  void complete(NetworkSpec &network) const;
  /// The tensors of `candidate`'s keys with its shapes, and with others.
  std::pair<size_t, size_t> countFits(const NetworkSpec &candidate) const;
  Error refuseWidths() const;
  /// Fills `heads`, and adds the slots of those that are wanted.
  Error findHeads();
  Error addHeads(ArrayRef<HeadLayer> layers);
  Error fillSlots();
  Error refuseMissing(const Slot &slot) const;
  Error checkLeftovers();

  const KeyIndex &keys;
  const Place &place;
  const MatchOptions &options;
  const KeyLayout *layout;
  StringRef prefix; // before the layout's root
  Heads heads;
  std::string headError; // of heads that nobody has chosen
  std::vector<Slot> slots;
  StringSet<> taken; // keys of slots
  MatchedNetwork result;
};

} // namespace

//===----------------------------------------------------------------------===//
// Form
//===----------------------------------------------------------------------===//

const Tensor *Matcher::findFilter(StringRef block) const {
  const Tensor *folded = keys.findTensor(getFoldedPath(block) + ".weight");
  return folded ? folded
                : keys.findTensor(getBranchPath(block, 0) + ".conv.weight");
}

Error Matcher::checkForms(const NetworkSpec &network) const {
  for (const BlockSpec &block : network.blocks) {
    std::string path = getPath(block.name);
    bool isFolded = has(getFoldedPath(block.name) + ".weight") ||
                    has(getFoldedPath(block.name) + ".bias");
    bool isTrain = has(path + "." + layout->scale + ".conv.weight") ||
                   has(path + "." + layout->identity + ".weight") ||
                   has(getBranchPath(block.name, 0) + ".conv.weight");
    if (result.form.isDeploy ? isTrain : isFolded)
      return refuse(path, Twine("expects the ") +
                              (result.form.isDeploy ? "deploy" : "train") +
                              " form of the stem in every block, but got the " +
                              (result.form.isDeploy ? "train" : "deploy") +
                              " form (half deployed)");
  }
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Variant
//===----------------------------------------------------------------------===//

std::pair<size_t, size_t>
Matcher::countFits(const NetworkSpec &candidate) const {
  size_t fits = 0, misfits = 0;
  for (const Slot &slot : listSlots(candidate, *layout, result.form, prefix))
    if (const Tensor *tensor = keys.findTensor(slot.key))
      ++(ArrayRef(tensor->shape) == ArrayRef(slot.shape) ? fits : misfits);
  return {fits, misfits};
}

Error Matcher::refuseWidths() const {
  std::string expected;
  for (const NetworkSpec &variant : getVariants())
    expected += (expected.empty() ? "" : "; ") + variant.variant + " " +
                formatWidths([&](StringRef name) -> std::optional<int64_t> {
                  for (const BlockSpec &block : variant.blocks)
                    if (block.name == name)
                      return block.outputChannels;
                  return std::nullopt;
                });
  std::string found =
      formatWidths([&](StringRef name) -> std::optional<int64_t> {
        const Tensor *filter = findFilter(name);
        if (!filter || filter->shape.empty())
          return std::nullopt;
        return filter->shape.front();
      });
  return refuse("", "expects the widths of stem and stages of a MobileOne (" +
                        expected + "), but got " + found +
                        " (--variant=FILE.json describes other networks)");
}

void Matcher::complete(NetworkSpec &network) const {
  const Tensor *stem = findFilter(network.blocks.front().name);
  if (!network.fixesInputChannels && stem && stem->shape.size() == 4 &&
      stem->shape[1] >= 1 && stem->shape[1] <= kMaxInputChannels)
    network.blocks.front().inputChannels = stem->shape[1];
  for (BlockSpec &block : network.blocks)
    if (!block.identity)
      block.identity =
          has(getPath(block.name) + "." + layout->identity + ".weight");
}

Error Matcher::chooseNetwork() {
  const NetworkSpec *best = nullptr;
  size_t bestFits = 0, bestMisfits = 0;
  for (const NetworkSpec &candidate : getVariants()) {
    auto [fits, misfits] = countFits(candidate);
    if (!best || fits > bestFits) {
      best = &candidate;
      bestFits = fits;
      bestMisfits = misfits;
    }
  }
  if (options.asked) {
    if (options.asked->variant != best->variant &&
        bestFits > countFits(result.network).first)
      return refuse("", "expects the tensors of " + result.network.variant +
                            ", as asked for, but got those of " +
                            best->variant);
    return Error::success();
  }
  result.network = *best;
  complete(result.network);
  // Few misfits are a damaged variant, of which the next check names the
  // tensor; many are another network, of which it would name any.
  if (bestMisfits > bestFits)
    return refuseWidths();
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Heads
//===----------------------------------------------------------------------===//

Error Matcher::addHeads(ArrayRef<HeadLayer> layers) {
  // What a file of --variant says of them.
  std::vector<HeadSpec> said = std::move(result.network.heads);
  if (said.size() > 1 && said.size() != layers.size()) {
    std::string paths;
    for (const HeadLayer &layer : layers)
      paths += (paths.empty() ? " '" : ", '") + layer.path + "'";
    return refuse("", "expects " + Twine(said.size()) +
                          " heads, as the classes of --variant's file, but "
                          "got " +
                          Twine(layers.size()) + ":" + paths);
  }
  result.network.heads.clear();
  for (auto [i, layer] : enumerate(layers)) {
    for (const BlockSpec &block : result.network.blocks)
      if (block.name == layer.name)
        return refuse(layer.path, "expects a name of its own for a head, but "
                                  "got that of the block '" +
                                      layer.name +
                                      "': choose one by --heads=NAME=KEY");
    HeadSpec head{layer.name};
    if (!said.empty())
      head.classes = said[said.size() == 1 ? 0 : i].classes;
    Expected<std::vector<Slot>> list =
        listHeadSlots(keys, layer.path, result.network.getFeatures(), head);
    if (!list)
      return list.takeError();
    append_range(slots, std::move(*list));
    result.network.heads.push_back(std::move(head));
  }
  result.form.hasHead = true;
  return Error::success();
}

Error Matcher::findHeads() {
  std::string root = (prefix + layout->root).str();
  int64_t features = result.network.getFeatures();
  auto isTaken = [&](StringRef key) {
    return taken.contains(key) || isNested(key);
  };
  // What stands beside the network changes no feature map, and those that the
  // user has chosen need not be the only ones.
  bool isChosen = options.wantsHeads && !options.heads.empty();
  heads = mobileone::findHeads(
      keys, place, features,
      options.wantsHeads && !isChosen ? options.within : root, isTaken);
  if (heads.paths.empty() && !result.network.fixesDilation)
    if (Error error = checkDilation(keys, root))
      return error;
  if (isChosen) {
    Expected<std::vector<HeadLayer>> chosen =
        chooseHeads(keys, root, options.heads, heads, isTaken);
    return chosen ? addHeads(*chosen) : chosen.takeError();
  }
  if (!options.wantsHeads || heads.paths.empty()) {
    result.network.heads.clear();
    return Error::success();
  }
  Expected<std::vector<HeadLayer>> named = nameHeads(keys, heads, features);
  if (named)
    return addHeads(*named);
  headError = toString(named.takeError());
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Slots
//===----------------------------------------------------------------------===//

/// "Nx1280": the number of classes may be any.
static std::string formatExpected(const Slot &slot) {
  std::string text = formatShape(slot.shape);
  return slot.shape.empty() || slot.shape[0] != 0 ? text : "N" + text.substr(1);
}

Error Matcher::refuseMissing(const Slot &slot) const {
  // Perhaps it stands there under a name of another layout.
  for (const KeyLayout &other : getLayouts())
    for (const Slot &twin :
         listSlots(result.network, other, result.form, prefix))
      if (twin.name == slot.name && twin.key != slot.key && has(twin.key))
        return refuse(twin.key, "expects keys of one layout (" + layout->name +
                                    ": '" + slot.key + "'), but got one of " +
                                    other.name);
  // Perhaps branches are not numbered from 0.
  for (const BlockSpec &block : result.network.blocks)
    if (getBranchPath(block.name, 0) + ".conv.weight" == slot.key &&
        has(getBranchPath(block.name, 1) + ".conv.weight"))
      return refuse(slot.key, "expects branches numbered from 0, but got "
                              "branch 1 of " +
                                  block.name + " without branch 0");
  return refuse(slot.key, "expects a tensor of shape " + formatExpected(slot) +
                              " (" + result.network.variant + ", layout " +
                              layout->name + "), but got none (missing)");
}

Error Matcher::fillSlots() {
  for (Slot &slot : slots) {
    const KeyIndex::Entry *entry = keys.find(slot.key);
    if (!entry)
      return refuseMissing(slot);
    if (entry->fault)
      return createStringError(entry->fault->message);
    const Tensor *tensor = entry->tensor;
    if (tensor->elementType->format == ElementType::Format::Other)
      return refuse(tensor->name, "expects elements of f16, bf16, f32 or f64, "
                                  "but got " +
                                      tensor->elementType->name);
    if (ArrayRef(tensor->shape) != ArrayRef(slot.shape))
      return refuse(tensor->name, "expects shape " + formatExpected(slot) +
                                      " (" + result.network.variant +
                                      "), but got " +
                                      formatShape(tensor->shape));
    result.slots.push_back({std::move(slot), tensor});
  }
  return Error::success();
}

/// Names of counters that tools leave (thop, averages of PyTorch and mmengine):
/// they mean nothing at inference.
static bool namesCounter(StringRef key) {
  static constexpr StringLiteral kCounters[] = {"total_ops", "total_params",
                                                "n_averaged", "steps"};
  return is_contained(kCounters, key.substr(key.rfind('.') + 1));
}

static bool isOneNumber(const Tensor &tensor) {
  return all_of(tensor.shape, [](int64_t size) { return size == 1; });
}

Error Matcher::checkLeftovers() {
  StringSet<> counters;
  for (const FilledSlot &filled : result.slots) {
    StringRef key = filled.slot.key;
    taken.insert(key);
    if (key.consume_back(".running_var"))
      counters.insert((key + ".num_batches_tracked").str());
  }
  for (const KeyIndex::Entry &entry : keys.getEntries()) {
    bool isCounter =
        (namesCounter(entry.key) || counters.contains(entry.key)) &&
        entry.tensor && isOneNumber(*entry.tensor);
    if (taken.contains(entry.key) || isCounter ||
        (entry.fault && !entry.fault->isTensor))
      continue;
    bool isOwn =
        StringRef(entry.key).starts_with(heads.scope) && !isNested(entry.key);
    bool isLeftOut = !result.form.hasHead || !options.heads.empty();
    if (!isOwn || (isLeftOut && heads.hold(entry.key))) {
      result.ignored.push_back(entry.getName());
      continue;
    }
    if (entry.fault)
      return createStringError(entry.fault->message);
    return refuse(entry.tensor->name,
                  "expects only tensors of " + result.network.variant +
                      " (layout " + layout->name + ", " +
                      (result.form.isDeploy ? "deploy" : "train") +
                      " form), but got an unexpected one of shape " +
                      formatShape(entry.tensor->shape));
  }
  return Error::success();
}

Expected<MatchedNetwork> Matcher::match() {
  result.form.isDeploy = has(getFoldedPath("stem") + ".weight");
  result.form.hasHead = false;
  result.network = options.asked ? *options.asked : getVariants().front();
  complete(result.network);
  // Every variant has the same blocks.
  if (Error error = checkForms(result.network))
    return std::move(error);
  if (Error error = chooseNetwork())
    return std::move(error);
  slots = listSlots(result.network, *layout, result.form, prefix);
  for (const Slot &slot : slots)
    taken.insert(slot.key);
  if (Error error = findHeads())
    return std::move(error);
  if (Error error = fillSlots())
    return std::move(error);
  if (Error error = checkLeftovers())
    return std::move(error);
  // Last, because the advice helps only where nothing else is wrong.
  if (!headError.empty())
    return createStringError(headError);
  return std::move(result);
}

Match mobileone::matchNetwork(const KeyIndex &keys, const Place &place,
                              const MatchOptions &options) {
  Matcher matcher(keys, place, options);
  Match match;
  Expected<MatchedNetwork> network = matcher.match();
  if (network) {
    match.network = std::move(*network);
  } else {
    match.error = toString(network.takeError());
    match.fits = matcher.countFits();
  }
  return match;
}
