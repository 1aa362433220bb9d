// The table of layouts, and the tensors of a network in each of them.
#include "compiler/Import/Layouts.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace mobileone;

static constexpr KeyLayout kLayouts[] = {
    {"apple", "", "stage0", "stage", 1, "rbr_skip", "rbr_conv.", "rbr_scale",
     "bn", "reparam_conv", "se.reduce", "se.expand", "linear"},
    {"mmpretrain", "backbone.", "stage0", "stage", 1, "branch_norm",
     "branch_conv_list.", "branch_scale", "norm", "branch_reparam",
     "se.conv1.conv", "se.conv2.conv", "head.fc"},
    {"timm", "", "stem", "stages.", 0, "identity", "conv_kxk.", "conv_scale",
     "bn", "reparam_conv", "attn.fc1", "attn.fc2", "head.fc"},
    {"encoder", "encoder.", "stage0", "stage", 1, "rbr_skip", "rbr_conv.",
     "rbr_scale", "bn", "reparam_conv", "se.reduce", "se.expand",
     "encoder.linear"},
    {"mmpretrain backbone", "", "stage0", "stage", 1, "branch_norm",
     "branch_conv_list.", "branch_scale", "norm", "branch_reparam",
     "se.conv1.conv", "se.conv2.conv", "head.fc"},
    {"timm features", "", "stem", "stages_", 0, "identity", "conv_kxk.",
     "conv_scale", "bn", "reparam_conv", "attn.fc1", "attn.fc2", "head.fc"},
};

ArrayRef<KeyLayout> mobileone::getLayouts() { return kLayouts; }

std::string mobileone::dropInfixes(StringRef key) {
  static constexpr StringLiteral kInfixes[] = {"module", "_orig_mod",
                                               "_fsdp_wrapped_module",
                                               "_checkpoint_wrapped_module"};
  std::string kept;
  kept.reserve(key.size());
  for (StringRef part : split(key, '.'))
    if (part.end() == key.end())
      kept += part; // the tensor's own name
    else if (!is_contained(kInfixes, part))
      (kept += part) += '.';
  return kept;
}

bool mobileone::hasWord(StringRef text, StringRef word) {
  for (size_t at = 0; (at = text.find_insensitive(word, at)) != StringRef::npos;
       ++at) {
    size_t end = at + word.size();
    char first = text[at], last = text[end - 1];
    char before = at ? text[at - 1] : '.';
    char after = end < text.size() ? text[end] : '.';
    bool begins = !isAlpha(before) || (isLower(before) && isUpper(first));
    bool ends = !isAlpha(after) || (isLower(last) && isUpper(after));
    if (begins && ends)
      return true;
  }
  return false;
}

bool mobileone::namesAverage(StringRef text) { return hasWord(text, "ema"); }

SmallVector<Place> mobileone::findPlaces(StringRef key) {
  SmallVector<Place> places;
  if (!key.ends_with(".weight"))
    return places;
  for (const KeyLayout &layout : kLayouts) {
    StringRef prefix = key;
    if (!prefix.consume_back(".weight") ||
        !(prefix.consume_back(layout.folded) ||
          (prefix.consume_back("0.conv") &&
           prefix.consume_back(layout.branch))) ||
        !prefix.consume_back(".") || !prefix.consume_back(layout.stem) ||
        !prefix.consume_back(layout.root) ||
        !(prefix.empty() || prefix.ends_with(".")))
      continue;
    places.push_back({&layout, prefix.str()});
  }
  // What has a layout's root before it is of that layout.
  size_t shortest = StringRef::npos;
  for (const Place &place : places)
    shortest = std::min(shortest, place.prefix.size());
  erase_if(places,
           [&](const Place &place) { return place.prefix.size() > shortest; });
  return places;
}

std::string KeyLayout::getBlockPath(StringRef block) const {
  if (!block.consume_front("stage"))
    return (root + stem).str();
  auto [number, index] = block.split('.');
  int64_t ordinal = 0;
  bool failed = number.getAsInteger(10, ordinal);
  assert(!failed && "a block is 'stem' or 'stage<n>.<b>'");
  (void)failed;
  return (root + stage + Twine(ordinal - 1 + firstStage) + "." + index).str();
}

namespace {

/// Appends slots by the module they belong to in PyTorch.
class SlotList {
public:
  void addConv(const std::string &name, const std::string &path,
               ArrayRef<int64_t> filter, bool hasBias, unsigned rank = 4) {
    add(name + ".filter", path + ".weight", filter, rank);
    if (hasBias)
      add(name + ".bias", path + ".bias", filter.front(), 1);
  }

  void addNorm(const std::string &name, const std::string &path,
               int64_t channels) {
    add(name + ".gamma", path + ".weight", channels, 1);
    add(name + ".beta", path + ".bias", channels, 1);
    add(name + ".mean", path + ".running_mean", channels, 1);
    add(name + ".variance", path + ".running_var", channels, 1);
  }

  void add(std::string name, const std::string &key, ArrayRef<int64_t> shape,
           unsigned rank) {
    slots.push_back({std::move(name), (prefix + key).str(),
                     SmallVector<int64_t, 4>(shape), rank});
  }

  StringRef prefix; // before every key
  std::vector<Slot> slots;
};

} // namespace

static void addBlock(const BlockSpec &block, const KeyLayout &layout,
                     bool isDeploy, SlotList &list) {
  const std::string &name = block.name;
  std::string path = layout.getBlockPath(name) + ".";
  int64_t out = block.outputChannels, in = block.getGroupChannels();
  SmallVector<int64_t, 4> filter{out, in, block.kernel, block.kernel};
  auto addBranch = [&](const std::string &branch, const std::string &module,
                       ArrayRef<int64_t> shape) {
    list.addConv(name + "." + branch, path + module + ".conv", shape,
                 /*hasBias=*/false);
    list.addNorm(name + "." + branch, path + module + "." + layout.norm.str(),
                 out);
  };
  if (isDeploy) {
    list.addConv(name, path + layout.folded.str(), filter, /*hasBias=*/true);
  } else {
    if (block.hasIdentity())
      list.addNorm(name + ".identity", path + layout.identity.str(), out);
    for (int64_t i = 0; i < block.branches; ++i)
      addBranch("conv" + std::to_string(i),
                layout.branch.str() + std::to_string(i), filter);
    if (block.hasScale)
      addBranch("scale", layout.scale.str(), {out, in, 1, 1});
  }
  if (block.hasSqueezeExcite()) {
    int64_t reduced = block.reducedChannels;
    list.addConv(name + ".reduce", path + layout.reduce.str(),
                 {reduced, out, 1, 1}, /*hasBias=*/true, /*rank=*/2);
    list.addConv(name + ".expand", path + layout.expand.str(),
                 {out, reduced, 1, 1}, /*hasBias=*/true, /*rank=*/2);
  }
}

std::vector<Slot> mobileone::listSlots(const NetworkSpec &network,
                                       const KeyLayout &layout, Form form,
                                       StringRef prefix) {
  SlotList list{prefix, {}};
  for (const BlockSpec &block : network.blocks)
    addBlock(block, layout, form.isDeploy, list);
  if (form.hasHead) {
    int64_t classes = network.heads.empty() ? 0 : network.heads.front().classes;
    list.add("head.weight", layout.head.str() + ".weight",
             {classes, network.getFeatures()}, 2);
    list.add("head.bias", layout.head.str() + ".bias", classes, 1);
  }
  return std::move(list.slots);
}
