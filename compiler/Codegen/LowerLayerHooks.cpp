// Hands the caller's call to the hooks of the layers, and returns where they
// say so.
#include "compiler/Codegen/Passes.h"
#include "compiler/Conversion/MobileOneToLinalg/NetworkFunction.h"

namespace mobileone {
#define GEN_PASS_DEF_MOBILEONELOWERLAYERHOOKSPASS
#include "compiler/Codegen/Passes.h.inc"
} // namespace mobileone

using namespace mlir;
using namespace mobileone;

namespace {

struct LowerLayerHooksPass
    : mobileone::impl::MobileOneLowerLayerHooksPassBase<LowerLayerHooksPass> {
  void runOnOperation() override {
    if (failed(verifyHookNames(getOperation())) ||
        failed(declare(kBeginLayer, /*canStop=*/false)) ||
        failed(declare(kEndLayer, /*canStop=*/true)))
      return signalPassFailure();
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (function.isPublic() && failed(lower(function)))
        return signalPassFailure();
  }

  /// Gives the hook the call as its first argument and, where the network can
  /// stop, a status.
  LogicalResult declare(StringRef name, bool canStop);
  LogicalResult lower(func::FuncOp network);
};

} // namespace

LogicalResult LowerLayerHooksPass::declare(StringRef name, bool canStop) {
  auto hook = getOperation().lookupSymbol<func::FuncOp>(name);
  if (!hook)
    return success();
  if (hook.getNumResults() || hook.getArgAttrsAttr())
    return hook.emitOpError("expects a hook without results and attributes of "
                            "arguments");
  auto uses = findUses(hook, getOperation());
  if (failed(uses))
    return failure();
  for (const SymbolTable::SymbolUse &use : *uses) {
    Operation *user = use.getUser();
    auto function = dyn_cast<func::FuncOp>(user->getParentOp());
    if (!isa<func::CallOp>(user) || !function || !function.isPublic())
      return user->emitOpError("expects only the network to call a hook");
  }
  SmallVector<Type> arguments{LLVM::LLVMPointerType::get(&getContext())};
  llvm::append_range(arguments, hook.getArgumentTypes());
  SmallVector<Type> results;
  if (canStop)
    results.push_back(IntegerType::get(&getContext(), 32));
  hook.setFunctionType(FunctionType::get(&getContext(), arguments, results));
  return success();
}

LogicalResult LowerLayerHooksPass::lower(func::FuncOp network) {
  if (failed(verifyStraightLine(network)))
    return failure();
  if (network.getNumResults())
    return network.emitOpError("expects a network without results");
  auto end = cast<func::ReturnOp>(network.getBody().front().back());
  OpBuilder builder(&getContext());
  Type status = builder.getI32Type();
  if (failed(network.insertArgument(network.getNumArguments(),
                                    LLVM::LLVMPointerType::get(&getContext()),
                                    {}, network.getLoc())) ||
      failed(network.insertResult(0, status, {})))
    return failure();
  Value call = network.getArguments().back();
  auto hooks = llvm::to_vector(llvm::make_filter_range(
      network.getOps<func::CallOp>(), [](func::CallOp op) {
        return op.getCallee() == kBeginLayer || op.getCallee() == kEndLayer;
      }));
  builder.setInsertionPoint(end);
  end->setOperands(
      arith::ConstantIntOp::create(builder, end.getLoc(), status, 0)
          ->getResults());

  for (func::CallOp hook : hooks) {
    Location loc = hook.getLoc();
    bool canStop = hook.getCallee() == kEndLayer;
    TypeRange results = canStop ? TypeRange(status) : TypeRange();
    SmallVector<Value> operands{call};
    llvm::append_range(operands, hook.getOperands());
    builder.setInsertionPoint(hook);
    auto replaced =
        func::CallOp::create(builder, loc, hook.getCallee(), results, operands);
    hook.erase();
    if (!canStop)
      continue;

    Block *before = replaced->getBlock();
    Block *after = before->splitBlock(std::next(Block::iterator(replaced)));
    Block *stop = builder.createBlock(after);
    func::ReturnOp::create(builder, loc, replaced.getResults());
    builder.setInsertionPointToEnd(before);
    Value zero = arith::ConstantIntOp::create(builder, loc, status, 0);
    Value goesOn = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq,
                                         replaced.getResult(0), zero);
    cf::CondBranchOp::create(builder, loc, goesOn, after, ValueRange(), stop,
                             ValueRange());
  }
  return success();
}
