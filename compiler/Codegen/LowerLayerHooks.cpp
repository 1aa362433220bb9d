// Hands the caller's call to the hooks of the layers, and returns where they
// say so.
#include "compiler/Codegen/Passes.h"

namespace mobileone {
#define GEN_PASS_DEF_MOBILEONELOWERLAYERHOOKSPASS
#include "compiler/Codegen/Passes.h.inc"
} // namespace mobileone

using namespace mlir;

namespace {

struct LowerLayerHooksPass
    : mobileone::impl::MobileOneLowerLayerHooksPassBase<LowerLayerHooksPass> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (function.isPublic() && failed(lower(function)))
        return signalPassFailure();
  }

  LogicalResult lower(func::FuncOp network);
  /// The hook with the call as its first argument and `results`.
  void declare(func::CallOp hook, TypeRange results);
};

} // namespace

void LowerLayerHooksPass::declare(func::CallOp hook, TypeRange results) {
  auto function = getOperation().lookupSymbol<func::FuncOp>(hook.getCallee());
  SmallVector<Type> arguments{LLVM::LLVMPointerType::get(&getContext())};
  llvm::append_range(arguments, hook.getOperandTypes());
  function.setFunctionType(
      FunctionType::get(&getContext(), arguments, results));
}

LogicalResult LowerLayerHooksPass::lower(func::FuncOp network) {
  if (!network.getBody().hasOneBlock() || network.getNumResults())
    return network.emitOpError(
        "expects a straight line of calls without results");
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
        return op.getCallee() == "begin_layer" || op.getCallee() == "end_layer";
      }));
  auto end = cast<func::ReturnOp>(network.getBody().front().getTerminator());
  builder.setInsertionPoint(end);
  end->setOperands(
      arith::ConstantIntOp::create(builder, end.getLoc(), status, 0)
          ->getResults());

  for (func::CallOp hook : hooks) {
    Location loc = hook.getLoc();
    bool canStop = hook.getCallee() == "end_layer";
    TypeRange results = canStop ? TypeRange(status) : TypeRange();
    declare(hook, results);
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
