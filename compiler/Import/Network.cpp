// The table of variants, and custom networks from JSON.
#include "compiler/Import/Network.h"

#include "compiler/Import/Checkpoint.h"
#include "compiler/Import/JsonText.h"
#include "compiler/Import/Refusal.h"
#include "dialect/IR/Limits.h"
#include <cmath>
#include <fmt/format.h>

using namespace llvm;
using namespace mobileone;

static constexpr std::pair<StringLiteral, NetworkShape> kVariants[] = {
    {"s0", {48, {48, 128, 256, 1024}, {2, 8, 10, 1}, {4, 4, 4, 4}, {}}},
    {"s1", {64, {96, 192, 512, 1280}, {2, 8, 10, 1}, {1, 1, 1, 1}, {}}},
    {"s2", {64, {96, 256, 640, 2048}, {2, 8, 10, 1}, {1, 1, 1, 1}, {}}},
    {"s3", {64, {128, 320, 768, 2048}, {2, 8, 10, 1}, {1, 1, 1, 1}, {}}},
    {"s4",
     {64, {192, 448, 896, 2048}, {2, 8, 10, 1}, {1, 1, 1, 1}, {0, 0, 5, 1}}},
};

static NetworkSpec buildNetwork(StringRef variant, const NetworkShape &shape) {
  NetworkSpec network;
  network.variant = variant.str();
  network.blocks.push_back({"stem", /*inputChannels=*/3, shape.stem,
                            /*kernel=*/3, /*stride=*/2, /*groups=*/1,
                            /*branches=*/1, /*hasSqueezeExcite=*/false});
  int64_t channels = shape.stem;
  for (size_t stage = 0; stage < 4; ++stage) {
    int64_t width = shape.widths[stage], branches = shape.branches[stage];
    std::string prefix = "stage" + std::to_string(stage + 1) + ".";
    for (int64_t pair = 0; pair < shape.pairs[stage]; ++pair) {
      bool hasSqueezeExcite =
          pair >= shape.pairs[stage] - shape.squeezePairs[stage];
      network.blocks.push_back(
          {prefix + std::to_string(2 * pair), channels, channels, /*kernel=*/3,
           /*stride=*/pair == 0 ? 2 : 1,
           /*groups=*/channels, branches, hasSqueezeExcite});
      network.blocks.push_back({prefix + std::to_string(2 * pair + 1), channels,
                                width, /*kernel=*/1, /*stride=*/1, /*groups=*/1,
                                branches, hasSqueezeExcite});
      channels = width;
    }
  }
  return network;
}

ArrayRef<NetworkSpec> mobileone::getVariants() {
  static const std::vector<NetworkSpec> variants = [] {
    std::vector<NetworkSpec> built;
    for (const auto &[name, shape] : kVariants)
      built.push_back(buildNetwork(name, shape));
    return built;
  }();
  return variants;
}

const NetworkSpec *mobileone::findVariant(StringRef name) {
  for (const NetworkSpec &network : getVariants())
    if (network.variant == name)
      return &network;
  return nullptr;
}

std::string mobileone::formatWidths(
    function_ref<std::optional<int64_t>(StringRef)> getWidth) {
  std::string text;
  for (StringRef block :
       {"stem", "stage1.1", "stage2.1", "stage3.1", "stage4.1"}) {
    std::optional<int64_t> width = getWidth(block);
    text += text.empty() ? "" : block == "stage1.1" ? ": " : ", ";
    text += width ? std::to_string(*width) : "?";
  }
  return text;
}

//===----------------------------------------------------------------------===//
// Custom networks
//===----------------------------------------------------------------------===//

/// Keeps every product of a network's numbers far from overflow.
static constexpr int64_t kMaxChannels = 1 << 14;
static constexpr int64_t kMaxCount = 64;
static constexpr int64_t kMaxClasses = 1 << 20;
static constexpr size_t kMaxJsonBytes = 1 << 16;

static Expected<int64_t> readInteger(StringRef key, const json::Value *value,
                                     int64_t low, int64_t high) {
  std::optional<int64_t> number;
  if (value)
    number = value->getAsInteger();
  if (!number)
    return refuse(key, "expects an integer, but got something else");
  if (*number < low || *number > high)
    return refuse(key, "expects a number in " + Twine(low) + ".." +
                           Twine(high) + ", but got " + Twine(*number));
  return *number;
}

static Expected<std::array<int64_t, 4>> readStages(const json::Object &object,
                                                   StringRef key, int64_t low,
                                                   int64_t high) {
  const json::Array *array = object.getArray(key);
  std::array<int64_t, 4> values;
  if (!array || array->size() != values.size())
    return refuse(key, "expects an array of 4 integers, one per stage, but got "
                       "something else");
  for (auto [value, result] : zip(*array, values)) {
    Expected<int64_t> number = readInteger(key, &value, low, high);
    if (!number)
      return number.takeError();
    result = *number;
  }
  return values;
}

