// What the tools' command lines have in common.
#ifndef MOBILEONE_TOOLS_COMMANDLINE_COMMANDLINE_H
#define MOBILEONE_TOOLS_COMMANDLINE_COMMANDLINE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace mobileone {

/// What a tool returns; EXIT_SUCCESS and EXIT_FAILURE are the first two.
enum ExitCode {
  ExitDone = 0,
  /// The input was refused, or the run failed.
  ExitFailed = 1,
  /// The command line is wrong, or not for this kind of input.
  ExitCommandLine = 2
};

/// Flags that belong together, and one command that uses them.
struct HelpGroup {
  struct Flag {
    std::string name; // "--isa=LEVELS"
    std::string text;
  };
  std::string title;
  std::string example;
  std::vector<Flag> flags;
};

/// The text of --help, in 80 columns: `usage` is a line or several, what the
/// tool is for; the exit codes come last.
std::string formatHelp(llvm::StringRef usage, llvm::ArrayRef<HelpGroup> groups);

/// The text of --version: the compiler, LLVM, and `targets`, a line for each.
std::string formatVersion(llvm::StringRef targets);

/// The words joined as a sentence says them: "a, b or c".
std::string joinChoices(llvm::ArrayRef<llvm::StringRef> choices);

/// The one of `names` that is nearest to `name`, the first of several; empty
/// where none is near.
std::string findNearest(llvm::StringRef name,
                        llvm::ArrayRef<llvm::StringRef> names);

/// Turns colours off where the environment's NO_COLOR is not empty, unless
/// --color is given.
void obeyNoColor();

} // namespace mobileone

#endif // MOBILEONE_TOOLS_COMMANDLINE_COMMANDLINE_H
