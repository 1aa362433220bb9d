// Completion by fish.
#include "tools/CommandLine/Completion.h"

#include "llvm/ADT/StringExtras.h"

#include <fmt/format.h>

using namespace llvm;
using namespace mobileone;

static std::string quote(StringRef text) {
  std::string quoted = "'";
  for (char c : text) {
    if (c == '\\' || c == '\'')
      quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

/// The options of `complete` for a value.
static std::string formatValue(const Completion &completion) {
  const std::string words = join(completion.words, " ");
  std::string suffixes;
  for (StringRef suffix : completion.suffixes)
    suffixes += (suffixes.empty() ? "" : " ") +
                fmt::format("(__fish_complete_suffix {})", suffix.str());
  const std::string files =
      suffixes.empty() ? "(__fish_complete_path)" : suffixes;
  switch (completion.kind) {
  case Completion::Nothing:
    return "-x";
  case Completion::Words:
    return "-x -a " +
           quote(completion.isList ? "(__fish_append , " + words + ")" : words);
  case Completion::Folders:
    return "-x -a " + quote("(__fish_complete_directories)");
  case Completion::Files:
    break;
  }
  return "-k -x -a " + quote(words.empty() ? files : words + " " + files);
}

std::string mobileone::formatFishCompletion(const ToolHelp &tool) {
  std::string script = fmt::format(
      "# Generated from the flags of {0}.\n"
      "complete -c {0} -k -f -a {1}\n",
      tool.name,
      quote(join(map_range(tool.input.suffixes,
                           [](const std::string &suffix) {
                             return "(__fish_complete_suffix " + suffix + ")";
                           }),
                 " ")));
  for (const HelpGroup &group : tool.groups)
    for (const HelpFlag &flag : group.flags) {
      script += "complete -c " + tool.name;
      for (StringRef name : flag.names)
        script +=
            (name.starts_with("--") ? " -l " : " -s ") + name.ltrim('-').str();
      // An optional value is not offered: fish would take the next word for it.
      if (!flag.value.empty() && !flag.isOptional)
        script += " " + formatValue(flag.completion);
      script += " -d " + quote(shorten(flag.text)) + "\n";
    }
  return script;
}
