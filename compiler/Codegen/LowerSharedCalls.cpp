// Hands the kernels that workers can share to the entry points of the object.
#include "compiler/Codegen/BufferAlignment.h"
#include "compiler/Codegen/Passes.h"
#include "compiler/Contract/KernelFunction.h"
#include "compiler/Contract/Prototype.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "llvm/Support/MathExtras.h"

namespace mobileone {
#define GEN_PASS_DEF_MOBILEONELOWERSHAREDCALLSPASS
#include "compiler/Codegen/Passes.h.inc"
} // namespace mobileone

using namespace mlir;
using namespace mobileone;

static constexpr Prototype kRunParts = MOBILEONE_PROTOTYPE(run_parts);

/// Shares of a kernel for each worker: so many that one that comes late or is
/// interrupted leaves some to the others, and so few that each is worth taking.
static constexpr int64_t kSharesPerWorker = 3;

/// Checks what a function with `kUnitsAttr` promises, and the sizes of buffers.
static LogicalResult verifyKernel(LLVM::LLVMFuncOp kernel) {
  for (unsigned i = 0; i != kernel.getNumArguments(); ++i)
    for (StringRef name : {kShareBytesAttr, kWorkerBytesAttr})
      if (Attribute attr = kernel.getArgAttr(i, name)) {
        auto bytes = dyn_cast<IntegerAttr>(attr);
        // Sums of a few are far from an overflow.
        if (!bytes || !bytes.getType().isIndex() || bytes.getInt() < 0 ||
            bytes.getInt() > int64_t(1) << 47)
          return kernel.emitOpError("expects ")
                 << name << " to be a number of bytes, but got " << attr;
      }
  if (!kernel->hasAttr(kUnitsAttr))
    return success();
  LLVM::LLVMFunctionType type = kernel.getFunctionType();
  auto isWide = [](Type type) {
    return isa<LLVM::LLVMPointerType>(type) || type.isInteger(64);
  };
  ArrayRef<Type> arguments = type.getParams();
  if (type.isVarArg() || !isa<LLVM::LLVMVoidType>(type.getReturnType()) ||
      arguments.size() < 2 || !llvm::all_of(arguments, isWide) ||
      !arguments[arguments.size() - 1].isInteger(64) ||
      !arguments[arguments.size() - 2].isInteger(64))
    return kernel.emitOpError("expects a kernel of pointers and i64 whose last "
                              "two arguments are a range of units, but got ")
           << type;
  return success();
}

