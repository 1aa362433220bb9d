// Strict matching, with messages that say what differs.
#include "compiler/Import/Matching.h"

#include "compiler/Import/Refusal.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;
using namespace mobileone;

namespace {

class Matcher {
public:
  explicit Matcher(ArrayRef<Tensor> tensors) : tensors(tensors) {}

  Expected<MatchedNetwork> match(StringRef variant);

private:
  bool has(const Twine &key) const { return byKey.contains(key.str()); }
  /// The tensor of the main convolution of `block`, or null.
  const Tensor *findFilter(StringRef block) const;

  Error indexKeys();
  Error findLayout();
  Error checkForms(const NetworkSpec &network) const;
  Error chooseNetwork(StringRef variant);
  /// The tensors of `candidate`'s keys with its shapes, and with others.
  std::pair<size_t, size_t> countFits(const NetworkSpec &candidate) const;
  Error refuseWidths() const;
  Error fillSlots();
  Error refuseMissing(const Slot &slot) const;
  Error checkLeftovers();

  ArrayRef<Tensor> tensors;
  StringMap<const Tensor *> byKey; // without the prefixes of wrappers
  const Layout *layout = nullptr;
  MatchedNetwork result;
};

} // namespace

//===----------------------------------------------------------------------===//
// Keys, layout, form
//===----------------------------------------------------------------------===//

/// DataParallel and torch.compile put these before every key.
static StringRef stripPrefixes(StringRef key) {
  while (key.consume_front("module.") || key.consume_front("_orig_mod."))
    ;
  return key;
}

Error Matcher::indexKeys() {
  if (tensors.empty())
    return refuse("", "expects the tensors of a MobileOne, but got none");
  for (const Tensor &tensor : tensors)
    if (!byKey.try_emplace(stripPrefixes(tensor.name), &tensor).second)
      return refuse(tensor.name, "expects each tensor once, but got another "
                                 "with and without a prefix");
  return Error::success();
}

/// The path of the first convolution of `block` in train form.
static std::string getBranchPath(const Layout &layout, StringRef block,
                                 int64_t branch) {
  return (layout.getBlockPath(block) + "." + layout.branch + Twine(branch))
      .str();
}

const Tensor *Matcher::findFilter(StringRef block) const {
  const Tensor *folded = byKey.lookup(
      (layout->getBlockPath(block) + "." + layout->folded + ".weight").str());
  return folded
             ? folded
             : byKey.lookup(getBranchPath(*layout, block, 0) + ".conv.weight");
}

Error Matcher::findLayout() {
  for (const Layout &candidate : getLayouts()) {
    layout = &candidate;
    if (findFilter("stem")) {
      std::string folded =
          (layout->getBlockPath("stem") + "." + layout->folded + ".weight")
              .str();
      result.form.isDeploy = has(folded);
      // Only a segmentation model may have lost its classifier on purpose.
      result.form.hasHead =
          layout->root != "encoder." || has(layout->head + ".weight");
      return Error::success();
    }
  }
  std::string expected;
  for (const Layout &candidate : getLayouts())
    expected += (expected.empty() ? "" : ", ") + candidate.name.str() + " '" +
                getBranchPath(candidate, "stem", 0) + ".conv.weight'";
  return refuse(tensors.front().name,
                "expects the stem of a MobileOne (" + expected +
                    ", or its folded form), but got " + Twine(tensors.size()) +
                    " tensors of another network, this one first");
}

Error Matcher::checkForms(const NetworkSpec &network) const {
  for (const BlockSpec &block : network.blocks) {
    std::string path = layout->getBlockPath(block.name);
    bool isFolded = has(path + "." + layout->folded + ".weight") ||
                    has(path + "." + layout->folded + ".bias");
    bool isTrain = has(path + "." + layout->scale + ".conv.weight") ||
                   has(path + "." + layout->identity + ".weight") ||
                   has(getBranchPath(*layout, block.name, 0) + ".conv.weight");
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
  for (const Slot &slot : listSlots(candidate, *layout, result.form))
    if (const Tensor *tensor = byKey.lookup(slot.key))
      ++(ArrayRef(tensor->shape) == ArrayRef(slot.shape) ? fits : misfits);
  return {fits, misfits};
}

/// "64: 96, 192, 512, 1280" for stem and stages.
static std::string
formatWidths(function_ref<std::optional<int64_t>(StringRef)> getWidth) {
  std::string text;
  for (StringRef block :
       {"stem", "stage1.1", "stage2.1", "stage3.1", "stage4.1"}) {
    std::optional<int64_t> width = getWidth(block);
    text += text.empty() ? "" : block == "stage1.1" ? ": " : ", ";
    text += width ? std::to_string(*width) : "?";
  }
  return text;
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
                        expected + "), but got " + found);
}

