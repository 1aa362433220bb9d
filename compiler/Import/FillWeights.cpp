// Looks up the names of resources in a checkpoint.
#include "compiler/Import/FillWeights.h"

#include "compiler/Import/Checkpoint.h"
#include "compiler/Import/Refusal.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinDialect.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace mobileone;

using Resource = mlir::DenseResourceElementsAttr;

/// The first use of each resource without data, by its name.
static MapVector<StringRef, std::pair<Resource, mlir::Location>>
findEmpty(mlir::ModuleOp module) {
  MapVector<StringRef, std::pair<Resource, mlir::Location>> empty;
  module.walk([&](mlir::Operation *op) {
    op->getAttrDictionary().walk([&](Resource resource) {
      if (!resource.getRawHandle().getBlob())
        empty.insert(
            {resource.getRawHandle().getKey(), {resource, op->getLoc()}});
    });
  });
  return empty;
}

/// The one tensor of that name.
static Expected<const Tensor *> findTensor(ArrayRef<StateDict> dicts,
                                           StringRef name) {
  const Tensor *found = nullptr;
  for (const StateDict &dict : dicts) {
    for (const Fault &fault : dict.faults)
      if (fault.name == name)
        return createStringError(fault.message);
    for (const Tensor &tensor : dict.tensors) {
      if (tensor.name != name)
        continue;
      if (found)
        return refuse(name, "expects one tensor of this name, but got several");
      found = &tensor;
    }
  }
  if (!found)
    return refuse(name, "expects a tensor of this name, but got none");
  return found;
}

/// What is left of `shape` without ones at its end.
static ArrayRef<int64_t> trimOnes(ArrayRef<int64_t> shape) {
  while (!shape.empty() && shape.back() == 1)
    shape = shape.drop_back();
  return shape;
}

static Error fill(Resource resource, const Tensor &tensor) {
  auto type = resource.getShapedType();
  if (tensor.elementType->format == ElementType::Format::Other)
    return refuse(tensor.name, "expects elements of f16, bf16, f32 or f64, but "
                               "got " +
                                   tensor.elementType->name);
  if (!type.getElementType().isF32())
    return refuse(tensor.name, "expects weights of f32, but got others in IR");
  if (trimOnes(type.getShape()) != trimOnes(tensor.shape))
    return refuse(tensor.name, "expects shape " + formatShape(type.getShape()) +
                                   " (of IR), but got " +
                                   formatShape(tensor.shape));
  std::vector<float> scratch;
  auto handle = resource.getRawHandle();
  mlir::DenseResourceElementsHandle::getManagerInterface(resource.getContext())
      .getBlobManager()
      .update(handle.getKey(),
              mlir::HeapAsmResourceBlob::allocateAndCopyInferAlign(
                  readElements(tensor, scratch)));
  return Error::success();
}

mlir::LogicalResult mobileone::fillWeights(mlir::ModuleOp module,
                                           StringRef path) {
  auto fail = [&](mlir::Location loc, Error error) {
    return mlir::emitError(loc) << path << ": " << toString(std::move(error));
  };
  mlir::Location anywhere = mlir::UnknownLoc::get(module.getContext());
  Expected<std::unique_ptr<MemoryBuffer>> file = openInput(path);
  if (!file)
    return mlir::emitError(anywhere) << toString(file.takeError());
  Expected<std::vector<StateDict>> dicts = readCheckpoint((*file)->getBuffer());
  if (!dicts)
    return fail(anywhere, dicts.takeError());
  for (auto &[name, use] : findEmpty(module)) {
    auto &[resource, loc] = use;
    Expected<const Tensor *> tensor = findTensor(*dicts, name);
    if (!tensor)
      return fail(loc, tensor.takeError());
    if (Error error = fill(resource, **tensor))
      return fail(loc, std::move(error));
  }
  return mlir::success();
}
