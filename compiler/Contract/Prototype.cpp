// Types of the contract in IR.
#include "compiler/Contract/Prototype.h"

using namespace mlir;
using namespace mobileone;

static Type getType(MachineType type, Type size) {
  MLIRContext *context = size.getContext();
  switch (type) {
  case MachineType::Void:
    return LLVM::LLVMVoidType::get(context);
  case MachineType::Int32:
    return IntegerType::get(context, 32);
  case MachineType::Size:
    return size;
  case MachineType::Pointer:
    return LLVM::LLVMPointerType::get(context);
  }
  llvm_unreachable("every type is known");
}

static SmallVector<Type> getTypes(ArrayRef<MachineType> types, Type size) {
  return llvm::map_to_vector(
      types, [&](MachineType type) { return getType(type, size); });
}

FunctionType mobileone::getFunctionType(const Signature &signature,
                                        MLIRContext *context) {
  Type size = IndexType::get(context);
  SmallVector<Type> results;
  if (signature.result != MachineType::Void)
    results.push_back(getType(signature.result, size));
  return FunctionType::get(context, getTypes(signature.arguments, size),
                           results);
}

LLVM::LLVMFunctionType mobileone::getLLVMType(const Signature &signature,
                                              MLIRContext *context) {
  Type size = IntegerType::get(context, 64);
  return LLVM::LLVMFunctionType::get(getType(signature.result, size),
                                     getTypes(signature.arguments, size));
}
