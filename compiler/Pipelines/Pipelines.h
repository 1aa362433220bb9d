// The stages of the compiler: the only place that knows the order of passes.
#ifndef MOBILEONE_COMPILER_PIPELINES_PIPELINES_H
#define MOBILEONE_COMPILER_PIPELINES_PIPELINES_H

#include "compiler/Codegen/WeightPool.h"
#include "compiler/Conversion/Passes.h"
#include "compiler/Machine/Target.h"
#include "compiler/Schedule/Algorithm.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"

namespace mobileone {

struct LinalgPipelineOptions
    : mlir::PassPipelineOptions<LinalgPipelineOptions> {
  Option<Instrument> instrument{
      *this, "instrument",
      llvm::cl::desc("What the object tells of its layers while it runs."),
      llvm::cl::init(Instrument::None),
      llvm::cl::values(clEnumValN(Instrument::None, "none", "nothing"),
                       clEnumValN(Instrument::Layers, "layers",
                                  "beginning and end of each layer"),
                       clEnumValN(Instrument::Tensors, "tensors",
                                  "and each layer's result"))};
};

struct CodegenPipelineOptions
    : mlir::PassPipelineOptions<CodegenPipelineOptions> {
  Option<std::string> isa{*this, "isa",
                          llvm::cl::desc("ISA level to choose tiles for."),
                          llvm::cl::init(getDefaultLevel().name.str())};
  Option<std::string> schedule{
      *this, "schedule",
      llvm::cl::desc("File of schedules that go before the chosen ones.")};
  Option<Algorithm> algorithm{
      *this, "algorithm", llvm::cl::desc("How pointwise layers are computed."),
      llvm::cl::init(Algorithm::Auto), getAlgorithmValues()};
  Option<bool> printSchedule{
      *this, "print-schedule",
      llvm::cl::desc("Print each kernel's schedule to stderr."),
      llvm::cl::init(false)};
  Option<bool> printMemoryPlan{
      *this, "print-memory-plan",
      llvm::cl::desc("Print the plan of the arena to stderr."),
      llvm::cl::init(false)};
  /// Of an object whose code is that of several modules; none: of this module.
  WeightPool *weights = nullptr;
};

/// Train-time IR to single-branch IR.
void buildReparameterizePipeline(mlir::OpPassManager &pm);
/// Single-branch IR with what is decided about it.
void buildPlanPipeline(mlir::OpPassManager &pm,
                       const LinalgPipelineOptions &options);
/// Planned IR to linalg kernels on tensors.
void buildLinalgPipeline(mlir::OpPassManager &pm,
                         const LinalgPipelineOptions &options);
/// Linalg kernels to vector loops on one arena.
void buildCodegenPipeline(mlir::OpPassManager &pm,
                          const CodegenPipelineOptions &options);
/// Vector loops to the LLVM dialect.
void buildLLVMPipeline(mlir::OpPassManager &pm);

void registerPipelines();

} // namespace mobileone

#endif // MOBILEONE_COMPILER_PIPELINES_PIPELINES_H
