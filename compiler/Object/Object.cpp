// LLVM IR and machine code of an object.
#include "compiler/Object/Object.h"

#include "compiler/Contract/Prototype.h"
#include "compiler/Object/EntryPoints.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Linker/Linker.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"

using namespace mobileone;

/// The code generators, with parsers for inline assembly.
static bool initializeTargets() {
#define MOBILEONE_PROCESSOR(id, arch, generator, ...)                          \
  LLVMInitialize##generator##TargetInfo();                                     \
  LLVMInitialize##generator##Target();                                         \
  LLVMInitialize##generator##TargetMC();                                       \
  LLVMInitialize##generator##AsmPrinter();                                     \
  LLVMInitialize##generator##AsmParser();
#include "compiler/Machine/Processors.def"
  return true;
}

/// For any CPU: functions say which level they need.
static llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createTargetMachine(const Target &target) {
  // LLVM's table of them is one for the process: once, whoever comes first.
  [[maybe_unused]] static const bool isInitialized = initializeTargets();
  std::string error;
  const llvm::Triple triple = target.getTriple();
  const llvm::Target *generator =
      llvm::TargetRegistry::lookupTarget(triple, error);
  if (!generator)
    return llvm::createStringError(error);
  // A module of WebAssembly is linked for good: what is to move within one has
  // a table of addresses there.
  auto relocation = triple.isWasm() ? llvm::Reloc::Static : llvm::Reloc::PIC_;
  return std::unique_ptr<llvm::TargetMachine>(generator->createTargetMachine(
      triple, target.getProcessor().baseCpu, /*Features=*/"", {}, relocation,
      /*CodeModel=*/std::nullopt, llvm::CodeGenOptLevel::Aggressive));
}

/// Attributes of a function that runs on one level alone.
static void setAttributes(llvm::Function &function, const IsaLevel &level) {
  function.addFnAttr("target-cpu", level.cpu);
  if (!level.features.empty())
    function.addFnAttr("target-features", level.features);
  function.addFnAttr(llvm::Attribute::NoUnwind);
  function.setUWTableKind(llvm::UWTableKind::Async);
  // Without these the code generator takes half of a 512-bit register.
  std::string bits = std::to_string(level.vectorBits);
  function.addFnAttr("prefer-vector-width", bits);
  function.addFnAttr("min-legal-vector-width", bits);
  // Kernels and the network keep their own frame and mode of rounding.
  function.addFnAttr(llvm::Attribute::NoInline);
  // The kernels' buffers are different places of the arena, of the weights or
  // of the caller, who promised that they do not overlap.
  for (llvm::Argument &argument : function.args())
    if (argument.getType()->isPointerTy())
      argument.addAttr(llvm::Attribute::NoAlias);
}

std::unique_ptr<llvm::Module>
mobileone::translateKernels(mlir::ModuleOp module, const IsaLevel &level,
                            llvm::LLVMContext &context) {
  mlir::DialectRegistry registry;
  mlir::registerBuiltinDialectTranslation(registry);
  mlir::registerLLVMDialectTranslation(registry);
  module.getContext()->appendDialectRegistry(registry);
  std::unique_ptr<llvm::Module> code =
      mlir::translateModuleToLLVMIR(module, context, level.name);
  if (!code)
    return nullptr;
  for (llvm::Function &function : *code)
    if (!function.isDeclaration())
      setAttributes(function, level);
  return code;
}

std::unique_ptr<llvm::Module>
mobileone::translateNetwork(mlir::ModuleOp module, const IsaLevel &level,
                            size_t size, llvm::LLVMContext &context) {
  mlir::LLVM::LLVMFuncOp network;
  for (auto function : module.getOps<mlir::LLVM::LLVMFuncOp>()) {
    if (function.getSymVisibility() == "private")
      continue;
    if (network) {
      function.emitOpError("expects one network per module");
      return nullptr;
    }
    network = function;
  }
  if (!network) {
    module.emitError("expects a network");
    return nullptr;
  }
  if (network.getName() != kNetwork.name) { // as the entry points call it
    network.emitOpError("expects the name '") << kNetwork.name << "'";
    return nullptr;
  }
  if (auto type = getLLVMType(kNetwork.signature, module.getContext());
      network.getFunctionType() != type) {
    network.emitOpError("expects the type ")
        << type << " of compiler/Contract/Contract.h, but got "
        << network.getFunctionType();
    return nullptr;
  }
  std::unique_ptr<llvm::Module> code = translateKernels(module, level, context);
  if (!code)
    return nullptr;
  // Until it is linked, all is external: the dispatch calls the network.
  for (llvm::Function &function : *code) {
    if (function.isDeclaration())
      continue;
    function.setName(getLevelName(function.getName(), level, size));
    function.setLinkage(llvm::GlobalValue::ExternalLinkage);
  }
  return code;
}