static Expected<NetworkShape> readShape(const json::Object &object) {
  NetworkShape shape;
  Expected<int64_t> stem =
      readInteger("stem", object.get("stem"), 1, kMaxChannels);
  if (!stem)
    return stem.takeError();
  shape.stem = *stem;
  struct {
    StringLiteral key;
    int64_t low, high;
    std::array<int64_t, 4> &values;
  } const stages[] = {{"widths", 1, kMaxChannels, shape.widths},
                      {"pairs", 1, kMaxCount, shape.pairs},
                      {"branches", 1, kMaxCount, shape.branches},
                      {"se_pairs", 0, kMaxCount, shape.squeezePairs}};
  for (const auto &[key, low, high, values] : stages) {
    values = {};
    if (key == "se_pairs" && !object.get(key))
      continue;
    Expected<std::array<int64_t, 4>> numbers =
        readStages(object, key, low, high);
    if (!numbers)
      return numbers.takeError();
    values = *numbers;
  }
  for (auto [pairs, squeezePairs] : zip(shape.pairs, shape.squeezePairs))
    if (squeezePairs > pairs)
      return refuse("se_pairs", "expects at most the stage's " + Twine(pairs) +
                                    " pairs, but got " + Twine(squeezePairs));
  return shape;
}

static Error checkElements(StringRef key, StringRef layer, int64_t outputs,
                           int64_t inputs) {
  if (outputs * inputs <= kMaxWeightElements)
    return Error::success();
  return refuse(key, "expects at most " + Twine(kMaxWeightElements) +
                         " weights in a layer, but got " + Twine(outputs) +
                         "x" + Twine(inputs) + " in " + layer);
}

Expected<NetworkSpec> mobileone::parseNetwork(StringRef text) {
  text.consume_front("\xef\xbb\xbf"); // the byte-order mark of some editors
  if (text.size() > kMaxJsonBytes)
    return refuse("", "expects a short JSON object, but got " +
                          Twine(text.size()) + " bytes");
  Expected<json::Value> value = parseJson("", text, /*maxDepth=*/2);
  if (!value)
    return value.takeError();
  const json::Object *object = value->getAsObject();
  if (!object)
    return refuse("", "expects a JSON object, but got another value");
  static constexpr StringLiteral kKeys[] = {"stem",      "widths",   "pairs",
                                            "branches",  "se_pairs", "classes",
                                            "bn_epsilon"};
  for (const auto &entry : *object)
    if (!is_contained(kKeys, StringRef(entry.first)))
      return refuse(entry.first, "expects a known key, but got this one");
  Expected<NetworkShape> shape = readShape(*object);
  if (!shape)
    return shape.takeError();
  NetworkSpec network = buildNetwork("custom", *shape);
  if (const json::Value *value = object->get("classes")) {
    Expected<int64_t> classes = readInteger("classes", value, 1, kMaxClasses);
    if (!classes)
      return classes.takeError();
    network.classes = *classes;
  }
  if (const json::Value *value = object->get("bn_epsilon")) {
    std::optional<double> epsilon = value->getAsNumber();
    if (!epsilon || !(*epsilon > 0) || std::isinf(*epsilon))
      return refuse("bn_epsilon", "expects a finite number above 0, but got " +
                                      (epsilon ? fmt::format("{}", *epsilon)
                                               : "something else"));
    network.bnEpsilon = *epsilon;
  }
  // Larger kernels than 1x1 have few channels in a group.
  for (const BlockSpec &block : network.blocks)
    if (Error error = checkElements("widths", block.name, block.outputChannels,
                                    block.getGroupChannels()))
      return std::move(error);
  if (Error error = checkElements("classes", "the classifier", network.classes,
                                  network.getFeatures()))
    return std::move(error);
  for (const BlockSpec &block : network.blocks)
    if (block.hasSqueezeExcite && block.getReducedChannels() == 0)
      return refuse("se_pairs", "expects at least 16 channels in " +
                                    block.name + ", but got " +
                                    Twine(block.outputChannels));
  return network;
}

bool mobileone::isNetworkName(StringRef variant) {
  return findVariant(variant) || variant.ends_with(".json");
}

Expected<NetworkSpec> mobileone::loadNetwork(StringRef variant) {
  if (const NetworkSpec *network = findVariant(variant))
    return *network;
  if (!variant.ends_with(".json"))
    return refuse("variant", "expects s0, s1, s2, s3, s4 or a .json file, but "
                             "got '" +
                                 variant + "'");
  Expected<std::unique_ptr<MemoryBuffer>> file = openInput(variant);
  if (!file)
    return file.takeError();
  Expected<NetworkSpec> network = parseNetwork((*file)->getBuffer());
  if (!network)
    return refuse(variant, toString(network.takeError()));
  return network;
}
