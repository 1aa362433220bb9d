// What the tools' command lines have in common.
#include "tools/CommandLine/CommandLine.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/WithColor.h"

#include <cstdlib>
#include <fmt/format.h>

using namespace llvm;

namespace mobileone {

/// Columns of a terminal, and where the text of a flag begins.
constexpr size_t width = 80;
constexpr size_t textColumn = 24;

/// Words of `text` from the column on that `line` has reached.
static std::string wrap(std::string line, StringRef text) {
  std::string lines;
  for (StringRef word : split(text, ' ')) {
    const size_t spaces = line.size() < textColumn    ? textColumn - line.size()
                          : line.size() == textColumn ? 0
                                                      : 1;
    // The gap after the flag itself has two columns at least.
    if (line.size() + spaces + word.size() > width) {
      lines += line + '\n';
      line.assign(textColumn, ' ');
    } else {
      line.append(spaces, ' ');
    }
    line += word;
  }
  return lines + line + '\n';
}

std::vector<ExitStatus> getExitStatuses() {
  return {{ExitDone, "Done"},
          {ExitFailed, "The input was refused, or the run failed: a file that "
                       "cannot be read, results that are not as expected"},
          {ExitCommandLine,
           "The command line is wrong, or not for this kind of input"}};
}

std::string formatUsage(const ToolHelp &tool) {
  constexpr StringLiteral begin = "usage: ";
  std::string text;
  for (StringRef line : tool.usage) {
    text += text.empty() ? begin.str() : std::string(begin.size(), ' ');
    text += line.starts_with(" ") ? line.str() : tool.name + " " + line.str();
    text += '\n';
  }
  return text;
}

std::string formatNames(const HelpFlag &flag, char separator,
                        function_ref<std::string(StringRef)> name,
                        function_ref<std::string(StringRef)> value) {
  std::string text = join(map_range(flag.names, name), ", ");
  if (flag.value.empty())
    return text;
  if (flag.isOptional)
    return text + "[=" + value(flag.value) + "]";
  const bool isShort = flag.names.front().size() == 2;
  return text + (isShort ? ' ' : separator) + value(flag.value);
}

std::string formatHelp(const ToolHelp &tool) {
  std::string help = tool.summary + ".\n" + formatUsage(tool);
  if (!tool.description.empty())
    help += tool.description + "\n";
  const auto add = [&](std::string line, StringRef text) {
    if (line.size() + 2 > textColumn) {
      help += line + '\n';
      line.assign(textColumn, ' ');
    }
    help += wrap(line, text);
  };
  for (const HelpGroup &group : tool.groups) {
    help += fmt::format("\n{}\n", group.title);
    if (!group.example.empty())
      help += fmt::format("  $ {}\n", group.example);
    const auto plain = [](StringRef text) { return text.str(); };
    for (const HelpFlag &flag : group.flags)
      add("  " + formatNames(flag, tool.separator, plain, plain), flag.text);
  }
  help += "\nExit codes\n";
  for (const ExitStatus &status : getExitStatuses())
    add(fmt::format("  {}", static_cast<int>(status.code)), status.meaning);
  return help;
}

HelpGroup describeHelpFlags(ArrayRef<HelpFlag> others) {
  HelpGroup group{"Help", "", {}};
  group.flags.push_back({{"--help", "-h"}, "", false, false, "This text", {}});
  group.flags.push_back(
      {{"--help-man"}, "", false, false, "This text as a page of man(1)", {}});
  group.flags.push_back(
      {{"--help-completion"},
       "SHELL",
       false,
       false,
       "The script by which bash, zsh or fish completes flags",
       Completion::ofWords({"bash", "zsh", "fish"})});
  group.flags.insert(group.flags.end(), others.begin(), others.end());
  group.flags.push_back({{"--version"},
                         "",
                         false,
                         false,
                         "Versions of the compiler and of LLVM",
                         {}});
  return group;
}

Expected<std::optional<std::string>>
answerHelp(const ToolHelp &tool, ArrayRef<const char *> arguments) {
  StringRef argument = arguments.front();
  if (argument == "--help" || argument == "-help" || argument == "-h")
    return formatHelp(tool);
  if (argument == "--help-man")
    return formatManPage(tool);
  if (!argument.consume_front("--help-completion"))
    return std::nullopt;
  if (argument.empty() && arguments.size() > 1)
    argument = arguments[1];
  else if (!argument.empty() && !argument.consume_front("="))
    return std::nullopt;
  if (std::optional<std::string> script = formatCompletion(tool, argument))
    return script;
  return createStringError(
      "--help-completion expects bash, zsh or fish, but got '" + argument +
      "'");
}

std::string formatVersion(StringRef targets) {
  return fmt::format("MobileOne compiler {}\nLLVM {}\ntargets:\n{}",
                     MOBILEONE_VERSION, LLVM_VERSION_STRING, targets.str());
}

std::string joinChoices(ArrayRef<StringRef> choices) {
  if (choices.size() < 2)
    return join(choices, "");
  return join(choices.drop_back(), ", ") + " or " + choices.back().str();
}

std::string findNearest(StringRef name, ArrayRef<StringRef> names) {
  // A third of the letters may be wrong, or two swapped; of short names one.
  unsigned nearest =
      1 + std::max<size_t>(name.size() / 3, name.size() < 4 ? 1 : 2);
  StringRef found;
  for (StringRef candidate : names) {
    const unsigned distance = name.edit_distance(
        candidate, /*AllowReplacements=*/true, /*MaxEditDistance=*/nearest);
    if (distance < nearest) {
      nearest = distance;
      found = candidate;
    }
  }
  return found.str();
}

/// Asked for each message: flags may be parsed after the first.
static bool detectColors(const raw_ostream &os) {
  cl::Option *color = cl::getRegisteredOptions().lookup("color");
  return color && color->getNumOccurrences() &&
         WithColor::defaultAutoDetectFunction()(os);
}

void obeyNoColor() {
  const char *value = std::getenv("NO_COLOR");
  if (value && *value)
    WithColor::setAutoDetectFunction(detectColors);
}

} // namespace mobileone