/// Marks all code as the system wants it.
static void setAttributes(llvm::Module &object, const Target &target) {
  for (const CodeAttribute &attribute : target.attributes) {
    if (attribute.place != CodeAttribute::Module)
      for (llvm::Function &function : object)
        if (!function.isDeclaration())
          function.addFnAttr(attribute.name, attribute.value);
    if (attribute.place != CodeAttribute::Function)
      object.setModuleFlag(llvm::Module::Min, attribute.name, 1);
  }
}

/// Gives the public functions their names, a plain one and one for the header
/// of this interface, and hides all else.
static void setNames(llvm::Module &object,
                     llvm::ArrayRef<llvm::Function *> functions,
                     llvm::StringRef prefix, const ModelInfo &model) {
  for (llvm::GlobalValue &value : object.global_values())
    if (!value.isDeclaration() && !llvm::is_contained(functions, &value)) {
      value.setVisibility(llvm::GlobalValue::DefaultVisibility);
      value.setLinkage(llvm::GlobalValue::InternalLinkage);
    }
  for (llvm::Function *function : functions) {
    std::string name = (prefix + "_" + function->getName()).str();
    // An internal name gives way: no prefix of C has a dot.
    if (llvm::GlobalValue *other = object.getNamedValue(name))
      other->setName(name + ".internal");
    function->setName(name);
    llvm::GlobalAlias::create(name + "_abi_" + model.getInterfaceHash(),
                              function);
  }
}

llvm::Expected<std::unique_ptr<llvm::Module>>
mobileone::linkObject(llvm::MutableArrayRef<std::unique_ptr<llvm::Module>> code,
                      const Target &target,
                      llvm::ArrayRef<const IsaLevel *> levels,
                      llvm::StringRef prefix, const ModelInfo &model,
                      llvm::ArrayRef<char> weights) {
  auto machine = createTargetMachine(target);
  if (!machine)
    return machine.takeError();
  std::unique_ptr<llvm::Module> object = createEntryPoints(
      model, target, levels, weights, code.front()->getContext());
  llvm::SmallVector<llvm::Function *> publicFunctions;
  for (llvm::Function &function : *object)
    if (!function.isDeclaration() && function.hasExternalLinkage() &&
        function.hasDefaultVisibility())
      publicFunctions.push_back(&function);
  // Names are the object's own: where it was compiled does not show.
  object->setModuleIdentifier(prefix);
  object->setSourceFileName(prefix);
  object->setTargetTriple((*machine)->getTargetTriple());
  object->setDataLayout((*machine)->createDataLayout());
  for (std::unique_ptr<llvm::Module> &network : code) {
    network->setTargetTriple(object->getTargetTriple());
    network->setDataLayout(object->getDataLayout());
    if (llvm::Linker::linkModules(*object, std::move(network)))
      return llvm::createStringError("linking the ISA levels failed");
  }
  setAttributes(*object, target);
  setNames(*object, publicFunctions, prefix, model);
  std::string broken;
  llvm::raw_string_ostream os(broken);
  if (llvm::verifyModule(*object, &os))
    return llvm::createStringError("expects valid LLVM IR, but got: " + broken);
  return object;
}

void mobileone::nameOrigin(llvm::Module &object, const Origin &origin) {
  std::string text = "MobileOne compiler " + getToolVersion().str();
  if (!origin.sha256.empty())
    text += ", checkpoint_sha256 " + origin.sha256;
  text += ", flags " + origin.flags;
  llvm::LLVMContext &context = object.getContext();
  object.getOrInsertNamedMetadata("llvm.ident")
      ->addOperand(
          llvm::MDNode::get(context, llvm::MDString::get(context, text)));
}

void mobileone::declareWeights(llvm::Module &object) {
  if (llvm::GlobalVariable *weights = object.getNamedGlobal(kWeights)) {
    weights->setInitializer(nullptr);
    weights->setLinkage(llvm::GlobalValue::ExternalLinkage);
  }
}

llvm::Expected<llvm::SmallVector<char, 0>>
mobileone::generateCode(llvm::Module &module, const Target &target,
                        MachineCode kind) {
  auto machine = createTargetMachine(target);
  if (!machine)
    return machine.takeError();
  (*machine)->Options.MCOptions.AsmVerbose = true; // names spills, for readers
  llvm::SmallVector<char, 0> code;
  llvm::raw_svector_ostream os(code);
  llvm::legacy::PassManager passes;
  if ((*machine)->addPassesToEmitFile(
          passes, os, /*DwoOut=*/nullptr,
          kind == MachineCode::Object ? llvm::CodeGenFileType::ObjectFile
                                      : llvm::CodeGenFileType::AssemblyFile))
    return llvm::createStringError("the target cannot write this kind of file");
  passes.run(module);
  return code;
}