namespace {

struct LowerSharedCallsPass
    : mobileone::impl::MobileOneLowerSharedCallsPassBase<LowerSharedCallsPass> {
  void runOnOperation() override {
    if (failed(verifyRunParts()))
      return signalPassFailure();
    SmallVector<LLVM::LLVMFuncOp> networks;
    for (auto function : getOperation().getOps<LLVM::LLVMFuncOp>()) {
      if (failed(verifyKernel(function)))
        return signalPassFailure();
      if (function.getSymVisibility() != "private")
        networks.push_back(function);
    }
    for (LLVM::LLVMFuncOp network : networks)
      if (failed(lower(network)))
        return signalPassFailure();
    // The translation to LLVM IR knows none of these.
    for (auto function : getOperation().getOps<LLVM::LLVMFuncOp>())
      for (unsigned i = 0; i != function.getNumArguments(); ++i) {
        function.removeArgAttr(i, kShareBytesAttr);
        function.removeArgAttr(i, kWorkerBytesAttr);
      }
  }

  LogicalResult lower(LLVM::LLVMFuncOp network);
  LogicalResult verifyRunParts();
  LLVM::LLVMFuncOp declareRunParts();
  /// `kernel` under the type that all have for the entry points,
  /// `part_function` of the contract.
  LLVM::LLVMFuncOp getOrCreatePart(LLVM::LLVMFuncOp kernel);

  DenseMap<Operation *, LLVM::LLVMFuncOp> parts; // by kernel
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

/// The address of `base`[`index`], whose elements are of type `element`.
static Value getAddress(ImplicitLocOpBuilder &b, Value base, Type element,
                        int64_t index) {
  LLVM::GEPArg offset = static_cast<int32_t>(index);
  if (!llvm::isInt<32>(index))
    offset = LLVM::ConstantOp::create(b, b.getI64IntegerAttr(index));
  return LLVM::GEPOp::create(b, base.getType(), element, base,
                             ArrayRef<LLVM::GEPArg>{offset});
}

LogicalResult LowerSharedCallsPass::verifyRunParts() {
  Operation *symbol = getOperation().lookupSymbol(kRunParts.name);
  auto function = dyn_cast_or_null<LLVM::LLVMFuncOp>(symbol);
  if (!symbol || (function && function.isExternal() &&
                  function.getFunctionType() ==
                      getLLVMType(kRunParts.signature, &getContext())))
    return success();
  return symbol->emitOpError("expects another name than ")
         << kRunParts.name << ", which an entry point has";
}

LLVM::LLVMFuncOp LowerSharedCallsPass::declareRunParts() {
  if (auto function =
          getOperation().lookupSymbol<LLVM::LLVMFuncOp>(kRunParts.name))
    return function;
  auto b = ImplicitLocOpBuilder::atBlockBegin(getOperation().getLoc(),
                                              getOperation().getBody());
  auto function = LLVM::LLVMFuncOp::create(
      b, kRunParts.name, getLLVMType(kRunParts.signature, &getContext()));
  function.setSymVisibility("private");
  return function;
}

LLVM::LLVMFuncOp
LowerSharedCallsPass::getOrCreatePart(LLVM::LLVMFuncOp kernel) {
  LLVM::LLVMFuncOp &part = parts[kernel];
  if (part)
    return part;
  ImplicitLocOpBuilder b(kernel.getLoc(), &getContext());
  Type pointer = b.getType<LLVM::LLVMPointerType>(), place = b.getI64Type();
  part = LLVM::LLVMFuncOp::create(
      b, (kernel.getName() + ".part").str(),
      getLLVMType(SignatureOf<contract::part_function>::kSignature,
                  &getContext()));
  part.setSymVisibility("private");
  SymbolTable(getOperation()).insert(part, std::next(Block::iterator(kernel)));
  b.setInsertionPointToStart(part.addEntryBlock(b));
  // In the order of part_function.
  Value operands = part.getArgument(0), workerBlock = part.getArgument(3),
        shareBlock = part.getArgument(4);
  Value null = LLVM::ZeroOp::create(b, pointer);

  BlockLayout layout(kernel);
  SmallVector<Value> arguments;
  for (unsigned i = 0; i + 2 != kernel.getNumArguments(); ++i) {
    // A number lies among the pointers, and may be wider.
    Value argument =
        LLVM::LoadOp::create(b, kernel.getFunctionType().getParamType(i),
                             getAddress(b, operands, place, i));
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

LogicalResult LowerSharedCallsPass::lower(LLVM::LLVMFuncOp network) {
  if (network.isExternal())
    return network.emitOpError(
        "expects a declaration to be private: what is public is a network");
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
  Type pointer = b.getType<LLVM::LLVMPointerType>(), place = b.getI64Type();
  if (!calls.empty() && (!network.getNumArguments() ||
                         network.getArgumentTypes().back() != pointer))
    return network.emitOpError(
               "expects a call that is on its way as the last argument of a "
               "network, but got ")
           << network.getFunctionType();
  Value operands;
  if (!calls.empty())
    operands = LLVM::AllocaOp::create(
        b, pointer, place,
        LLVM::ConstantOp::create(b, b.getI64IntegerAttr(mostOperands)));
  int64_t workerBytes = 0;
  for (auto [call, kernel] : calls) {
    b.setInsertionPoint(call);
    b.setLoc(call.getLoc());
    for (auto [i, operand] :
         llvm::enumerate(call.getArgOperands().drop_back(2)))
      LLVM::StoreOp::create(b, operand, getAddress(b, operands, place, i));
    BlockLayout layout(kernel);
    workerBytes = std::max(workerBytes, layout.size);
    // A buffer for each share is there once for each worker, and each share of
    // Strassen's algorithm makes its sums anew.
    bool hasBufferPerShare = llvm::any_of(
        layout.ofShare, [](auto &offset) { return offset.has_value(); });
    bool isWhole = hasBufferPerShare || kernel->hasAttr(kStrassenAttr);
    Value part = LLVM::AddressOfOp::create(b, getOrCreatePart(kernel));
    Value perWorker = LLVM::ConstantOp::create(
        b, b.getI32IntegerAttr(isWhole ? 1 : kSharesPerWorker));
    LLVM::CallOp::create(b, declareRunParts(),
                         ValueRange{network.getArguments().back(), part,
                                    operands, call.getArgOperands().back(),
                                    perWorker});
    call.erase();
  }
  network->setAttr(kWorkerBytesAttr, b.getIndexAttr(workerBytes));
  return success();
}
