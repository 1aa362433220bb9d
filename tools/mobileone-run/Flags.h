// The flags of mobileone-run.
#ifndef MOBILEONE_TOOLS_MOBILEONE_RUN_FLAGS_H
#define MOBILEONE_TOOLS_MOBILEONE_RUN_FLAGS_H

#include "ParseCommandLine.h"

#include "tools/CommandLine/CommandLine.h"

#include <CLI/CLI.hpp>
#include <map>

namespace mobileone::run {

/// Of --mean and --std, where they are given.
struct NormalizationTexts {
  std::optional<std::string> mean, std;
};

/// Flags of one task, and a command that uses them.
struct Task {
  const char *title;
  const char *example;
};

/// In the order of --help.
llvm::ArrayRef<Task> getTasks();

/// What shells offer for the values of flags.
using Completions = std::map<const CLI::Option *, Completion>;

/// Adds all flags, each in the group of its task, and what they need of each
/// other. Parsing fills `options` and `normalization`.
Completions addFlags(CLI::App &app, Options &options,
                     NormalizationTexts &normalization);

} // namespace mobileone::run

#endif // MOBILEONE_TOOLS_MOBILEONE_RUN_FLAGS_H
