// From the LLVM dialect to LLVM IR, assembly and object files.
#ifndef MOBILEONE_COMPILER_OBJECT_OBJECT_H
#define MOBILEONE_COMPILER_OBJECT_OBJECT_H

#include "compiler/Machine/Target.h"
#include "compiler/Object/ModelInfo.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

namespace mobileone {

enum class MachineCode { Assembly, Object };

/// Translates functions in LLVM dialect to LLVM IR for one level. Null after an
/// error.
std::unique_ptr<llvm::Module> translateKernels(mlir::ModuleOp module,
                                               const IsaLevel &level,
                                               llvm::LLVMContext &context);

/// As translateKernels, with a network, the one public function of `module`, of
/// the object's image size of the number `size`, counted from 0. All functions
/// get the names of getLevelName().
std::unique_ptr<llvm::Module> translateNetwork(mlir::ModuleOp module,
                                               const IsaLevel &level,
                                               size_t size,
                                               llvm::LLVMContext &context);

/// Links the code of all sizes and `levels`, lowest first, and the entry points
/// around it.
/// The names of the public functions begin with `prefix`, all else is internal.
/// `weights`, if they are in the object, become `@weights`. `code` is consumed.
llvm::Expected<std::unique_ptr<llvm::Module>>
linkObject(llvm::MutableArrayRef<std::unique_ptr<llvm::Module>> code,
           const Target &target, llvm::ArrayRef<const IsaLevel *> levels,
           llvm::StringRef prefix, const ModelInfo &model,
           llvm::ArrayRef<char> weights);

/// Writes what `object` is made from and by which version of the compiler into
/// its section .comment, which linkers keep.
void nameOrigin(llvm::Module &object, const Origin &origin);

/// Leaves the weights out of `object`: they are declared, for readers of text.
void declareWeights(llvm::Module &object);

/// Runs LLVM's code generator.
llvm::Expected<llvm::SmallVector<char, 0>>
generateCode(llvm::Module &module, const Target &target, MachineCode kind);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_OBJECT_OBJECT_H
