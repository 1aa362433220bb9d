// The functions that an object exports, around the networks of its ISA levels.
#ifndef MOBILEONE_COMPILER_OBJECT_ENTRYPOINTS_H
#define MOBILEONE_COMPILER_OBJECT_ENTRYPOINTS_H

#include "compiler/Object/ModelInfo.h"
#include "llvm/IR/Module.h"

namespace mobileone {

/// "name.v3", of the second image size "name.v3.1": what a function of level
/// x86-64-v3 is called in an object. No name of C has a dot.
std::string getLevelName(llvm::StringRef name, const IsaLevel &level,
                         size_t size);

/// LLVM IR of EntryPoints.c: `run`, `run_ex`, `arena_bytes`, `info` and `isa`,
/// and the hooks that the networks call. They run on any CPU of the levels'
/// machine and call the network of the call's image size for the best of
/// `levels` that it has. With external weights there is no `run`, and `weights`
/// are none. Weights begin a page of `target`.
std::unique_ptr<llvm::Module>
createEntryPoints(const ModelInfo &model, const Target &target,
                  llvm::ArrayRef<const IsaLevel *> levels,
                  llvm::ArrayRef<char> weights, llvm::LLVMContext &context);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_OBJECT_ENTRYPOINTS_H
