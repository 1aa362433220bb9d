// Hands the kernels that workers can share to the entry points of the object.
#include "compiler/Codegen/BufferAlignment.h"
#include "compiler/Codegen/Passes.h"
#include "compiler/Codegen/Schedule.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "llvm/Support/MathExtras.h"

namespace mobileone {
#define GEN_PASS_DEF_MOBILEONELOWERSHAREDCALLSPASS
#include "compiler/Codegen/Passes.h.inc"
} // namespace mobileone

using namespace mlir;
using namespace mobileone;

namespace {

struct LowerSharedCallsPass
    : mobileone::impl::MobileOneLowerSharedCallsPassBase<LowerSharedCallsPass> {
  void runOnOperation() override {
    SmallVector<LLVM::LLVMFuncOp> networks;
    for (auto function : getOperation().getOps<LLVM::LLVMFuncOp>())
      if (function.getSymVisibility() != "private")
        networks.push_back(function);
    for (LLVM::LLVMFuncOp network : networks)
      lower(network);
    // The translation to LLVM IR knows none of these.
    for (auto function : getOperation().getOps<LLVM::LLVMFuncOp>())
      for (unsigned i = 0; i != function.getNumArguments(); ++i) {
        function.removeArgAttr(i, kShareBytesAttr);
        function.removeArgAttr(i, kWorkerBytesAttr);
      }
  }

  void lower(LLVM::LLVMFuncOp network);
  LLVM::LLVMFuncOp declareRunParts();
  /// `kernel` under the type that all have for the entry points,
  /// `part_function` of compiler/Target/Workers.h.
  LLVM::LLVMFuncOp getOrCreatePart(LLVM::LLVMFuncOp kernel);
};

/// Buffers of a kernel that a worker or a share needs for itself, as offsets in
/// its block; none for all other arguments. Those of shares come first: so two
/// kernels that hand one on agree on its place.
struct BlockLayout {
  SmallVector<std::optional<int64_t>> ofShare, ofWorker;
  int64_t size = 0;

  explicit BlockLayout(LLVM::LLVMFuncOp kernel) {
    place(kernel, kShareBytesAttr, ofShare);
    place(kernel, kWorkerBytesAttr, ofWorker);
  }

private:
  void place(LLVM::LLVMFuncOp kernel, StringRef attr,
             SmallVectorImpl<std::optional<int64_t>> &offsets) {
    for (unsigned i = 0; i != kernel.getNumArguments(); ++i) {
      offsets.emplace_back();
      if (auto bytes = kernel.getArgAttrOfType<IntegerAttr>(i, attr)) {
        offsets.back() = size;
        size += llvm::alignTo(bytes.getInt(), kBufferAlignment);
      }
    }
  }
};

} // namespace

/// The address of `base`[`index`].
static Value getAddress(ImplicitLocOpBuilder &b, Value base, Type element,
                        int64_t index) {
  return LLVM::GEPOp::create(
      b, base.getType(), element, base,
      ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(index)});
}

LLVM::LLVMFuncOp LowerSharedCallsPass::declareRunParts() {
  constexpr StringLiteral name = "run_parts";
  if (auto function = getOperation().lookupSymbol<LLVM::LLVMFuncOp>(name))
    return function;
  auto b = ImplicitLocOpBuilder::atBlockBegin(getOperation().getLoc(),
                                              getOperation().getBody());
  Type pointer = b.getType<LLVM::LLVMPointerType>();
  auto function = LLVM::LLVMFuncOp::create(
      b, name,
      LLVM::LLVMFunctionType::get(
          b.getType<LLVM::LLVMVoidType>(),
          {pointer, pointer, pointer, b.getI64Type(), b.getI32Type()}));
  function.setSymVisibility("private");
  return function;
}

