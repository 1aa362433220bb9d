// The two forms of a network in JSON.
#include "compiler/Import/NetworkFile.h"

#include "compiler/Import/JsonReader.h"
#include "compiler/Import/JsonText.h"
#include "compiler/Import/Refusal.h"
#include "dialect/IR/Limits.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;
using namespace mobileone;

/// Keeps every product of a network's numbers far from overflow.
static constexpr int64_t kMaxChannels = 1 << 14, kMaxClasses = 1 << 20,
                         kMaxStages = 8, kMaxPairs = 64, kMaxBlocks = 256,
                         kMaxBranches = 64, kMaxDilation = 16;
static constexpr size_t kMaxHeads = 64;
static constexpr size_t kMaxJsonBytes = 1 << 16;

static constexpr IntegerRule kChannels{1, kMaxChannels};
static constexpr int64_t kKernels[] = {1, 3, 5, 7}, kStrides[] = {1, 2},
                         kOutputStrides[] = {8, 16, 32};

using Activation = BlockSpec::Activation;
using Gate = BlockSpec::Gate;

static void readActivation(JsonReader &reader, Activation &activation) {
  reader.read<Activation>("activation",
                          {{"relu", Activation::Relu},
                           {"gelu", Activation::Gelu},
                           {"hardswish", Activation::Hardswish},
                           {"silu", Activation::Silu},
                           {"none", Activation::None}},
                          activation);
}

static void readGate(JsonReader &reader, Gate &gate) {
  reader.read<Gate>(
      "gate", {{"sigmoid", Gate::Sigmoid}, {"hardsigmoid", Gate::Hardsigmoid}},
      gate);
}

//===----------------------------------------------------------------------===//
// In outline
//===----------------------------------------------------------------------===//

static NetworkOutline readBase(JsonReader &reader) {
  const NetworkOutline *base = nullptr;
  reader.read<const NetworkOutline *>("base",
                                      {{"s0", findOutline("s0")},
                                       {"s1", findOutline("s1")},
                                       {"s2", findOutline("s2")},
                                       {"s3", findOutline("s3")},
                                       {"s4", findOutline("s4")}},
                                      base);
  return base ? *base : NetworkOutline();
}

/// Fills the stages, whose number is that of the widths.
static void readStages(JsonReader &reader, NetworkOutline &outline) {
  using Stage = NetworkOutline::Stage;
  size_t base = outline.stages.size();
  JsonReader::Need need = base ? JsonReader::Optional : JsonReader::Required;
  if (const json::Array *widths =
          reader.readArray("widths", base ? base : 1, base ? base : kMaxStages,
                           "integers, one per stage", need)) {
    outline.stages.resize(widths->size(), Stage{1, 1, 1});
    for (auto [i, value] : enumerate(*widths))
      if (std::optional<int64_t> width =
              reader.readInteger("widths[" + Twine(i) + "]", value, kChannels))
        outline.stages[i].width = *width;
  }
  struct {
    StringLiteral key;
    IntegerRule rule;
    int64_t Stage::*field;
    JsonReader::Need need;
  } const rules[] = {
      {"pairs", {1, kMaxPairs}, &Stage::pairs, need},
      {"branches", {1, kMaxBranches}, &Stage::branches, need},
      {"kernel",
       {0, 0, ArrayRef(kKernels).drop_front()},
       &Stage::kernel,
       JsonReader::Optional},
      {"se_pairs", {0, kMaxPairs}, &Stage::squeezePairs, JsonReader::Optional},
      {"se_width", kChannels, &Stage::squeezeWidth, JsonReader::Optional}};
  for (const auto &rule : rules)
    reader.readStages(
        rule.key, outline.stages.size(), rule.rule,
        [&](size_t i, int64_t value) { outline.stages[i].*rule.field = value; },
        rule.need);
  for (auto [i, stage] : enumerate(outline.stages))
    if (stage.squeezePairs > stage.pairs)
      reader.refuse("se_pairs", "expects at most the " + Twine(stage.pairs) +
                                    " pairs of stage " + Twine(i + 1) +
                                    ", but got " + Twine(stage.squeezePairs));
}

