// The command line: help, version, and what is wrong with it.
#ifndef MOBILEONE_TOOLS_MOBILEONE_OPT_PARSECOMMANDLINE_H
#define MOBILEONE_TOOLS_MOBILEONE_OPT_PARSECOMMANDLINE_H

#include "mlir/IR/DialectRegistry.h"

#include <optional>
#include <string>

namespace mobileone {

/// Where the tool reads and writes; "-" stands for the standard streams.
struct Files {
  std::optional<std::string> input; // none is named: as "-"
  std::string output;
};

/// Registers and parses all flags. Answers --help and --version, says what is
/// wrong, and ends the process then.
Files parseCommandLine(int argc, char **argv, mlir::DialectRegistry &registry);

/// How the tool is called, in two lines.
std::string getUsage();

} // namespace mobileone

#endif // MOBILEONE_TOOLS_MOBILEONE_OPT_PARSECOMMANDLINE_H
