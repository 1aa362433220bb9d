// From an input file to what --emit names.
#ifndef MOBILEONE_TOOLS_MOBILEONE_OPT_COMPILE_H
#define MOBILEONE_TOOLS_MOBILEONE_OPT_COMPILE_H

#include "Artifacts.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

namespace mobileone {

/// Reads `input` (a checkpoint, or IR where `isCheckpoint` is false), runs the
/// passes named on the command line, then the stages up to `options.emit`, and
/// gives `artifacts` what was asked for. Returns the tool's exit code.
int compile(std::unique_ptr<llvm::MemoryBuffer> input, bool isCheckpoint,
            const CompileOptions &options,
            const mlir::MlirOptMainConfig &config,
            mlir::DialectRegistry &registry, Artifacts &artifacts);

/// `--emit=stats` of a network named by --variant, without an input file.
mlir::LogicalResult emitStats(const CompileOptions &options,
                              Artifacts &artifacts);

} // namespace mobileone

#endif // MOBILEONE_TOOLS_MOBILEONE_OPT_COMPILE_H
