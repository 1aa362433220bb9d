// What the compiler is told to do.
#ifndef MOBILEONE_TOOLS_MOBILEONE_OPT_OPTIONS_H
#define MOBILEONE_TOOLS_MOBILEONE_OPT_OPTIONS_H

#include "compiler/Driver/CompileRequest.h"
#include "llvm/Support/Error.h"

namespace mobileone {

struct CompileOptions {
  /// Its `emit` is unset where neither --emit nor the output's name says what
  /// to write.
  CompileRequest request;
  /// Flags that say something of a checkpoint and nothing of IR.
  llvm::SmallVector<llvm::StringRef> checkpointFlags;
  /// Flags that say something of a compile, and nothing of IR that goes through
  /// named passes; and from which stage on they do.
  llvm::SmallVector<std::pair<llvm::StringRef, EmitKind>> stageFlags;
  /// An error for one that the stages up to `last` do not know.
  llvm::Error checkStage(EmitKind last) const;
  /// Whether stages are run, beside the passes that are named.
  bool isCompile() const { return request.emit || request.tune; }
  std::string saveTemps; // folder, empty: none
  std::string calibrate; // folder or file of images, empty: none
  std::string tune;      // file to write, empty: none
  bool overwrite = false;
};

/// Reads the parsed flags; `output` decides what to write where --emit does
/// not. Prints an error and returns none where a value is wrong.
std::optional<CompileOptions> readCompileOptions(llvm::StringRef output);

} // namespace mobileone

#endif // MOBILEONE_TOOLS_MOBILEONE_OPT_OPTIONS_H
