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

std::string formatHelp(StringRef usage, ArrayRef<HelpGroup> groups) {
  std::string help = usage.str();
  for (const HelpGroup &group : groups) {
    help += fmt::format("\n{}\n", group.title);
    if (!group.example.empty())
      help += fmt::format("  $ {}\n", group.example);
    for (const HelpGroup::Flag &flag : group.flags) {
      std::string line = "  " + flag.name;
      if (line.size() + 2 > textColumn) {
        help += line + '\n';
        line.assign(textColumn, ' ');
      }
      help += wrap(line, flag.text);
    }
  }
  return help + R"(
Exit codes
  0                     Done
  1                     The input was refused, or the run failed: a file that
                        cannot be read, results that are not as expected
  2                     The command line is wrong, or not for this kind of input
)";
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
