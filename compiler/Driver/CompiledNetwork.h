// What the stages of a compile find out and make, for those behind them.
#ifndef MOBILEONE_COMPILER_DRIVER_COMPILEDNETWORK_H
#define MOBILEONE_COMPILER_DRIVER_COMPILEDNETWORK_H

#include "compiler/Codegen/WeightPool.h"
#include "compiler/Driver/CompileRequest.h"
#include "compiler/Object/ModelInfo.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

namespace mobileone {

/// A network on its way to machine code.
struct CompiledNetwork {
  std::string prefix;
  ModelInfo model;
  uint64_t arenaBytes = 0, workerBytes = 0; // the most that a code needs
  llvm::LLVMContext context;
  llvm::SmallVector<std::unique_ptr<llvm::Module>> code; // of sizes and levels
  WeightPool weights;                                    // of all code
  uint64_t classicalBytes = 0; // what they would be without sums
  std::string object;          // what an archive or a library holds, too
};

/// Describes `forms`, the single-branch networks for all image sizes, in
/// `network`. Where code is made they get the name that it has.
mlir::LogicalResult describeNetworks(llvm::ArrayRef<mlir::ModuleOp> forms,
                                     const CompileRequest &request,
                                     CompiledNetwork &network);

/// Bytes that the weights of `forms`, linalg on tensors, take without sums for
/// Strassen's algorithm, each of them once.
uint64_t countWeightBytes(llvm::ArrayRef<mlir::ModuleOp> forms);

/// Notes in `model` how the layers of a network are computed, of which `vector`
/// is the code for its last level so far, and in `info` the most bytes that
/// takes.
void describeAlgorithms(mlir::ModuleOp vector, ModelInfo &model,
                        mobileone_model_info &info);

/// Links the code of all sizes and levels, which is consumed, and appends what
/// `request.emit` names: LLVM IR, assembly, or an object with header and JSON;
/// and what of these `request.saveTemps` asks for. Errors are at `loc`.
mlir::LogicalResult makeCode(CompiledNetwork &network, mlir::Location loc,
                             const CompileRequest &request,
                             std::vector<Artifact> &artifacts);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_DRIVER_COMPILEDNETWORK_H
