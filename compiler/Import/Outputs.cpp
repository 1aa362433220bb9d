// Words for outputs, and the blocks that they are of.
#include "compiler/Import/Outputs.h"

#include "compiler/Import/Refusal.h"
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

Expected<std::vector<OutputRequest>>
mobileone::parseOutputs(ArrayRef<std::string> words) {
  std::vector<OutputRequest> outputs;
  bool takesLevels = false;
  for (StringRef word : words) {
    OutputRequest output{OutputRequest::Features};
    auto [name, level] = word.split('=');
    if (std::optional<OutputRequest::Kind> kind = findKind(name)) {
      takesLevels = word.contains('=');
      output.kind = *kind;
      if (takesLevels && (level.empty() || *kind != OutputRequest::Features))
        return createStringError("--output expects features=LEVELS, such as "
                                 "features=stem,1,4, but got '" +
                                 word + "'");
      output.level = level;
    } else if (takesLevels && !word.empty() && !word.contains('=')) {
      output.level = word;
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
  bool takesLevels = false;
  for (const OutputRequest &output : outputs) {
    text += text.empty() ? "" : ",";
    bool isLevel = !output.level.empty();
    if (!isLevel || !takesLevels)
      text += getName(output.kind);
    if (isLevel)
      text += (takesLevels ? "" : "=") + output.level;
    takesLevels = isLevel;
  }
  return text;
}

bool mobileone::wantsClasses(ArrayRef<OutputRequest> outputs) {
  return any_of(outputs, [](const OutputRequest &output) {
    return output.kind == OutputRequest::Logits ||
           output.kind == OutputRequest::Softmax;
  });
}

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

std::string mobileone::nameLevel(const NetworkSpec &network, size_t block) {
  StringRef name = network.blocks[block].name;
  StringRef stage = getStage(name);
  return stage.empty() || !isLastOfStage(network, block)
             ? name.str()
             : stage.drop_back().str();
}

Expected<size_t> mobileone::findLevel(const NetworkSpec &network,
                                      StringRef level) {
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