Error Matcher::chooseNetwork(StringRef variant) {
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
  if (variant != "auto") {
    if (result.network.variant != best->variant &&
        bestFits > countFits(result.network).first)
      return refuse("", "expects the tensors of " + result.network.variant +
                            ", as asked for, but got those of " +
                            best->variant);
    return Error::success();
  }
  // Few misfits are a damaged variant, of which the next check names the
  // tensor; many are another network, of which it would name any.
  if (bestMisfits > bestFits)
    return refuseWidths();
  result.network = *best;
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Slots
//===----------------------------------------------------------------------===//

Error Matcher::refuseMissing(const Slot &slot) const {
  // Perhaps it stands there under a name of another layout.
  for (const Layout &other : getLayouts())
    for (const Slot &twin : listSlots(result.network, other, result.form))
      if (twin.name == slot.name && has(twin.key))
        return refuse(twin.key, "expects keys of one layout (" + layout->name +
                                    ": '" + slot.key + "'), but got one of " +
                                    other.name);
  // Perhaps branches are not numbered from 0.
  for (const BlockSpec &block : result.network.blocks)
    if (getBranchPath(*layout, block.name, 0) + ".conv.weight" == slot.key &&
        has(getBranchPath(*layout, block.name, 1) + ".conv.weight"))
      return refuse(slot.key, "expects branches numbered from 0, but got "
                              "branch 1 of " +
                                  block.name + " without branch 0");
  return refuse(slot.key, "expects a tensor of shape " +
                              formatShape(slot.shape) + " (" +
                              result.network.variant + ", layout " +
                              layout->name + "), but got none (missing)");
}

Error Matcher::fillSlots() {
  if (result.form.hasHead && result.network.classes == 0) {
    const Tensor *weight = byKey.lookup((layout->head + ".weight").str());
    if (weight && weight->shape.size() == 2 && weight->shape[0] > 0)
      result.network.classes = weight->shape[0];
  }
  for (Slot &slot : listSlots(result.network, *layout, result.form)) {
    const Tensor *tensor = byKey.lookup(slot.key);
    if (!tensor)
      return refuseMissing(slot);
    if (tensor->elementType->format == ElementType::Format::Other)
      return refuse(tensor->name, "expects elements of f16, bf16, f32 or f64, "
                                  "but got " +
                                      tensor->elementType->name);
    if (ArrayRef(tensor->shape) != ArrayRef(slot.shape))
      return refuse(tensor->name, "expects shape " + formatShape(slot.shape) +
                                      " (" + result.network.variant +
                                      "), but got " +
                                      formatShape(tensor->shape));
    result.slots.push_back({std::move(slot), tensor});
  }
  return Error::success();
}

/// What a segmentation model has besides its encoder.
static bool isBesideEncoder(StringRef key) {
  return key.starts_with("decoder.") || key.starts_with("segmentation_head.") ||
         key.starts_with("classification_head.");
}

Error Matcher::checkLeftovers() {
  StringSet<> expected;
  for (const FilledSlot &filled : result.slots) {
    StringRef key = filled.slot.key;
    expected.insert(key);
    if (key.consume_back(".running_var"))
      expected.insert((key + ".num_batches_tracked").str());
  }
  for (const Tensor &tensor : tensors) {
    StringRef key = stripPrefixes(tensor.name);
    if (expected.contains(key))
      continue;
    if (layout->root == "encoder." && isBesideEncoder(key)) {
      result.ignored.push_back(tensor.name);
      continue;
    }
    return refuse(tensor.name,
                  "expects only tensors of " + result.network.variant +
                      " (layout " + layout->name + ", " +
                      (result.form.isDeploy ? "deploy" : "train") +
                      " form), but got an unexpected one of shape " +
                      formatShape(tensor.shape));
  }
  return Error::success();
}

Expected<MatchedNetwork> Matcher::match(StringRef variant) {
  if (variant != "auto") {
    Expected<NetworkSpec> network = loadNetwork(variant);
    if (!network)
      return network.takeError();
    result.network = std::move(*network);
  }
  if (Error error = indexKeys())
    return std::move(error);
  if (Error error = findLayout())
    return std::move(error);
  // Every variant has the same blocks.
  if (Error error = checkForms(variant == "auto" ? getVariants().front()
                                                 : result.network))
    return std::move(error);
  if (Error error = chooseNetwork(variant))
    return std::move(error);
  if (Error error = fillSlots())
    return std::move(error);
  if (Error error = checkLeftovers())
    return std::move(error);
  return std::move(result);
}

Expected<MatchedNetwork> mobileone::matchNetwork(ArrayRef<Tensor> tensors,
                                                 StringRef variant) {
  return Matcher(tensors).match(variant);
}
