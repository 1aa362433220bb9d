// What the stages of a compile find out and make, for those behind them.
#ifndef MOBILEONE_COMPILER_DRIVER_COMPILEDNETWORK_H
#define MOBILEONE_COMPILER_DRIVER_COMPILEDNETWORK_H

#include "compiler/Driver/CompileRequest.h"
#include "compiler/Object/ModelInfo.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

namespace mobileone {

/// A network on its way to machine code.
struct CompiledNetwork {
  std::string prefix;
  ModelInfo model;
  uint64_t arenaBytes = 0, workerBytes = 0; // the most that a level needs
  llvm::LLVMContext context;
  llvm::SmallVector<std::unique_ptr<llvm::Module>> code; // of each level
  std::string object; // what an archive or a library holds, too
};

/// Links the code of all levels, which is consumed, and appends what
/// `request.emit` names: LLVM IR, assembly, or an object with header and JSON;
/// and what of these `request.saveTemps` asks for. `module` is linalg on
/// tensors.
mlir::LogicalResult makeCode(CompiledNetwork &network, mlir::ModuleOp module,
                             const CompileRequest &request,
                             std::vector<Artifact> &artifacts);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_DRIVER_COMPILEDNETWORK_H
