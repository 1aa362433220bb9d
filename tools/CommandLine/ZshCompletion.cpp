// Completion by zsh.
#include "tools/CommandLine/Completion.h"

#include "llvm/ADT/StringExtras.h"

#include <fmt/format.h>

using namespace llvm;
using namespace mobileone;

/// Within the single quotes of a specification of _arguments.
static std::string escape(StringRef text) {
  std::string escaped;
  for (char c : text) {
    if (StringRef("[]:\\").contains(c))
      escaped += '\\';
    escaped += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return escaped;
}

/// The action of a specification.
static std::string formatAction(const Completion &completion) {
  const std::string words = join(completion.words, " ");
  std::string pattern;
  if (!completion.suffixes.empty()) {
    std::vector<std::string> ends;
    for (StringRef suffix : completion.suffixes)
      ends.push_back(suffix.drop_front().str());
    pattern = fmt::format(" -g \"*.({})\"", join(ends, "|"));
  }
  switch (completion.kind) {
  case Completion::Nothing:
    return " ";
  case Completion::Words:
    return completion.isList ? "_sequence compadd - " + words
                             : "(" + words + ")";
  case Completion::Folders:
    return "_files -/";
  case Completion::Files:
    break;
  }
  if (words.empty())
    return "_files" + pattern;
  return fmt::format("{{compadd - {}; _files{}}}", words, pattern);
}

static std::string formatFlag(const HelpFlag &flag, char separator) {
  std::vector<std::string> specifications;
  for (StringRef name : flag.names) {
    std::string text;
    // "(--help -h)": either excludes the other.
    if (flag.names.size() > 1)
      text += "(" + join(flag.names, " ") + ")";
    text += name;
    if (flag.isOptional)
      text += "=-";
    else if (!flag.value.empty() && separator == '=' && name.size() > 2)
      text += "=";
    text += "[" + escape(shorten(flag.text)) + "]";
    if (!flag.value.empty())
      text += fmt::format("{}{}:{}",
                          flag.isOptional   ? "::"
                          : flag.isRepeated ? ":*-*:"
                                            : ":",
                          escape(flag.value), formatAction(flag.completion));
    specifications.push_back("    '" + text + "' \\\n");
  }
  return join(specifications, "");
}

std::string mobileone::formatZshCompletion(const ToolHelp &tool) {
  std::string script =
      fmt::format("#compdef {0}\n# Generated from the flags of {0}.\n{1}() {{\n"
                  "  _arguments \\\n",
                  tool.name, "_" + tool.name);
  for (const HelpGroup &group : tool.groups)
    for (const HelpFlag &flag : group.flags)
      script += formatFlag(flag, tool.separator);
  // As a file of a folder of $fpath, or read by a shell.
  return script + fmt::format("    ':input:{0}'\n}}\n"
                              "if [[ ${{funcstack[1]}} == {1} ]]; then\n"
                              "  {1} \"$@\"\n"
                              "else\n"
                              "  compdef {1} {2}\n"
                              "fi\n",
                              formatAction(tool.input), "_" + tool.name,
                              tool.name);
}
