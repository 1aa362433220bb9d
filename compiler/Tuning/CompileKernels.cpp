// Compiles kernels alone and links them into this process.
#include "compiler/Tuning/CompileKernels.h"

#include "compiler/Object/Object.h"
#include "compiler/Pipelines/Pipelines.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"

using namespace mlir;
using namespace mobileone;

std::string mobileone::getPackedName(StringRef name) {
  return ("packed." + name).str();
}

/// Kernels differ in the number of their buffers; a caller in C++ wants one
/// type for all.
static void addPackedEntry(llvm::Function &kernel) {
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
  for (llvm::Argument &argument :
       llvm::drop_end(kernel.args(), isShared ? 2 : 0)) // numbers are as wide
    arguments.push_back(b.CreateLoad(
        argument.getType(),
        b.CreateConstGEP1_32(pointer, entry->getArg(0), argument.getArgNo())));
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
  buildLLVMPipeline(pm);
  if (failed(pm.run(module)))
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
    addPackedEntry(*kernel);
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