/// What there is to say about squeeze-and-excite beside where it is.
static void readSqueeze(JsonReader &reader, NetworkOutline &outline) {
  using Rounding = NetworkOutline::Rounding;
  reader.read("se_reduction", kChannels, outline.squeezeReduction);
  reader.read<Rounding>("se_rounding",
                        {{"apple", Rounding::Apple},
                         {"timm", Rounding::Timm},
                         {"mmpretrain", Rounding::MMPretrain}},
                        outline.squeezeRounding);
  readGate(reader, outline.gate);
  bool hasSqueeze = any_of(outline.stages, [](const auto &stage) {
    return stage.squeezePairs != 0;
  });
  for (StringRef key : {"se_width", "se_reduction", "se_rounding", "gate"})
    if (reader.has(key) && !hasSqueeze)
      reader.refuse(key, "expects se_pairs above 0 in a stage, but got none");
  for (StringRef key : {"se_reduction", "se_rounding"})
    if (reader.has(key) && reader.has("se_width"))
      reader.refuse(key, "expects no se_width beside it, but got both");
}

static void readOutputStride(JsonReader &reader, NetworkOutline &outline) {
  reader.read("output_stride", {0, 0, kOutputStrides}, outline.outputStride);
  int64_t own = int64_t(2) << outline.stages.size();
  if (outline.outputStride > own)
    reader.refuse("output_stride",
                  "expects at most " + Twine(own) +
                      ", which stem and stages have, but got " +
                      Twine(outline.outputStride));
}

/// A reduction that leaves no channel is none.
static void checkReduction(JsonReader &reader, const NetworkOutline &outline) {
  if (outline.squeezeRounding != NetworkOutline::Rounding::Apple)
    return;
  int64_t inputs = outline.stem;
  for (auto [i, stage] : enumerate(outline.stages)) {
    bool squeezesFirst = stage.squeezePairs == stage.pairs;
    int64_t least = squeezesFirst ? std::min(inputs, stage.width) : stage.width;
    if (stage.squeezePairs && !stage.squeezeWidth &&
        least < outline.squeezeReduction)
      reader.refuse("se_reduction", "expects at most the " + Twine(least) +
                                        " channels of stage " + Twine(i + 1) +
                                        ", but got " +
                                        Twine(outline.squeezeReduction));
    inputs = stage.width;
  }
}

static NetworkSpec readOutline(JsonReader &reader) {
  NetworkOutline outline = readBase(reader);
  reader.read("input_channels", {1, kMaxInputChannels}, outline.inputChannels);
  reader.read("stem", kChannels, outline.stem,
              outline.stem ? JsonReader::Optional : JsonReader::Required);
  readStages(reader, outline);
  readSqueeze(reader, outline);
  checkReduction(reader, outline);
  readActivation(reader, outline.activation);
  readOutputStride(reader, outline);
  if (reader.hasFailed())
    return {};
  NetworkSpec network = buildNetwork("custom", outline);
  network.fixesDilation = reader.has("output_stride");
  return network;
}

//===----------------------------------------------------------------------===//
// Block by block
//===----------------------------------------------------------------------===//

namespace {

/// Reads a list of blocks, each of which follows the one before it.
class BlockList {
public:
  Expected<NetworkSpec> read(JsonReader &reader);

private:
  Error readBlock(const json::Object &object, const std::string &path);
  /// What the block is called if it does not say so: as in the code bases a
  /// stride begins a stage.
  std::string getNextName(int64_t stride) const;
  void readName(JsonReader &reader, BlockSpec &block);
  /// The shape of the filters, which follows from what stands before it.
  void readFilter(JsonReader &reader, BlockSpec &block);
  void readBranches(JsonReader &reader, BlockSpec &block);

  NetworkSpec network;
  BlockSpec usual; // what blocks are that do not say otherwise
  StringSet<> names;
};

} // namespace

