// Reads checkpoints and IR.
#include "compiler/Driver/Load.h"

#include "mlir/Parser/Parser.h"

using namespace mlir;
using namespace mobileone;

OwningOpRef<ModuleOp> mobileone::load(
    std::unique_ptr<llvm::MemoryBuffer> input, const ImportOptions &options,
    const std::shared_ptr<llvm::SourceMgr> &sources, MLIRContext *context) {
  if (isCheckpoint(input->getBuffer()))
    return importCheckpoint(std::move(input), options, context);
  sources->AddNewSourceBuffer(std::move(input), llvm::SMLoc());
  return parseSourceFile<ModuleOp>(sources, ParserConfig(context));
}