LLVM::LLVMFuncOp
LowerSharedCallsPass::getOrCreatePart(LLVM::LLVMFuncOp kernel) {
  std::string name = (kernel.getName() + ".part").str();
  if (auto part = getOperation().lookupSymbol<LLVM::LLVMFuncOp>(name))
    return part;
  ImplicitLocOpBuilder b(kernel.getLoc(), &getContext());
  b.setInsertionPointAfter(kernel);
  Type pointer = b.getType<LLVM::LLVMPointerType>();
  auto part = LLVM::LLVMFuncOp::create(
      b, name,
      LLVM::LLVMFunctionType::get(
          b.getType<LLVM::LLVMVoidType>(),
          {pointer, b.getI64Type(), b.getI64Type(), pointer, pointer}));
  part.setSymVisibility("private");
  b.setInsertionPointToStart(part.addEntryBlock(b));
  Value operands = part.getArgument(0), workerBlock = part.getArgument(3),
        shareBlock = part.getArgument(4);
  Value null = LLVM::ZeroOp::create(b, pointer);

  BlockLayout layout(kernel);
  SmallVector<Value> arguments;
  for (unsigned i = 0; i + 2 != kernel.getNumArguments(); ++i) {
    // A number lies among the pointers: it is as wide.
    Value argument =
        LLVM::LoadOp::create(b, kernel.getFunctionType().getParamType(i),
                             getAddress(b, operands, pointer, i));
    for (auto [block, offset] : {std::pair(shareBlock, layout.ofShare[i]),
                                 std::pair(workerBlock, layout.ofWorker[i])}) {
      if (!offset)
        continue;
      Value isNull =
          LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::eq, block, null);
      argument = LLVM::SelectOp::create(
          b, isNull, argument, getAddress(b, block, b.getI8Type(), *offset));
    }
    arguments.push_back(argument);
  }
  llvm::append_range(arguments, part.getArguments().slice(1, 2));
  LLVM::CallOp::create(b, kernel, arguments);
  LLVM::ReturnOp::create(b, ValueRange());
  return part;
}

void LowerSharedCallsPass::lower(LLVM::LLVMFuncOp network) {
  SmallVector<std::pair<LLVM::CallOp, LLVM::LLVMFuncOp>> calls;
  unsigned mostOperands = 0;
  network.walk([&](LLVM::CallOp call) {
    std::optional<StringRef> callee = call.getCallee();
    auto kernel = callee
                      ? getOperation().lookupSymbol<LLVM::LLVMFuncOp>(*callee)
                      : LLVM::LLVMFuncOp();
    if (!kernel || !kernel->hasAttr(kUnitsAttr))
      return;
    calls.push_back({call, kernel});
    mostOperands = std::max(mostOperands, kernel.getNumArguments() - 2);
  });

  auto b = ImplicitLocOpBuilder::atBlockBegin(network.getLoc(),
                                              &network.getBody().front());
  Type pointer = b.getType<LLVM::LLVMPointerType>();
  Value operands;
  if (!calls.empty())
    operands = LLVM::AllocaOp::create(
        b, pointer, pointer,
        LLVM::ConstantOp::create(b, b.getI64IntegerAttr(mostOperands)));
  int64_t workerBytes = 0;
  for (auto [call, kernel] : calls) {
    b.setInsertionPoint(call);
    b.setLoc(call.getLoc());
    for (auto [i, operand] :
         llvm::enumerate(call.getArgOperands().drop_back(2)))
      LLVM::StoreOp::create(b, operand, getAddress(b, operands, pointer, i));
    BlockLayout layout(kernel);
    workerBytes = std::max(workerBytes, layout.size);
    // A buffer for each share is there once for each worker.
    bool hasBufferPerShare = llvm::any_of(
        layout.ofShare, [](auto &offset) { return offset.has_value(); });
    Value part = LLVM::AddressOfOp::create(b, getOrCreatePart(kernel));
    Value perWorker = LLVM::ConstantOp::create(
        b, b.getI32IntegerAttr(hasBufferPerShare ? 1 : kSharesPerWorker));
    LLVM::CallOp::create(b, declareRunParts(),
                         ValueRange{network.getArguments().back(), part,
                                    operands, call.getArgOperands().back(),
                                    perWorker});
    call.erase();
  }
  network->setAttr(kWorkerBytesAttr, b.getIndexAttr(workerBytes));
}
