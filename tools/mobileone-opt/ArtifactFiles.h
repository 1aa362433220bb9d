// Where the artifacts of a compile go.
#ifndef MOBILEONE_TOOLS_MOBILEONE_OPT_ARTIFACTFILES_H
#define MOBILEONE_TOOLS_MOBILEONE_OPT_ARTIFACTFILES_H

#include "Options.h"
#include "mlir/Support/LLVM.h"
#include "tools/Output/OutputSet.h"

namespace mobileone {

/// The files of one compile: their names, and what may stand in their places.
class ArtifactFiles {
public:
  ArtifactFiles(const CompileOptions &options, llvm::StringRef output,
                OutputSet &outputs)
      : options(options), output(output), outputs(outputs) {}

  /// Refuses outputs before any work.
  mlir::LogicalResult reserve();

  /// Fails unless the output's name says that it is IR.
  mlir::LogicalResult expectIrSuffix() const;

  mlir::LogicalResult write(Artifact artifact);

private:
  mlir::LogicalResult writeResult(std::string content);
  mlir::LogicalResult writeTemp(llvm::StringRef name, llvm::StringRef content);
  mlir::LogicalResult write(llvm::StringRef path, std::string content,
                            OutputRule rule = {});

  const CompileOptions &options;
  std::string output;
  OutputSet &outputs;
};

} // namespace mobileone

#endif // MOBILEONE_TOOLS_MOBILEONE_OPT_ARTIFACTFILES_H
