// Compiles kernels alone and links them into this process.
#include "compiler/Tuning/CompileKernels.h"

#include "compiler/Contract/KernelFunction.h"
#include "compiler/Object/Object.h"
#include "compiler/Pipelines/Pipelines.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"

using namespace mlir;
using namespace mobileone;

std::string mobileone::getPackedName(StringRef name) {
  return ("packed." + name).str();
}

/// Buffers that a kernel's code needs beside those of its callers: for some of
/// its arguments, the bytes.
using Scratch = llvm::SmallDenseMap<unsigned, uint64_t>;

/// Those of the sums of Strassen's algorithm.
static Scratch findScratch(func::FuncOp kernel) {
  Scratch scratch;
  for (unsigned i = 0; i != kernel.getNumArguments(); ++i)
    if (auto bytes = kernel.getArgAttrOfType<IntegerAttr>(i, kWorkerBytesAttr);
        bytes && kernel->hasAttr(kStrassenAttr))
      scratch[i] = bytes.getInt();
  return scratch;
}

/// A buffer of the module.
static llvm::Constant *makeBuffer(llvm::Module &module, uint64_t bytes) {
  auto *type =
      llvm::ArrayType::get(llvm::Type::getInt8Ty(module.getContext()), bytes);
  auto *buffer = new llvm::GlobalVariable(
      module, type, /*isConstant=*/false, llvm::GlobalValue::InternalLinkage,
      llvm::ConstantAggregateZero::get(type), "scratch");
  buffer->setAlignment(llvm::Align(64));
  return buffer;
}

/// Kernels differ in the number of their buffers; a caller in C++ wants one
/// type for all.
static void addPackedEntry(llvm::Function &kernel, const Scratch &scratch) {
  llvm::LLVMContext &context = kernel.getContext();
  llvm::IRBuilder<> b(context);
  llvm::Type *pointer = b.getPtrTy();
  auto *entry = llvm::Function::Create(
      llvm::FunctionType::get(b.getVoidTy(), {pointer}, /*isVarArg=*/false),
      llvm::GlobalValue::ExternalLinkage, getPackedName(kernel.getName()),
      kernel.getParent());
  b.SetInsertPoint(llvm::BasicBlock::Create(context, "", entry));
  SmallVector<llvm::Value *> arguments;
  bool isShared =
      !kernel.getArg(kernel.arg_size() - 1)->getType()->isPointerTy();
  unsigned given = 0;
  for (llvm::Argument &argument :
       llvm::drop_end(kernel.args(), isShared ? 2 : 0)) { // numbers are as wide
    if (uint64_t bytes = scratch.lookup(argument.getArgNo()))
      arguments.push_back(makeBuffer(*kernel.getParent(), bytes));
    else
      arguments.push_back(b.CreateLoad(
          argument.getType(),
          b.CreateConstGEP1_32(pointer, entry->getArg(0), given++)));
  }
  // Of a kernel that workers share: all units.
  if (isShared)
    arguments.append(
        {b.getInt64(0), b.getInt64(std::numeric_limits<int64_t>::max())});
  b.CreateCall(&kernel, arguments);
  b.CreateRetVoid();
}

FailureOr<LinkedObject> mobileone::compileKernels(ModuleOp module,
                                                  const IsaLevel &level) {
  PassManager pm(module.getContext());
  CodegenPipelineOptions options;
  options.isa = level.name.str();
  buildCodegenPipeline(pm, options);
  if (failed(pm.run(module)))
    return failure();
  llvm::StringMap<Scratch> scratch;
  for (auto kernel : module.getOps<func::FuncOp>())
    scratch[kernel.getName()] = findScratch(kernel);
  PassManager toLLVM(module.getContext());
  buildLLVMPipeline(toLLVM);
  if (failed(toLLVM.run(module)))
    return failure();

  const Target *host = findHostTarget();
  if (!host)
    return emitError(module.getLoc(),
                     "expects to run on a system that objects are made for");
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> code = translateKernels(module, level, context);
  if (!code)
    return emitError(module.getLoc(), "translation to LLVM IR failed");
  SmallVector<llvm::Function *> kernels;
  for (llvm::Function &function : *code)
    if (!function.isDeclaration())
      kernels.push_back(&function);
  for (llvm::Function *kernel : kernels)
    addPackedEntry(*kernel, scratch.lookup(kernel->getName()));
  auto object = generateCode(*code, *host, MachineCode::Object);
  if (!object)
    return emitError(module.getLoc(), llvm::toString(object.takeError()));
  auto linked =
      LinkedObject::link(std::make_unique<llvm::SmallVectorMemoryBuffer>(
          std::move(*object), "kernels", /*RequiresNullTerminator=*/false));
  if (!linked)
    return emitError(module.getLoc(), llvm::toString(linked.takeError()));
  return std::move(*linked);
}
