// What all completions of shells have in common.
#include "tools/CommandLine/Completion.h"

#include "llvm/ADT/StringSwitch.h"

using namespace llvm;
using namespace mobileone;

Completion Completion::ofWords(std::vector<std::string> words) {
  return {Words, std::move(words), {}, false};
}

Completion Completion::ofFiles(std::vector<std::string> suffixes,
                               std::vector<std::string> words) {
  return {Files, std::move(words), std::move(suffixes), false};
}

Completion Completion::ofFolders() { return {Folders, {}, {}, false}; }

std::vector<std::string> mobileone::getCheckpointSuffixes() {
  return {".pth", ".pt", ".safetensors", ".tar", ".ckpt", ".bin"};
}

std::string mobileone::shorten(StringRef text) {
  // The default and the exceptions are for the manual.
  text = text.take_front(text.find(" ("));
  for (StringRef end : {": ", "; ", ". "})
    text = text.take_front(text.find(end));
  return text.str();
}

std::optional<std::string> mobileone::formatCompletion(const ToolHelp &tool,
                                                       StringRef shell) {
  using Format = std::string (*)(const ToolHelp &);
  Format format = StringSwitch<Format>(shell)
                      .Case("bash", formatBashCompletion)
                      .Case("zsh", formatZshCompletion)
                      .Case("fish", formatFishCompletion)
                      .Default(nullptr);
  return format ? std::optional(format(tool)) : std::nullopt;
}
