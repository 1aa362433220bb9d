// What a compile writes.
#ifndef MOBILEONE_TOOLS_MOBILEONE_OPT_ARTIFACTS_H
#define MOBILEONE_TOOLS_MOBILEONE_OPT_ARTIFACTS_H

#include "Options.h"
#include "compiler/Object/ModelInfo.h"
#include "mlir/IR/BuiltinOps.h"
#include "tools/Output/OutputSet.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

namespace mobileone {

/// A network on its way to machine code, and what was found out about it.
struct CompiledNetwork {
  std::string source; // name of the input in generated text
  std::string prefix;
  ModelInfo model;
  uint64_t arenaBytes = 0, workerBytes = 0; // the most that a level needs
  llvm::LLVMContext context;
  llvm::SmallVector<std::unique_ptr<llvm::Module>> code; // of each level
};

/// Collects the files of one compile.
class Artifacts {
public:
  Artifacts(const CompileOptions &options, llvm::StringRef output,
            bool isBytecode, OutputSet &outputs)
      : options(options), output(output),
        isBytecode(isBytecode || output.ends_with(".mlirbc")),
        outputs(outputs) {}

  /// Refuses outputs before any work.
  mlir::LogicalResult reserve();

  /// Fails unless the output's name says that it is IR.
  mlir::LogicalResult expectIrSuffix() const;

  /// The IR that was asked for.
  mlir::LogicalResult writeIr(mlir::ModuleOp module);
  mlir::LogicalResult writeText(std::string text);
  /// LLVM IR, assembly, or an object with its header and JSON; and what of
  /// these --save-temps asks for. `module` is linalg on tensors.
  mlir::LogicalResult writeCode(CompiledNetwork &network,
                                mlir::ModuleOp module);
  /// The file of --tune.
  mlir::LogicalResult writeSchedules(std::string text);
  /// A stage in the folder of --save-temps, if there is one.
  mlir::LogicalResult saveTemp(mlir::ModuleOp module, const llvm::Twine &stage);

private:
  mlir::LogicalResult saveTemp(const llvm::Twine &name, llvm::StringRef comment,
                               llvm::StringRef text);

  const CompileOptions &options;
  std::string output;
  bool isBytecode; // of IR
  OutputSet &outputs;
};

} // namespace mobileone

#endif // MOBILEONE_TOOLS_MOBILEONE_OPT_ARTIFACTS_H
