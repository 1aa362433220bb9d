// Reads checkpoints and IR.
#include "compiler/Driver/Load.h"

#include "compiler/Import/FillWeights.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;
using namespace mobileone;

OwningOpRef<ModuleOp>
mobileone::load(std::unique_ptr<llvm::MemoryBuffer> input,
                const ImportOptions &options, StringRef tensors,
                const std::shared_ptr<llvm::SourceMgr> &sources,
                MLIRContext *context) {
  if (isCheckpoint(input->getBuffer()))
    return importCheckpoint(std::move(input), options, context);
  sources->AddNewSourceBuffer(std::move(input), llvm::SMLoc());
  if (tensors.empty())
    return parseSourceFile<ModuleOp>(sources, ParserConfig(context));
  // Weights without data are none.
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(
      sources, ParserConfig(context, /*verifyAfterParse=*/false));
  if (!module || failed(fillWeights(*module, tensors)) ||
      failed(verify(*module)))
    return nullptr;
  return module;
}
