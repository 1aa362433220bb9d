// Runs the passes of a compile as the flags of every -opt tool say.
#ifndef MOBILEONE_TOOLS_MOBILEONE_OPT_PASSRUNNER_H
#define MOBILEONE_TOOLS_MOBILEONE_OPT_PASSRUNNER_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/Timing.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

namespace mobileone {

/// Several pass managers that look like one from outside: one report of times,
/// remarks of all of them, and the IR after each pass in a folder per stage.
class PassRunner {
public:
  PassRunner(mlir::MLIRContext *context, const mlir::MlirOptMainConfig &config);
  ~PassRunner();

  /// The file that remarks go to, or "".
  static std::string getRemarksFile(const mlir::MlirOptMainConfig &config);

  /// Lets passes say what they did; fails if the file for it cannot be written.
  mlir::LogicalResult enableRemarks();

  using Build = llvm::function_ref<void(mlir::PassManager &)>;
  /// Runs the passes that `build` adds.
  mlir::LogicalResult run(mlir::ModuleOp module, const llvm::Twine &stage,
                          Build build);
  /// Runs the passes that are named on the command line.
  mlir::LogicalResult runNamed(mlir::ModuleOp module);

  /// The time of what is no pass.
  mlir::TimingScope time(llvm::StringRef what) { return timing.nest(what); }

private:
  mlir::LogicalResult
  runPasses(mlir::ModuleOp module, const std::string &stage,
            llvm::function_ref<mlir::LogicalResult(mlir::PassManager &)> build);

  mlir::MLIRContext *context;
  const mlir::MlirOptMainConfig &config;
  std::string treeFolder; // of --mlir-print-ir-tree-dir
  mlir::DefaultTimingManager timingManager;
  mlir::TimingScope timing;
};

} // namespace mobileone

#endif // MOBILEONE_TOOLS_MOBILEONE_OPT_PASSRUNNER_H
