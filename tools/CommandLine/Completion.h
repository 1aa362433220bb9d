// The completions of each shell.
#ifndef MOBILEONE_TOOLS_COMMANDLINE_COMPLETION_H
#define MOBILEONE_TOOLS_COMMANDLINE_COMPLETION_H

#include "tools/CommandLine/CommandLine.h"

namespace mobileone {

std::string formatBashCompletion(const ToolHelp &tool);
std::string formatZshCompletion(const ToolHelp &tool);
std::string formatFishCompletion(const ToolHelp &tool);

/// The beginning of a flag's text, for a list of many.
std::string shorten(llvm::StringRef text);

} // namespace mobileone

#endif // MOBILEONE_TOOLS_COMMANDLINE_COMPLETION_H
