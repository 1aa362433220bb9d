// Words for outputs, and the blocks and heads that they are of.
#include "compiler/Import/Outputs.h"

#include "compiler/Import/Refusal.h"
#include "dialect/IR/Limits.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace llvm;
using namespace mobileone;

static std::optional<OutputRequest::Kind> findKind(StringRef word) {
  return StringSwitch<std::optional<OutputRequest::Kind>>(word)
      .Case("logits", OutputRequest::Logits)
      .Case("softmax", OutputRequest::Softmax)
      .Case("embedding", OutputRequest::Embedding)
      .Case("features", OutputRequest::Features)
      .Default(std::nullopt);
}

static StringRef getName(OutputRequest::Kind kind) {
  static constexpr StringLiteral kNames[] = {"logits", "softmax", "embedding",
                                             "features"};
  return kNames[kind];
}

static bool isOfHead(OutputRequest::Kind kind) {
  return kind == OutputRequest::Logits || kind == OutputRequest::Softmax;
}

bool mobileone::namesKind(StringRef word) { return findKind(word).has_value(); }

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

Expected<std::vector<OutputRequest>>
mobileone::parseOutputs(ArrayRef<std::string> words) {
  std::vector<OutputRequest> outputs;
  bool takesParts = false;
  for (StringRef word : words) {
    OutputRequest output{OutputRequest::Features};
    auto [name, part] = word.split('=');
    if (std::optional<OutputRequest::Kind> kind = findKind(name)) {
      takesParts = word.contains('=');
      output.kind = *kind;
      if (takesParts && (part.empty() || *kind == OutputRequest::Embedding))
        return createStringError("--output expects features=LEVELS, such as "
                                 "features=stem,1,4, logits=HEADS or "
                                 "softmax=HEADS, but got '" +
                                 word + "'");
      output.part = part;
    } else if (takesParts && !word.empty() && !word.contains('=')) {
      output.kind = outputs.back().kind;
      output.part = word;
    } else {
      return createStringError("--output expects logits, softmax, embedding, "
                               "features or features=LEVELS, but got '" +
                               word + "'");
    }
    if (is_contained(outputs, output))
      return createStringError("--output expects each output once, but got '" +
                               word + "' twice");
    outputs.push_back(output);
  }
  return outputs;
}

std::string mobileone::formatOutputs(ArrayRef<OutputRequest> outputs) {
  std::string text;
  const OutputRequest *last = nullptr;
  for (const OutputRequest &output : outputs) {
    text += last ? "," : "";
    bool isPart = !output.part.empty();
    bool isListed =
        isPart && last && last->kind == output.kind && !last->part.empty();
    if (!isListed)
      text += getName(output.kind);
    if (isPart)
      text += (isListed ? "" : "=") + output.part;
    last = &output;
  }
  return text;
}

Expected<std::vector<HeadRequest>> mobileone::parseHeads(StringRef text) {
  std::vector<HeadRequest> heads;
  for (StringRef word : split(text, ',')) {
    auto [name, key] = word.split('=');
    bool isNamed = word.contains('=');
    if (!isNamed)
      std::swap(name, key);
    if (key.empty() || key.contains('='))
      return createStringError("expects KEY or NAME=KEY of each head, such as "
                               "yaw=fc_yaw, but got '" +
                               word + "'");
    if (isNamed && !isResultName(name))
      return createStringError(
          "expects names of at most " + Twine(kMaxResultName) +
          " letters, digits, '_' and '.', but got '" + name + "'");
    if (namesKind(name))
      return createStringError(
          "expects another name than '" + name +
          "', which is a kind of output: choose one by --heads=NAME=KEY");
    for (const HeadRequest &other : heads)
      if (other.key == key || (isNamed && other.name == name))
        return createStringError("expects each head once, but got '" +
                                 (other.key == key ? key : name) + "' twice");
    heads.push_back({name.str(), key.str()});
  }
  return heads;
}

std::string mobileone::formatHeads(ArrayRef<HeadRequest> heads) {
  std::string text;
  for (const HeadRequest &head : heads)
    text += (text.empty() ? "" : ",") +
            (head.name.empty() ? "" : head.name + "=") + head.key;
  return text;
}

bool mobileone::wantsClasses(ArrayRef<OutputRequest> outputs) {
  return any_of(outputs, [](const OutputRequest &output) {
    return isOfHead(output.kind);
  });
}

//===----------------------------------------------------------------------===//
// Levels
//===----------------------------------------------------------------------===//

/// "stage3." of "stage3.1".
static StringRef getStage(StringRef block) {
  return block.take_front(block.find('.') + 1);
}

/// Whether no block of the same stage follows.
static bool isLastOfStage(const NetworkSpec &network, size_t block) {
  return block + 1 == network.blocks.size() ||
         getStage(network.blocks[block].name) !=
             getStage(network.blocks[block + 1].name);
}

/// What a map is called: "stem", "stage2" for the last block of a stage, else
/// as its block.
static std::string nameLevel(const NetworkSpec &network, size_t block) {
  StringRef name = network.blocks[block].name;
  StringRef stage = getStage(name);
  return stage.empty() || !isLastOfStage(network, block)
             ? name.str()
             : stage.drop_back().str();
}

/// The place of the block `level`, whose result is a map.
static Expected<size_t> findLevel(const NetworkSpec &network, StringRef level) {
  size_t count = network.blocks.size();
  if (level.empty())
    return count - 1;
  std::string levels;
  for (size_t i = 0; i != count; ++i) {
    std::string name = nameLevel(network, i);
    StringRef number = name;
    number.consume_front("stage");
    if (level == name || level == number || level == network.blocks[i].name)
      return i;
    if (!number.contains('.'))
      levels += (levels.empty() ? "" : ", ") + number.str();
  }
  return refuse("output", "expects as levels of features " + levels +
                              " or the name of a block, but got '" + level +
                              "'");
}

