// The functions that an object exports, compiled from EntryPoints.c.
#include "compiler/Object/EntryPoints.h"
#include "compiler/Object/EntryPointsAArch64.h"
#include "compiler/Object/EntryPointsX86_64.h"

#include "compiler/Contract/Prototype.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Support/MemoryBufferRef.h"

using namespace mobileone;

/// Puts what P_info() returns in the place of the declaration.
static void defineModelInfo(llvm::Module &module, const ModelInfo &model) {
  std::vector<char> info = model.serialize();
  llvm::Constant *bytes = llvm::ConstantDataArray::getString(
      module.getContext(), llvm::StringRef(info.data(), info.size()),
      /*AddNull=*/false);
  llvm::GlobalVariable *declared =
      module.getNamedGlobal(MOBILEONE_NAME(model_info));
  auto *defined =
      new llvm::GlobalVariable(module, bytes->getType(), /*isConstant=*/true,
                               llvm::GlobalValue::InternalLinkage, bytes);
  defined->setAlignment(llvm::Align(8));
  defined->takeName(declared);
  declared->replaceAllUsesWith(defined);
  declared->eraseFromParent();
}

/// network(level, ...) calls the network of that level. A switch needs no table
/// of addresses, which the loader would have to relocate.
static void defineNetwork(llvm::Module &module,
                          llvm::ArrayRef<const IsaLevel *> levels) {
  llvm::Function *network = module.getFunction(kNetwork.name);
  llvm::FunctionType *type = network->getFunctionType();
  llvm::SmallVector<llvm::Value *> arguments;
  for (llvm::Argument &argument : llvm::drop_begin(network->args()))
    arguments.push_back(&argument);
  auto *networkType = llvm::FunctionType::get(
      type->getReturnType(), type->params().drop_front(), /*isVarArg=*/false);

  llvm::IRBuilder<> builder(
      llvm::BasicBlock::Create(module.getContext(), "", network));
  auto *other = llvm::BasicBlock::Create(module.getContext(), "", network);
  llvm::SwitchInst *choice =
      builder.CreateSwitch(network->getArg(0), other, levels.size());
  builder.SetInsertPoint(other);
  builder.CreateUnreachable();
  for (const IsaLevel *level : levels) {
    auto *block = llvm::BasicBlock::Create(module.getContext(), "", network);
    choice->addCase(builder.getInt32(level->number), block);
    builder.SetInsertPoint(block);
    llvm::FunctionCallee callee = module.getOrInsertFunction(
        getLevelName(kNetwork.name, *level), networkType);
    builder.CreateRet(builder.CreateCall(callee, arguments));
  }
  network->addFnAttr(llvm::Attribute::NoUnwind);
  network->setUWTableKind(llvm::UWTableKind::Async);
}

std::string mobileone::getLevelName(llvm::StringRef name,
                                    const IsaLevel &level) {
  return (name + "." + level.suffix).str();
}

static llvm::ArrayRef<uint8_t> getBitcode(llvm::Triple::ArchType arch) {
  switch (arch) {
#define MOBILEONE_PROCESSOR(id, arch, ...)                                     \
  case llvm::Triple::arch:                                                     \
    return kEntryPoints##id;
#include "compiler/Machine/Processors.def"
  default:
    llvm_unreachable("every level has a processor");
  }
}

std::unique_ptr<llvm::Module>
mobileone::createEntryPoints(const ModelInfo &model,
                             llvm::ArrayRef<const IsaLevel *> levels,
                             llvm::LLVMContext &context) {
  llvm::StringRef bitcode = llvm::toStringRef(getBitcode(levels.front()->arch));
  auto module = llvm::cantFail(llvm::parseBitcodeFile(
      llvm::MemoryBufferRef(bitcode, "EntryPoints"), context));
  defineModelInfo(*module, model);
  defineNetwork(*module, levels);
  return module;
}
