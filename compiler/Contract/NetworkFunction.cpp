// Checks of a network's function and of the hooks that it calls.
#include "compiler/Contract/NetworkFunction.h"

using namespace mlir;
using namespace mobileone;

LogicalResult mobileone::verifyHookNames(ModuleOp module) {
  for (StringRef name : {kBeginLayer.name, kEndLayer.name}) {
    Operation *symbol = module.lookupSymbol(name);
    auto function = dyn_cast_or_null<func::FuncOp>(symbol);
    if (symbol && !(function && function.isDeclaration()))
      return symbol->emitOpError("expects another name than ")
             << name << ", which the hook of a layer has";
  }
  return success();
}

FailureOr<SymbolTable::UseRange> mobileone::findUses(func::FuncOp function,
                                                     ModuleOp module) {
  std::optional<SymbolTable::UseRange> uses =
      SymbolTable::getSymbolUses(function, module);
  if (!uses)
    return function.emitOpError(
        "expects a module of known ops, to find who calls it");
  return std::move(*uses);
}

LogicalResult mobileone::verifyStraightLine(func::FuncOp network) {
  if (!network.getBody().hasOneBlock() ||
      !isa<func::ReturnOp>(network.getBody().front().back()))
    return network.emitOpError("expects a straight line of calls");
  auto uses = findUses(network, network->getParentOfType<ModuleOp>());
  if (failed(uses))
    return failure();
  if (!uses->empty())
    return uses->begin()->getUser()->emitOpError(
               "expects no use of the network, but got ")
           << uses->begin()->getSymbolRef();
  return success();
}