/// "stage2.10" is block 10 of stage 2.
static std::optional<std::pair<int64_t, int64_t>> parseName(StringRef name) {
  int64_t stage, index;
  StringRef rest = name;
  if (!rest.consume_front("stage"))
    return std::nullopt;
  auto [first, second] = rest.split('.');
  if (first.getAsInteger(10, stage) || second.getAsInteger(10, index) ||
      stage < 1 || stage > kMaxBlocks || index < 0 || index > kMaxBlocks ||
      name != ("stage" + Twine(stage) + "." + Twine(index)).str())
    return std::nullopt;
  return std::pair(stage, index);
}

std::string BlockList::getNextName(int64_t stride) const {
  if (network.blocks.empty())
    return "stem";
  auto [stage, index] =
      parseName(network.blocks.back().name).value_or(std::pair(0, -1));
  bool begins = stage == 0 || stride != 1;
  return ("stage" + Twine(stage + begins) + "." + Twine(begins ? 0 : index + 1))
      .str();
}

void BlockList::readName(JsonReader &reader, BlockSpec &block) {
  bool isFirst = network.blocks.empty();
  block.name = getNextName(block.stride);
  reader.read("name", block.name);
  if (isFirst ? block.name != "stem" : !parseName(block.name))
    reader.refuse("name", Twine("expects ") +
                              (isFirst ? "stem of the first block"
                                       : "stage<n>.<b>, as stage1.0") +
                              ", but got " + block.name);
  if (!names.insert(block.name).second)
    reader.refuse("name",
                  "expects each block once, but got " + block.name + " twice");
}

void BlockList::readFilter(JsonReader &reader, BlockSpec &block) {
  bool isFirst = network.blocks.empty();
  block.kernel = isFirst ? 3 : 1;
  reader.read("kernel", {0, 0, kKernels}, block.kernel);
  reader.read("stride", {0, 0, kStrides}, block.stride);
  reader.read("dilation", {1, kMaxDilation}, block.dilation);
  bool isDepthwise = !isFirst && block.kernel != 1;
  reader.read<bool>("groups", {{"dense", false}, {"depthwise", true}},
                    isDepthwise);
  block.groups = isDepthwise ? block.inputChannels : 1;
  block.outputChannels = block.inputChannels;
  reader.read("width", kChannels, block.outputChannels,
              isDepthwise ? JsonReader::Optional : JsonReader::Required);
  // What no kernel computes.
  if (isFirst && isDepthwise)
    reader.refuse("groups", "expects dense of the first block, but got "
                            "depthwise");
  if (isDepthwise && block.outputChannels != block.inputChannels)
    reader.refuse("width", "expects the " + Twine(block.inputChannels) +
                               " channels that the depthwise block takes, but "
                               "got " +
                               Twine(block.outputChannels));
  if (!isFirst && !isDepthwise && block.kernel != 1)
    reader.refuse("kernel", "expects 1 of a dense block behind the first, but "
                            "got " +
                                Twine(block.kernel));
  if (!isFirst && !isDepthwise && block.stride != 1)
    reader.refuse("stride", "expects 1 of a dense block behind the first, but "
                            "got " +
                                Twine(block.stride));
}

void BlockList::readBranches(JsonReader &reader, BlockSpec &block) {
  reader.read("branches", {1, kMaxBranches}, block.branches);
  block.hasScale = block.kernel > 1;
  reader.read("scale", block.hasScale);
  bool hasIdentity = block.mayHaveIdentity();
  reader.read("identity", hasIdentity);
  if (hasIdentity && !block.mayHaveIdentity())
    reader.refuse("identity",
                  "expects false where width or stride change the image, but "
                  "got true");
  block.identity = hasIdentity;
  reader.read("se", kChannels, block.reducedChannels);
  if (reader.has("gate") && !reader.has("se"))
    reader.refuse("gate", "expects se beside it, but got none");
  readGate(reader, block.gate);
  readActivation(reader, block.activation);
}