//===----------------------------------------------------------------------===//
// Heads
//===----------------------------------------------------------------------===//

/// What the probabilities of a head are called whose logits are there, too.
static constexpr StringLiteral kSoftmaxSuffix = ".softmax";

/// The places of the heads that `request` is of. As an object calls them, too:
/// the only head by its kind, probabilities perhaps with their suffix.
static Expected<SmallVector<size_t>> findHeads(const NetworkSpec &network,
                                               const OutputRequest &request) {
  const std::vector<HeadSpec> &heads = network.heads;
  if (heads.empty())
    return refuse("output", "logits and softmax expect a classifier, but got a "
                            "checkpoint without one: only --output=features "
                            "and embedding are possible");
  if (request.part.empty())
    return llvm::to_vector(seq<size_t>(0, heads.size()));
  StringRef plain = request.part;
  if (request.kind == OutputRequest::Softmax)
    plain.consume_back(kSoftmaxSuffix);
  for (StringRef part : {StringRef(request.part), plain})
    for (auto [i, head] : enumerate(heads))
      if (part ==
          (head.name.empty() ? getName(request.kind) : StringRef(head.name)))
        return SmallVector<size_t>{i};
  if (heads.size() == 1)
    return refuse(
        "output",
        "expects no name of the only head" +
            (heads.front().name.empty() ? "" : " but " + heads.front().name) +
            " (--heads=NAME=KEY names it), but got '" + request.part + "'");
  std::string names;
  for (const HeadSpec &head : heads)
    names += (names.empty() ? "" : ", ") + head.name;
  return refuse("output", "expects as heads " + names +
                              " (--heads chooses others), but got '" +
                              request.part + "'");
}

/// What the object calls `output`.
static std::string getResultName(const NetworkOutput &output) {
  return output.name.empty() ? getName(output.kind).str() : output.name;
}

/// As macros have it.
static std::string getUpperName(const NetworkOutput &output) {
  std::string name = StringRef(getResultName(output)).upper();
  llvm::replace(name, '.', '_');
  return name;
}

/// Refuses an output of a head that is among those before it.
static Error checkTwice(const NetworkOutput &output,
                        ArrayRef<NetworkOutput> before) {
  for (const NetworkOutput &other : before)
    if (isOfHead(output.kind) && other.kind == output.kind &&
        other.index == output.index)
      return refuse(
          "output",
          "expects each output once, but got " + getName(output.kind) +
              (output.name.empty() ? "" : "=" + output.name) + " twice");
  return Error::success();
}

/// Refuses a name of a head's output that is too long, or too like another one.
static Error checkName(const NetworkOutput &output,
                       ArrayRef<NetworkOutput> before) {
  std::string name = getResultName(output);
  if (name.size() > kMaxResultName)
    return refuse("output", "expects names of at most " +
                                Twine(kMaxResultName) +
                                " characters, but got '" + name +
                                "' for probabilities beside logits: choose a "
                                "shorter name of the head by --heads=NAME=KEY");
  for (const NetworkOutput &other : before)
    if ((isOfHead(output.kind) || isOfHead(other.kind)) &&
        getUpperName(other) == getUpperName(output))
      return refuse("output",
                    "expects names that differ in more than upper case and '.' "
                    "for '_', but got '" +
                        getResultName(other) + "' (" + getName(other.kind) +
                        ") and '" + name + "' (" + getName(output.kind) +
                        "): choose other names of heads by --heads=NAME=KEY");
  return Error::success();
}

Expected<std::vector<NetworkOutput>>
mobileone::findOutputs(const NetworkSpec &network,
                       ArrayRef<OutputRequest> requests) {
  const OutputRequest usual{network.heads.empty() ? OutputRequest::Features
                                                  : OutputRequest::Logits};
  std::vector<NetworkOutput> outputs;
  for (const OutputRequest &request :
       requests.empty() ? ArrayRef(usual) : requests) {
    if (request.kind == OutputRequest::Embedding) {
      outputs.push_back({request.kind});
    } else if (request.kind == OutputRequest::Features) {
      Expected<size_t> block = findLevel(network, request.part);
      if (!block)
        return block.takeError();
      outputs.push_back({request.kind, *block, nameLevel(network, *block)});
    } else {
      Expected<SmallVector<size_t>> heads = findHeads(network, request);
      if (!heads)
        return heads.takeError();
      for (size_t head : *heads)
        outputs.push_back({request.kind, head, network.heads[head].name});
    }
  }
  for (size_t i = 0; i != outputs.size(); ++i)
    if (Error error = checkTwice(outputs[i], ArrayRef(outputs).take_front(i)))
      return std::move(error);
  if (outputs.size() > kMaxResults)
    return refuse("output", "expects at most " + Twine(kMaxResults) +
                                " outputs, but got " + Twine(outputs.size()) +
                                (network.heads.size() > 1
                                     ? " with those of each head: logits=HEADS "
                                       "and softmax=HEADS are of some"
                                     : ""));
  for (NetworkOutput &output : outputs)
    if (output.kind == OutputRequest::Softmax && !output.name.empty() &&
        any_of(outputs, [&](const NetworkOutput &other) {
          return other.kind == OutputRequest::Logits &&
                 other.index == output.index;
        }))
      output.name += kSoftmaxSuffix;
  for (size_t i = 0; i != outputs.size(); ++i)
    if (Error error = checkName(outputs[i], ArrayRef(outputs).take_front(i)))
      return std::move(error);
  return outputs;
}
