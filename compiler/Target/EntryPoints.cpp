// Puts the exported functions around a compiled network.
#include "compiler/Target/EntryPointsX86.h"
#include "compiler/Target/Object.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;
using namespace mobileone;

/// Gives the constant `name` of the entry points its value.
static void setConstant(ModuleOp module, StringRef name, int64_t value) {
  auto global = module.lookupSymbol<LLVM::GlobalOp>(name);
  global.setValueAttr(IntegerAttr::get(global.getGlobalType(), value));
}

LogicalResult mobileone::addEntryPoints(ModuleOp module,
                                        const ModelInfo &model) {
  MLIRContext *context = module.getContext();
  LLVM::LLVMFuncOp network;
  for (auto function : module.getOps<LLVM::LLVMFuncOp>()) {
    if (function.getSymVisibility() == "private")
      continue;
    if (network)
      return function.emitOpError("expects one network per module");
    network = function;
  }
  if (!network)
    return module.emitError("expects a network");
  if (failed(SymbolTable(module).rename(network, "network")))
    return failure();
  network.setLinkage(LLVM::Linkage::Internal);

  OwningOpRef<ModuleOp> entry =
      parseSourceString<ModuleOp>(kEntryPointsX86, context, "EntryPointsX86");
  assert(entry && "the entry points are part of the compiler");
  entry->lookupSymbol("network")->erase();
  unsigned levels = model.info.isa_levels;
  setConstant(*entry, "level_needed", llvm::Log2_32(levels));
  setConstant(*entry, "input_mask",
              model.info.input_layout == MOBILEONE_U8_NHWC ? 0 : 3);
  setConstant(*entry, "arena_size",
              static_cast<int64_t>(model.info.arena_bytes));
  std::vector<char> bytes = model.serialize();
  auto info = entry->lookupSymbol<LLVM::GlobalOp>("model_info");
  Type i8 = IntegerType::get(context, 8);
  auto size = static_cast<int64_t>(bytes.size());
  info.setGlobalType(LLVM::LLVMArrayType::get(i8, size));
  info.setValueAttr(DenseElementsAttr::getFromRawBuffer(
      RankedTensorType::get(size, i8), bytes));

  Block *body = module.getBody();
  body->getOperations().splice(body->end(), entry->getBody()->getOperations());
  return success();
}
