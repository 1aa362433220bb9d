// The compiler driver: an ordinary -opt tool on IR.
#include "compiler/Codegen/Passes.h"
#include "compiler/Conversion/Passes.h"
#include "compiler/Pipelines/Pipelines.h"
#include "dialect/IR/MobileOneOps.h"
#include "dialect/Transforms/Passes.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registry.insert<mobileone::MobileOneDialect>();
  mlir::registerAllPasses();
  mobileone::registerMobileOneTransformsPasses();
  mobileone::registerMobileOneConversionPasses();
  mobileone::registerMobileOneCodegenPasses();
  mobileone::registerPipelines();
  return mlir::asMainReturnCode(mlir::MlirOptMain(
      argc, argv, "MobileOne compiler\n", registry));
}
