// LLVM IR and machine code of a network.
#include "compiler/Target/Object.h"

#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Verifier.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"

using namespace mobileone;

static std::unique_ptr<llvm::TargetMachine>
createTargetMachine(const IsaLevel &level, std::string &error) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  llvm::InitializeNativeTargetAsmParser(); // for inline assembly
  llvm::Triple triple(llvm::sys::getDefaultTargetTriple());
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return nullptr;
  return std::unique_ptr<llvm::TargetMachine>(target->createTargetMachine(
      triple, level.name, /*Features=*/"", {}, llvm::Reloc::PIC_,
      /*CodeModel=*/std::nullopt, llvm::CodeGenOptLevel::Aggressive));
}

/// Attributes that every function of the object carries.
static void setAttributes(llvm::Function &function, const IsaLevel &level) {
  function.addFnAttr("target-cpu", level.name);
  function.addFnAttr(llvm::Attribute::NoUnwind);
  function.setUWTableKind(llvm::UWTableKind::Async);
  // Without these the code generator takes half of a 512-bit register.
  std::string bits = std::to_string(level.vectorBits);
  function.addFnAttr("prefer-vector-width", bits);
  function.addFnAttr("min-legal-vector-width", bits);
}

/// Kernels and the network keep their own frame and mode of rounding. Their
/// buffers are different places of the arena, of the weights or of the caller,
/// who promised that they do not overlap.
static void makeInternal(llvm::Function &function) {
  function.setLinkage(llvm::GlobalValue::InternalLinkage);
  function.addFnAttr(llvm::Attribute::NoInline);
  for (llvm::Argument &argument : function.args())
    if (argument.getType()->isPointerTy())
      argument.addAttr(llvm::Attribute::NoAlias);
}

/// Translates all of `module`, with what every function and object needs.
static std::unique_ptr<llvm::Module>
translateModule(mlir::ModuleOp module, llvm::StringRef name,
                const IsaLevel &level, llvm::LLVMContext &context) {
  mlir::DialectRegistry registry;
  mlir::registerBuiltinDialectTranslation(registry);
  mlir::registerLLVMDialectTranslation(registry);
  module.getContext()->appendDialectRegistry(registry);
  std::unique_ptr<llvm::Module> result =
      mlir::translateModuleToLLVMIR(module, context, name);
  if (!result)
    return nullptr;
  for (llvm::Function &function : *result)
    if (!function.isDeclaration())
      setAttributes(function, level);
  // Marks for control-flow enforcement: every entry starts with endbr64.
  result->addModuleFlag(llvm::Module::Max, "cf-protection-branch", 1);
  result->addModuleFlag(llvm::Module::Max, "cf-protection-return", 1);
  result->addModuleFlag(llvm::Module::Max, "PIC Level", 2);
  return result;
}

std::unique_ptr<llvm::Module>
mobileone::translateKernels(mlir::ModuleOp module, const IsaLevel &level,
                            llvm::LLVMContext &context) {
  std::unique_ptr<llvm::Module> result =
      translateModule(module, "kernels", level, context);
  if (!result)
    return nullptr;
  for (llvm::Function &function : *result)
    if (!function.isDeclaration())
      makeInternal(function);
  return result;
}

std::unique_ptr<llvm::Module>
mobileone::translate(mlir::ModuleOp module, llvm::StringRef prefix,
                     const ModelInfo &model, const IsaLevel &level,
                     bool withWeights, llvm::LLVMContext &context) {
  // Names are the object's own: where it was compiled does not show.
  std::unique_ptr<llvm::Module> result =
      translateModule(module, prefix, level, context);
  if (!result)
    return nullptr;

  const std::pair<const char *, std::string> exported[] = {
      {"run", "_run"},
      {"arena_bytes", "_arena_bytes"},
      {"info", "_info"},
      {"isa", "_isa"},
      {"abi", "_abi_" + model.getInterfaceHash()}};
  llvm::StringSet<> publicNames;
  for (const auto &[name, suffix] : exported) {
    // An internal name gives way: no prefix of C has a dot.
    if (llvm::GlobalValue *other =
            result->getNamedValue((prefix + suffix).str()))
      other->setName(other->getName() + ".internal");
    result->getNamedValue(name)->setName(prefix + suffix);
    publicNames.insert((prefix + suffix).str());
  }
  for (llvm::Function &function : *result)
    if (!function.isDeclaration() && !publicNames.contains(function.getName()))
      makeInternal(function);
  for (llvm::GlobalVariable &global : result->globals()) {
    if (publicNames.contains(global.getName()))
      continue;
    global.setLinkage(llvm::GlobalValue::InternalLinkage);
    if (global.getName() == "weights" && !withWeights) {
      global.setInitializer(nullptr);
      global.setLinkage(llvm::GlobalValue::ExternalLinkage);
    }
  }
  assert(!llvm::verifyModule(*result, &llvm::errs()) && "broken LLVM IR");
  return result;
}

llvm::Expected<llvm::SmallVector<char, 0>>
mobileone::generateCode(llvm::Module &module, const IsaLevel &level,
                        MachineCode kind) {
  std::string error;
  std::unique_ptr<llvm::TargetMachine> machine =
      createTargetMachine(level, error);
  if (!machine)
    return llvm::createStringError(error);
  machine->Options.MCOptions.AsmVerbose = true; // names spills, for readers
  module.setTargetTriple(machine->getTargetTriple());
  module.setDataLayout(machine->createDataLayout());

  llvm::SmallVector<char, 0> code;
  llvm::raw_svector_ostream os(code);
  llvm::legacy::PassManager passes;
  if (machine->addPassesToEmitFile(passes, os, /*DwoOut=*/nullptr,
                                   kind == MachineCode::Object
                                       ? llvm::CodeGenFileType::ObjectFile
                                       : llvm::CodeGenFileType::AssemblyFile))
    return llvm::createStringError("the target cannot write this kind of file");
  passes.run(module);
  return code;
}
