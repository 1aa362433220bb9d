// From the LLVM dialect to LLVM IR, assembly and object files.
#ifndef MOBILEONE_COMPILER_TARGET_OBJECT_H
#define MOBILEONE_COMPILER_TARGET_OBJECT_H

#include "compiler/Target/ModelInfo.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

namespace mobileone {

enum class MachineCode { Assembly, Object };

/// Adds the functions that an object exports (EntryPointsX86.mlir) around
/// `network`, the one public function of `module`, which is in LLVM dialect.
mlir::LogicalResult addEntryPoints(mlir::ModuleOp module,
                                   const ModelInfo &model);

/// Translates to LLVM IR for the host's triple: names begin with `prefix`, all
/// else is internal, code is for `level`. Weights are left out, only declared,
/// unless `withWeights`. Null after an error.
std::unique_ptr<llvm::Module>
translate(mlir::ModuleOp module, llvm::StringRef prefix, const ModelInfo &model,
          const IsaLevel &level, bool withWeights, llvm::LLVMContext &context);

/// Translates kernels without a network, which stay internal. Null after an
/// error.
std::unique_ptr<llvm::Module> translateKernels(mlir::ModuleOp module,
                                               const IsaLevel &level,
                                               llvm::LLVMContext &context);

/// Runs LLVM's code generator.
llvm::Expected<llvm::SmallVector<char, 0>>
generateCode(llvm::Module &module, const IsaLevel &level, MachineCode kind);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_TARGET_OBJECT_H
