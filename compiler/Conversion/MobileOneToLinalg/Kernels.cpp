// Functions of kernels: their arguments, and linalg on tensors.
#include "compiler/Conversion/MobileOneToLinalg/Kernels.h"

#include "compiler/Contract/KernelFunction.h"
#include "compiler/Conversion/MobileOneToLinalg/KernelPieces.h"

using namespace mlir;
using namespace mobileone;

func::FuncOp KernelLibrary::get(const KernelSpec &spec) {
  func::FuncOp &kernel = made[spec.getName()];
  if (!kernel)
    kernel = make(spec);
  return kernel;
}

func::FuncOp KernelLibrary::make(const KernelSpec &spec) {
  if (spec.form == KernelSpec::Tail)
    return makeTail(spec);
  if (spec.form != KernelSpec::Whole)
    return makeBands(spec);
  if (spec.layers.front().kind == LayerSpec::StoreFeatures)
    return makeStoreFeatures(spec);
  return makeLayer(spec);
}

func::FuncOp KernelLibrary::declare(const KernelSpec &spec,
                                    ArrayRef<Type> arguments,
                                    TypeRange results) {
  auto name = StringAttr::get(module.getContext(), spec.getName());
  auto type = FunctionType::get(module.getContext(), arguments, results);
  auto function = func::FuncOp::create(NameLoc::get(name), name, type);
  symbols.insert(function);
  function.setPrivate();
  return function;
}

func::FuncOp KernelLibrary::define(const KernelSpec &spec, TypeRange inputs,
                                   RankedTensorType result, Body body,
                                   unsigned scratch,
                                   std::optional<int64_t> units) {
  SmallVector<Type> arguments(inputs);
  arguments.push_back(result);
  size_t buffers = arguments.size();
  if (units)
    arguments.append(2, IndexType::get(module.getContext()));
  func::FuncOp function = declare(spec, arguments, result);
  ImplicitLocOpBuilder b(function.getLoc(), module.getContext());
  if (units)
    function->setAttr(kUnitsAttr, b.getIndexAttr(*units));
  for (unsigned i = 0; i != buffers; ++i)
    if (isa<TensorType>(arguments[i]))
      function.setArgAttr(i, "bufferization.writable",
                          b.getBoolAttr(i + 1 + scratch >= buffers));
  Block *entry = function.addEntryBlock();
  b.setInsertionPointToStart(entry);
  ValueRange values = entry->getArguments().take_front(buffers);
  func::ReturnOp::create(b, body(b, values.drop_back(), values.back()));
  return function;
}

/// The values of one layer alone, without the border, into `inside`.
static Value makeInside(ImplicitLocOpBuilder &b, const KernelSpec &spec,
                        ValueRange arguments, Value inside) {
  const Layout &input = spec.input;
  const LayerSpec &layer = spec.layers.front();
  auto getInterior = [&] { return extractInterior(b, input, arguments[0]); };
  ValueRange own = arguments.drop_front();
  switch (layer.kind) {
  case LayerSpec::ReadImage:
    return makeReadRows(b, readImage(b, arguments[0], arguments[1]),
                        arguments.drop_front(2), inside);
  case LayerSpec::Dense:
    return makeDense(b, input, arguments[0], own, inside, layer);
  case LayerSpec::Depthwise:
    return makeDepthwise(b, extractPixels(b, input, arguments[0]), own, inside,
                         layer);
  case LayerSpec::Pointwise:
    return makePointwise(b, getInterior(), own, inside, layer);
  case LayerSpec::Average:
    return makeAverage(b, getInterior(), inside);
  case LayerSpec::Sum:
    return sumPixels(b, getInterior(), inside);
  case LayerSpec::Scale:
    return makeScale(b, getInterior(), own, inside, layer);
  case LayerSpec::Dequantize:
    return multiplyByFactor(b, getInterior(), own[0], inside);
  case LayerSpec::Softmax:
    return makeSoftmax(b, arguments[0], inside, input.channels);
  case LayerSpec::StoreFeatures:
    break;
  }
  llvm_unreachable("no layer whose result has a layout");
}

func::FuncOp KernelLibrary::makeLayer(const KernelSpec &spec) {
  SmallVector<Type> inputs;
  if (spec.layers.front().kind != LayerSpec::ReadImage)
    inputs.push_back(spec.input.getType());
  llvm::append_range(inputs, spec.getOwnTypes(0));
  const Layout &result = spec.getResult();
  return define(
      spec, inputs, result.getType(),
      [&](ImplicitLocOpBuilder &b, ValueRange arguments, Value padded) {
        return writeInside(b, result, padded, [&](Value inside) {
          return makeInside(b, spec, arguments, inside);
        });
      });
}
