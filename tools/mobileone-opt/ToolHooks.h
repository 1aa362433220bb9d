// How a compile of this tool runs, and what it shows on the terminal.
#ifndef MOBILEONE_TOOLS_MOBILEONE_OPT_TOOLHOOKS_H
#define MOBILEONE_TOOLS_MOBILEONE_OPT_TOOLHOOKS_H

#include "compiler/Driver/CompileHooks.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "tools/Output/Progress.h"

namespace mobileone {

/// Runs passes as the flags of every -opt tool say: several pass managers look
/// like one from outside, with one report of times, remarks of all of them, and
/// the IR after each pass in a folder per stage.
class ToolHooks : public CompileHooks {
public:
  ToolHooks(mlir::MLIRContext *context, const mlir::MlirOptMainConfig &config);
  ~ToolHooks() override;

  /// The file that remarks go to, or "".
  static std::string getRemarksFile(const mlir::MlirOptMainConfig &config);

  /// Lets passes say what they did; fails if the file for it cannot be written.
  mlir::LogicalResult enableRemarks();

  mlir::LogicalResult runPasses(mlir::ModuleOp module, const llvm::Twine &stage,
                                Build build) override;
  /// Runs the passes that are named on the command line.
  mlir::LogicalResult runNamed(mlir::ModuleOp module);
  /// What runNamed() ran, as --pass-pipeline takes it; empty: none.
  llvm::StringRef getNamedPasses() const { return namedPasses; }

  mlir::TimingScope time(llvm::StringRef what) override;
  void showTuning(size_t done, size_t count) override;
  void showTuned(llvm::ArrayRef<TunedKernel> kernels) override;
  void showQuantized(const QuantizationReport &report) override;
  void showVerifying(size_t done, size_t count) override;
  void showVerified(const VerifiedObject &object) override;

private:
  mlir::LogicalResult runManager(
      mlir::ModuleOp module, const std::string &stage,
      llvm::function_ref<mlir::LogicalResult(mlir::PassManager &)> build);

  /// Says on a terminal what the compile is at.
  void show(const llvm::Twine &what);

  mlir::MLIRContext *context;
  const mlir::MlirOptMainConfig &config;
  std::string namedPasses;
  std::string treeFolder; // of --mlir-print-ir-tree-dir
  mlir::DefaultTimingManager timingManager;
  mlir::TimingScope timing;
  /// None where the compile itself prints as it goes.
  std::optional<Progress> progress;
};

} // namespace mobileone

#endif // MOBILEONE_TOOLS_MOBILEONE_OPT_TOOLHOOKS_H