Error BlockList::readBlock(const json::Object &object,
                           const std::string &path) {
  JsonReader reader(object, path + ".");
  BlockSpec block = usual;
  if (!network.blocks.empty())
    block.inputChannels = network.blocks.back().outputChannels;
  readFilter(reader, block);
  readName(reader, block);
  readBranches(reader, block);
  network.blocks.push_back(std::move(block));
  return reader.finish();
}

Expected<NetworkSpec> BlockList::read(JsonReader &reader) {
  network.variant = "custom";
  network.fixesDilation = true;
  usual = {"",           /*inputChannels=*/3, /*outputChannels=*/0,
           /*kernel=*/1,
           /*stride=*/1, /*groups=*/1,        /*branches=*/1};
  reader.read("input_channels", {1, kMaxInputChannels}, usual.inputChannels);
  readActivation(reader, usual.activation);
  readGate(reader, usual.gate);
  const json::Array *blocks =
      reader.readArray("blocks", 1, kMaxBlocks, "blocks", JsonReader::Required);
  if (!blocks)
    return reader.finish();
  for (auto [i, value] : enumerate(*blocks)) {
    std::string path = "blocks[" + std::to_string(i) + "]";
    const json::Object *object = value.getAsObject();
    if (!object)
      return refuse(path, "expects an object, but got " + formatValue(&value));
    if (Error error = readBlock(*object, path))
      return std::move(error);
  }
  return std::move(network);
}

//===----------------------------------------------------------------------===//
// What both have
//===----------------------------------------------------------------------===//

static Error checkElements(const Twine &place, StringRef layer, int64_t outputs,
                           int64_t inputs) {
  if (outputs * inputs <= kMaxWeightElements)
    return Error::success();
  return refuse(place.str(), "expects at most " + Twine(kMaxWeightElements) +
                                 " weights in a layer, but got " +
                                 Twine(outputs) + "x" + Twine(inputs) + " in " +
                                 layer);
}

/// Larger kernels than 1x1 have few channels in a group.
static Error checkSizes(const NetworkSpec &network, bool isOutline) {
  for (auto [i, block] : enumerate(network.blocks)) {
    std::string place = "blocks[" + std::to_string(i) + "].";
    if (Error error =
            checkElements(isOutline ? "widths" : place + "width", block.name,
                          block.outputChannels, block.getGroupChannels()))
      return error;
    if (Error error =
            checkElements(isOutline ? "se_width" : place + "se", block.name,
                          block.outputChannels, block.reducedChannels))
      return error;
  }
  for (const HeadSpec &head : network.heads)
    if (Error error = checkElements("classes", "the classifier", head.classes,
                                    network.getFeatures()))
      return error;
  return Error::success();
}

Expected<NetworkSpec> mobileone::parseNetwork(StringRef text) {
  text.consume_front("\xef\xbb\xbf"); // the byte-order mark of some editors
  if (text.size() > kMaxJsonBytes)
    return refuse("", "expects a short JSON object, but got " +
                          Twine(text.size()) + " bytes");
  Expected<json::Value> value = parseJson("", text, /*maxDepth=*/8);
  if (!value)
    return value.takeError();
  const json::Object *object = value->getAsObject();
  if (!object)
    return refuse("", "expects a JSON object, but got another value");
  JsonReader reader(*object);
  bool isOutline = !reader.has("blocks");
  std::vector<HeadSpec> heads;
  std::optional<double> bnEpsilon;
  NetworkSpec network;
  for (int64_t classes :
       reader.readList("classes", kMaxHeads, {1, kMaxClasses}, "head"))
    heads.push_back({"", classes});
  reader.read("bn_epsilon", bnEpsilon);
  if (isOutline) {
    network = readOutline(reader);
  } else {
    Expected<NetworkSpec> listed = BlockList().read(reader);
    if (!listed)
      return listed.takeError();
    network = std::move(*listed);
  }
  if (Error error = reader.finish())
    return std::move(error);
  network.heads = std::move(heads);
  network.bnEpsilon = bnEpsilon;
  network.fixesInputChannels = reader.has("input_channels");
  if (Error error = checkSizes(network, isOutline))
    return std::move(error);
  return network;
}
