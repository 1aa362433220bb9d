// Orders of passes, one function per stage.
#include "compiler/Pipelines/Pipelines.h"

#include "compiler/Codegen/Passes.h"
#include "compiler/Conversion/Passes.h"
#include "compiler/Planning/Passes.h"
#include "compiler/Schedule/Passes.h"
#include "dialect/Transforms/Passes.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mobileone;

void mobileone::buildReparameterizePipeline(OpPassManager &pm) {
  pm.addNestedPass<func::FuncOp>(createMobileOneReparameterizePass());
}

void mobileone::buildPlanPipeline(OpPassManager &pm,
                                  const LinalgPipelineOptions &options) {
  MobileOnePlanPassOptions plan;
  plan.keepResults = options.instrument == Instrument::Tensors;
  pm.addNestedPass<func::FuncOp>(createMobileOnePlanPass(plan));
}

void mobileone::buildLinalgPipeline(OpPassManager &pm,
                                    const LinalgPipelineOptions &options) {
  ConvertMobileOneToLinalgPassOptions convert;
  convert.instrument = options.instrument;
  pm.addPass(createConvertMobileOneToLinalgPass(convert));
}

void mobileone::buildCodegenPipeline(OpPassManager &pm,
                                     const CodegenPipelineOptions &options) {
  MobileOneScheduleKernelsPassOptions schedule;
  schedule.isa = options.isa;
  schedule.file = options.schedule;
  schedule.algorithm = options.algorithm;
  schedule.printSchedule = options.printSchedule;
  pm.addPass(createMobileOneScheduleKernelsPass(schedule));
  pm.addPass(createMobileOneSplitKernelsPass());
  pm.addPass(createMobileOneExpandStrassenPass());
  pm.addPass(options.weights ? createMobileOneMergeWeightsPass(*options.weights)
                             : createMobileOneMergeWeightsPass());
  MobileOneVectorizeKernelsPassOptions vectorize;
  vectorize.isa = options.isa;
  pm.addNestedPass<func::FuncOp>(
      createMobileOneVectorizeKernelsPass(vectorize));
  pm.addNestedPass<func::FuncOp>(createCanonicalizerPass());
  pm.addNestedPass<func::FuncOp>(createCSEPass());

  bufferization::OneShotBufferizePassOptions bufferize;
  bufferize.bufferizeFunctionBoundaries = true;
  bufferize.functionBoundaryTypeConversion =
      bufferization::LayoutMapOption::IdentityLayoutMap;
  pm.addPass(bufferization::createOneShotBufferizePass(bufferize));
  // Only loops that carry no buffers show that a kernel returns its argument:
  // those of a product that a kernel calls first, then the kernel's own.
  for (int i = 0; i != 2; ++i) {
    pm.addPass(createCanonicalizerPass());
    pm.addPass(bufferization::createDropEquivalentBufferResultsPass());
  }
  // A second canonicalization finds the copies onto themselves that CSE shows.
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createCanonicalizerPass());

  MobileOnePlanArenaPassOptions arena;
  arena.printPlan = options.printMemoryPlan;
  pm.addPass(createMobileOnePlanArenaPass(arena));
  // What kernels still allocate are a few lanes of a reduction.
  pm.addNestedPass<func::FuncOp>(
      bufferization::createPromoteBuffersToStackPass());
  pm.addPass(createMobileOneVerifyCodegenPass());
}

void mobileone::buildLLVMPipeline(OpPassManager &pm) {
  pm.addPass(createMobileOneLowerWeightsPass());
  pm.addPass(createMobileOneLowerLayerHooksPass());
  pm.addNestedPass<func::FuncOp>(createMobileOneLowerVectorsPass());
  pm.addNestedPass<func::FuncOp>(memref::createExpandStridedMetadataPass());
  pm.addNestedPass<func::FuncOp>(createLowerAffinePass());
  pm.addNestedPass<func::FuncOp>(createCSEPass());
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(createConvertVectorToLLVMPass());
  ConvertFuncToLLVMPassOptions func;
  func.useBarePtrCallConv = true;
  pm.addPass(createConvertFuncToLLVMPass(func));
  pm.addPass(createConvertToLLVMPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  pm.addPass(createMobileOneLowerOutputsPass());
  pm.addPass(createMobileOneLowerSharedCallsPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

/// What the pipelines are made of, beside our own passes, so that each can be
/// run alone and a crash reproducer can be read.
static void registerUpstreamPasses() {
  registerTransformsPasses();
  bufferization::registerDropEquivalentBufferResultsPass();
  bufferization::registerOneShotBufferizePass();
  bufferization::registerPromoteBuffersToStackPass();
  memref::registerExpandStridedMetadataPass();
  registerConvertFuncToLLVMPass();
  registerConvertToLLVMPass();
  registerConvertVectorToLLVMPass();
  registerLowerAffinePass();
  registerReconcileUnrealizedCastsPass();
  registerSCFToControlFlowPass();
}

void mobileone::registerPipelines() {
  registerUpstreamPasses();
  PassPipelineRegistration<>("mobileone-reparameterize-pipeline",
                             "Train-time IR to single-branch IR",
                             buildReparameterizePipeline);
  PassPipelineRegistration<LinalgPipelineOptions>(
      "mobileone-plan-pipeline", "Single-branch IR with its plan",
      buildPlanPipeline);
  PassPipelineRegistration<LinalgPipelineOptions>(
      "mobileone-linalg-pipeline", "Planned IR to linalg kernels on tensors",
      buildLinalgPipeline);
  PassPipelineRegistration<CodegenPipelineOptions>(
      "mobileone-codegen-pipeline",
      "Linalg kernels to vector loops on one arena", buildCodegenPipeline);
  PassPipelineRegistration<>("mobileone-llvm-pipeline",
                             "Vector loops to the LLVM dialect",
                             buildLLVMPipeline);
}
