// What a tool owes the process that it runs in.
#ifndef MOBILEONE_TOOLS_OUTPUT_TOOLPROCESS_H
#define MOBILEONE_TOOLS_OUTPUT_TOOLPROCESS_H

#include "llvm/Support/InitLLVM.h"

#include <optional>

namespace mobileone {

/// Stands first in main. Signals that the caller ignores stay ignored; a pipe
/// that nobody reads, a file that is too large and a closed standard output are
/// errors of writing. However the process ends, what it could not print to the
/// standard output is an error.
class ToolProcess {
public:
  ToolProcess(llvm::StringRef name, int &argc, char **&argv);

private:
  std::optional<llvm::InitLLVM> llvm;
};

} // namespace mobileone

#endif // MOBILEONE_TOOLS_OUTPUT_TOOLPROCESS_H
