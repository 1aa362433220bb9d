// What the tools' command lines have in common.
#ifndef MOBILEONE_TOOLS_COMMANDLINE_COMMANDLINE_H
#define MOBILEONE_TOOLS_COMMANDLINE_COMMANDLINE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <optional>
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

/// What a shell offers for the value of a flag.
struct Completion {
  enum Kind { Nothing, Words, Files, Folders };
  Kind kind = Nothing;
  /// Of Words and Files.
  std::vector<std::string> words;
  /// Of Files: how they end; empty: any file.
  std::vector<std::string> suffixes;
  /// Several words, with commas between.
  bool isList = false;

  static Completion ofWords(std::vector<std::string> words);
  static Completion ofFiles(std::vector<std::string> suffixes = {},
                            std::vector<std::string> words = {});
  static Completion ofFolders();
};

/// How checkpoints are named; what one holds is found from its content.
std::vector<std::string> getCheckpointSuffixes();

/// What an exit code says.
struct ExitStatus {
  ExitCode code;
  std::string meaning;
};
std::vector<ExitStatus> getExitStatuses();

/// A flag and what it takes.
struct HelpFlag {
  std::vector<std::string> names; // "--help", "-h"
  std::string value;              // "LEVELS"; empty: takes none
  bool isOptional = false;        // the value
  bool isRepeated = false;        // any number of values
  std::string text;
  Completion completion;
};

/// Flags that belong together, and one command that uses them.
struct HelpGroup {
  std::string title;
  std::string example;
  std::vector<HelpFlag> flags;
};

/// What a tool says of itself: the one source of its help, its manual page and
/// the completions of shells.
struct ToolHelp {
  std::string name;
  std::string summary; // a sentence without its full stop
  std::vector<std::string>
      usage;               // lines behind the tool's name, or more of one
  std::string description; // empty: none
  Completion input;        // of what is no flag
  char separator;          // between a long flag and its value: = or blank
  std::vector<HelpGroup> groups;
};

/// The text of --help, in 80 columns; the exit codes come last.
std::string formatHelp(const ToolHelp &tool);

/// How the tool is called, in two lines or more.
std::string formatUsage(const ToolHelp &tool);

/// A flag's names and what they take, "--isa=LEVELS", each in the form that the
/// functions give it.
std::string formatNames(const HelpFlag &flag, char separator,
                        llvm::function_ref<std::string(llvm::StringRef)> name,
                        llvm::function_ref<std::string(llvm::StringRef)> value);

/// The page of man(1).
std::string formatManPage(const ToolHelp &tool);

/// The script by which `shell`, bash, zsh or fish, completes the tool's flags
/// and their values; none for another shell.
std::optional<std::string> formatCompletion(const ToolHelp &tool,
                                            llvm::StringRef shell);

/// The flags that every tool answers by answerHelp(), and `others`.
HelpGroup describeHelpFlags(llvm::ArrayRef<HelpFlag> others = {});

/// What the first of `arguments` asks for, --help, --help-man or
/// --help-completion with a shell; none where it is none of them, an error for
/// another shell.
llvm::Expected<std::optional<std::string>>
answerHelp(const ToolHelp &tool, llvm::ArrayRef<const char *> arguments);

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
