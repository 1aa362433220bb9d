// Hands the network its weights, wherever they are at run time.
#include "compiler/Codegen/Passes.h"
#include "compiler/Contract/Prototype.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace mobileone {
#define GEN_PASS_DEF_MOBILEONELOWERWEIGHTSPASS
#include "compiler/Codegen/Passes.h.inc"
} // namespace mobileone

using namespace mlir;
using namespace mobileone;

// Each pass appends what it knows.
static_assert(kWeightsArgument == kArenaArgument + 1 &&
                  kWeightsArgument + 1 == kImageArgument,
              "expects the weights between the arena and the image");

namespace {

struct LowerWeightsPass
    : mobileone::impl::MobileOneLowerWeightsPassBase<LowerWeightsPass> {
  void runOnOperation() override {
    auto globals = llvm::to_vector(getOperation().getOps<memref::GlobalOp>());
    if (globals.size() > 1) {
      globals[1].emitOpError("expects all weights in one global");
      return signalPassFailure();
    }
    auto type = globals.empty()
                    ? MemRefType::get(0, IntegerType::get(&getContext(), 8))
                    : globals.front().getType();
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (function.isPublic() && !function.isDeclaration() &&
          failed(lower(function, type)))
        return signalPassFailure();
    if (globals.empty())
      return;
    WalkResult others = getOperation().walk([](memref::GetGlobalOp use) {
      use.emitOpError("expects only the network to use the weights");
      return WalkResult::interrupt();
    });
    if (others.wasInterrupted())
      return signalPassFailure();
    globals.front().erase();
  }

  /// Puts a last argument of `type` in the place of the global.
  LogicalResult lower(func::FuncOp network, MemRefType type) {
    if (failed(network.insertArgument(network.getNumArguments(), type, {},
                                      network.getLoc())))
      return failure();
    for (auto use :
         llvm::make_early_inc_range(network.getOps<memref::GetGlobalOp>())) {
      use.replaceAllUsesWith(network.getArguments().back());
      use.erase();
    }
    return success();
  }
};

} // namespace
