// The functions that an object exports, compiled from EntryPoints.c.
#include "compiler/Object/EntryPoints.h"
#include "compiler/Object/EntryPointsAArch64.h"
#include "compiler/Object/EntryPointsWasm32.h"
#include "compiler/Object/EntryPointsX86_64.h"

#include "compiler/Contract/Prototype.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Support/MemoryBufferRef.h"

using namespace mobileone;

/// Puts `bytes` in the place of the declaration of the constant `name`.
static void define(llvm::Module &module, llvm::StringRef name,
                   llvm::ArrayRef<char> bytes, llvm::Align alignment) {
  llvm::Constant *value = llvm::ConstantDataArray::getString(
      module.getContext(), llvm::StringRef(bytes.data(), bytes.size()),
      /*AddNull=*/false);
  llvm::GlobalVariable *declared = module.getNamedGlobal(name);
  auto *defined =
      new llvm::GlobalVariable(module, value->getType(), /*isConstant=*/true,
                               llvm::GlobalValue::InternalLinkage, value);
  defined->setAlignment(alignment);
  defined->takeName(declared);
  declared->replaceAllUsesWith(defined);
  declared->eraseFromParent();
}

/// network(size, level, ...) calls the network of that size and level. A switch
/// needs no table of addresses, which the loader would have to relocate.
static void defineNetwork(llvm::Module &module,
                          llvm::ArrayRef<const IsaLevel *> levels,
                          size_t sizes) {
  llvm::Function *network = module.getFunction(kNetwork.name);
  llvm::FunctionType *type = network->getFunctionType();
  llvm::SmallVector<llvm::Value *> arguments;
  for (llvm::Argument &argument : llvm::drop_begin(network->args(), 2))
    arguments.push_back(&argument);
  auto *networkType = llvm::FunctionType::get(
      type->getReturnType(), type->params().drop_front(2), /*isVarArg=*/false);

  llvm::IRBuilder<> builder(
      llvm::BasicBlock::Create(module.getContext(), "", network));
  auto *other = llvm::BasicBlock::Create(module.getContext(), "", network);
  auto choose = [&](unsigned argument, size_t count) {
    return builder.CreateSwitch(network->getArg(argument), other, count);
  };
  auto addCase = [&](llvm::SwitchInst *choice, uint32_t number) {
    auto *block = llvm::BasicBlock::Create(module.getContext(), "", network);
    choice->addCase(builder.getInt32(number), block);
    builder.SetInsertPoint(block);
  };
  llvm::SwitchInst *sizeChoice = sizes == 1 ? nullptr : choose(0, sizes);
  for (uint32_t size = 0; size < sizes; ++size) {
    if (sizeChoice)
      addCase(sizeChoice, size);
    llvm::SwitchInst *levelChoice = choose(1, levels.size());
    for (const IsaLevel *level : levels) {
      addCase(levelChoice, level->number);
      llvm::FunctionCallee callee = module.getOrInsertFunction(
          getLevelName(kNetwork.name, *level, size), networkType);
      builder.CreateRet(builder.CreateCall(callee, arguments));
    }
  }
  builder.SetInsertPoint(other);
  builder.CreateUnreachable();
  network->addFnAttr(llvm::Attribute::NoUnwind);
  network->setUWTableKind(llvm::UWTableKind::Async);
}

std::string mobileone::getLevelName(llvm::StringRef name, const IsaLevel &level,
                                    size_t size) {
  std::string levelName = (name + "." + level.suffix).str();
  return size == 0 ? levelName : levelName + "." + std::to_string(size);
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
mobileone::createEntryPoints(const ModelInfo &model, const Target &target,
                             llvm::ArrayRef<const IsaLevel *> levels,
                             llvm::ArrayRef<char> weights,
                             llvm::LLVMContext &context) {
  llvm::StringRef bitcode = llvm::toStringRef(getBitcode(levels.front()->arch));
  auto module = llvm::cantFail(llvm::parseBitcodeFile(
      llvm::MemoryBufferRef(bitcode, "EntryPoints"), context));
  define(*module, MOBILEONE_NAME(model_info), model.serialize(),
         llvm::Align(8));
  // Processes that run one file share those pages, which hold nothing else, and
  // a caller can lock or fetch them. JITLink takes no more.
  define(*module, kWeights, weights, llvm::Align(target.getPageBytes()));
  if (!model.hasSimpleRun())
    module->getFunction(MOBILEONE_PROTOTYPE(run).name)->eraseFromParent();
  defineNetwork(*module, levels, model.getSizes().size());
  return module;
}
