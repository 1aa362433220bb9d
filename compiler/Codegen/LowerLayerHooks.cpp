// Hands the caller's call to the hooks of the layers, and returns where they
// say so.
#include "compiler/Codegen/Passes.h"
#include "compiler/Contract/NetworkFunction.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

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
        failed(declare(kBeginLayer)) || failed(declare(kEndLayer)))
      return signalPassFailure();
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (function.isPublic() && failed(lower(function)))
        return signalPassFailure();
  }

  /// Gives the hook, if there is one, the type that it has in C.
  LogicalResult declare(const Prototype &prototype);
  LogicalResult lower(func::FuncOp network);
  void lower(func::CallOp hook, const Prototype &prototype, Value image);
};

} // namespace

// Each pass appends what it knows.
static_assert(kImageArgument + 1 ==
                  SignatureOf<NetworkFunction>::kArguments.size(),
              "expects the image as the last argument of a network");

LogicalResult LowerLayerHooksPass::declare(const Prototype &prototype) {
  auto hook = getOperation().lookupSymbol<func::FuncOp>(prototype.name);
  if (!hook)
    return success();
  auto uses = findUses(hook, getOperation());
  if (failed(uses))
    return failure();
  for (const SymbolTable::SymbolUse &use : *uses) {
    Operation *user = use.getUser();
    auto function = dyn_cast<func::FuncOp>(user->getParentOp());
    if (!isa<func::CallOp>(user) || !function || !function.isPublic())
      return user->emitOpError("expects only the network to call a hook");
  }
  FunctionType type = getFunctionType(prototype.signature, &getContext());
  // Until here an address is a number, and nobody knows of images.
  auto arguments =
      llvm::map_to_vector(type.getInputs().drop_front(), [](Type argument) {
        return isa<LLVM::LLVMPointerType>(argument)
                   ? IndexType::get(argument.getContext())
                   : argument;
      });
  if (auto before = FunctionType::get(&getContext(), arguments, {});
      hook.getFunctionType() != before)
    return hook.emitOpError("expects the type ")
           << before << " of the hook, but got " << hook.getFunctionType();
  if (hook.getArgAttrsAttr())
    return hook.emitOpError("expects no attributes of arguments, but got ")
           << hook.getArgAttrsAttr();
  hook.setFunctionType(type);
  return success();
}

LogicalResult LowerLayerHooksPass::lower(func::FuncOp network) {
  if (failed(verifyStraightLine(network)))
    return failure();
  if (network.getNumResults())
    return network.emitOpError("expects a network without results");
  auto end = cast<func::ReturnOp>(network.getBody().front().back());
  OpBuilder builder(&getContext());
  FunctionType type = getFunctionType(kNetwork.signature, &getContext());
  Type status = type.getResult(0);
  if (failed(network.insertArgument(network.getNumArguments(),
                                    type.getInput(kImageArgument), {},
                                    network.getLoc())) ||
      failed(network.insertResult(0, status, {})))
    return failure();
  Value image = network.getArguments().back();
  auto calls = llvm::to_vector(network.getOps<func::CallOp>());
  builder.setInsertionPoint(end);
  end->setOperands(
      arith::ConstantIntOp::create(builder, end.getLoc(), status, 0)
          ->getResults());

  for (func::CallOp call : calls)
    for (const Prototype &hook : {kBeginLayer, kEndLayer})
      if (call.getCallee() == hook.name)
        lower(call, hook, image);
  return success();
}

void LowerLayerHooksPass::lower(func::CallOp hook, const Prototype &prototype,
                                Value image) {
  FunctionType type = getFunctionType(prototype.signature, &getContext());
  ImplicitLocOpBuilder b(hook.getLoc(), hook);
  SmallVector<Value> operands{image};
  for (auto [operand, argument] :
       llvm::zip_equal(hook.getOperands(), type.getInputs().drop_front())) {
    operands.push_back(operand);
    if (isa<LLVM::LLVMPointerType>(argument))
      operands.back() = LLVM::IntToPtrOp::create(
          b, argument,
          arith::IndexCastOp::create(b, b.getI64Type(), operand).getResult());
  }
  auto call =
      func::CallOp::create(b, prototype.name, type.getResults(), operands);
  hook.erase();
  if (call.getNumResults() == 0)
    return;

  Value status = call.getResult(0);
  Block *before = call->getBlock();
  Block *after = before->splitBlock(std::next(Block::iterator(call)));
  Block *stop = b.createBlock(after);
  func::ReturnOp::create(b, status);
  b.setInsertionPointToEnd(before);
  Value zero = arith::ConstantIntOp::create(b, status.getType(), 0);
  Value goesOn =
      arith::CmpIOp::create(b, arith::CmpIPredicate::eq, status, zero);
  cf::CondBranchOp::create(b, goesOn, after, ValueRange(), stop, ValueRange());
}
