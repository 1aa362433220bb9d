// Hands the network one table of buffers for its outputs.
#include "compiler/Codegen/Passes.h"
#include "compiler/Contract/Prototype.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mobileone {
#define GEN_PASS_DEF_MOBILEONELOWEROUTPUTSPASS
#include "compiler/Codegen/Passes.h.inc"
} // namespace mobileone

using namespace mlir;
using namespace mobileone;

/// How many outputs `network` has: arguments that the contract has no place for
/// stand for the table.
static FailureOr<unsigned> countOutputs(LLVM::LLVMFuncOp network) {
  unsigned arguments = network.getNumArguments();
  if (arguments < kNetworkArguments)
    return network.emitOpError("expects at least ")
           << kNetworkArguments << " arguments of a network, but got "
           << network.getFunctionType();
  unsigned outputs = arguments - kNetworkArguments + 1;
  for (unsigned i = 0; i != outputs; ++i)
    if (!isa<LLVM::LLVMPointerType>(
            network.getArgumentTypes()[kOutputsArgument + i]))
      return network.emitOpError("expects ")
             << outputs << " outputs from argument " << kOutputsArgument
             << " on, but got " << network.getFunctionType();
  return outputs;
}

namespace {

struct LowerOutputsPass
    : mobileone::impl::MobileOneLowerOutputsPassBase<LowerOutputsPass> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<LLVM::LLVMFuncOp>())
      if (function.getSymVisibility() != "private" && !function.isExternal() &&
          failed(lower(function)))
        return signalPassFailure();
  }

  LogicalResult lower(LLVM::LLVMFuncOp network) {
    FailureOr<unsigned> outputs = countOutputs(network);
    if (failed(outputs))
      return failure();
    auto b = ImplicitLocOpBuilder::atBlockBegin(network.getLoc(),
                                                &network.getBody().front());
    auto pointer = b.getType<LLVM::LLVMPointerType>();
    if (failed(network.insertArgument(kOutputsArgument, pointer, {},
                                      network.getLoc())))
      return failure();
    Value table = network.getArgument(kOutputsArgument);
    for (unsigned i = 0; i != *outputs; ++i) {
      Value place =
          LLVM::GEPOp::create(b, pointer, pointer, table,
                              ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(i)});
      network.getArgument(kOutputsArgument + 1)
          .replaceAllUsesWith(LLVM::LoadOp::create(b, pointer, place));
      if (failed(network.eraseArgument(kOutputsArgument + 1)))
        return failure();
    }
    return success();
  }
};

} // namespace
