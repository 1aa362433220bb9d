// What an object tells of itself, collected from the single-branch network.
#ifndef MOBILEONE_COMPILER_OBJECT_MODELINFO_H
#define MOBILEONE_COMPILER_OBJECT_MODELINFO_H

#include "compiler/Machine/Target.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "runtime/mobileone.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace mobileone {

/// Version of this compiler, as in P_info.
llvm::StringRef getToolVersion();

/// What an object is made from. Objects of one interface differ in it.
struct Origin {
  std::string source; // name of the checkpoint or of IR
  std::string sha256; // of its bytes
  std::string flags;  // that matter
};

/// The facts behind P_info(), the header and the JSON file.
struct ModelInfo {
  mobileone_model_info info = {};
  std::vector<mobileone_layer_info> layers;
  std::vector<mobileone_output_info> outputs;
  /// Images per call that the header gives sizes for, beside those of P_run.
  std::vector<uint32_t> otherBatches;
  /// The same network for other image sizes, which have none themselves.
  std::vector<ModelInfo> otherSizes;

  /// This one and those of the other sizes.
  llvm::SmallVector<const ModelInfo *> getSizes() const;

  /// What P_arena_bytes(batch, 1) returns, see compiler/Object/EntryPoints.c.
  uint64_t getArenaBytes(uint32_t batch) const;

  /// Of the input, as --input and --channels take them.
  llvm::StringRef getLayoutName() const;
  llvm::StringRef getOrderName() const;
  /// A number for each channel; empty where no normalization is known.
  llvm::ArrayRef<float> getMean() const;
  llvm::ArrayRef<float> getStd() const;
  /// Whether there is a P_run().
  bool hasSimpleRun() const {
    return outputs.size() == 1 && !info.external_weights;
  }

  /// The bytes that P_info() points to: of each size `info`, then the tables of
  /// layers and outputs.
  std::vector<char> serialize() const;
  /// "<hash>" of P_run_abi_<hash>: changes with everything a caller relies on.
  std::string getInterfaceHash() const;
};

/// An error unless `prefix` can begin the names of an object's functions.
llvm::Error checkPrefix(llvm::StringRef prefix);

/// The network of a module to compile: its one function, public and with a
/// body, beside which nothing else stands. An error otherwise.
mlir::FailureOr<mlir::func::FuncOp> findNetwork(mlir::ModuleOp module);

/// Describes `network`, a function of single-branch `mobileone` ops.
mlir::FailureOr<ModelInfo> describeNetwork(mlir::func::FuncOp network);

/// NAME.weights begins with it.
inline constexpr llvm::StringLiteral kWeightsMark = "MobileOneWeights";

/// The content of NAME.weights: its head (runtime/mobileone.h), then `weights`.
std::string formatWeights(const ModelInfo &model, llvm::ArrayRef<char> weights);

/// Adds what is known only after code generation for all sizes and `levels`.
void describeObject(ModelInfo &model, const Target &target,
                    llvm::ArrayRef<const IsaLevel *> levels,
                    uint64_t arenaBytes, uint64_t workerBytes,
                    llvm::ArrayRef<char> weights);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_OBJECT_MODELINFO_H
