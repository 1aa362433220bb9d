// Bodies of the kernels: linalg on tensors, bias first, activation last.
#include "compiler/Conversion/MobileOneToLinalg/Kernels.h"

#include "compiler/Conversion/MobileOneToLinalg/KernelFunction.h"
#include "compiler/Conversion/MobileOneToLinalg/PackWeights.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include <fmt/format.h>

using namespace mlir;
using namespace mobileone;

std::pair<func::FuncOp, bool> KernelLibrary::declare(StringRef name,
                                                     FunctionType type) {
  auto nameAttr = StringAttr::get(module.getContext(), name);
  func::FuncOp &function = made[{nameAttr, type}];
  if (function)
    return {function, false};
  function = func::FuncOp::create(NameLoc::get(nameAttr), name, type);
  symbols.insert(function);
  function.setPrivate();
  return {function, true};
}

func::FuncOp KernelLibrary::getOrCreate(StringRef name, TypeRange inputs,
                                        RankedTensorType result, Body body,
                                        unsigned scratch,
                                        std::optional<int64_t> units) {
  OpBuilder types(module.getContext());
  SmallVector<Type> arguments(inputs);
  arguments.push_back(result);
  size_t buffers = arguments.size();
  if (units)
    arguments.append(2, types.getIndexType());
  auto [function, isNew] =
      declare(name, types.getFunctionType(arguments, result));
  if (!isNew)
    return function;
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

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

func::FuncOp KernelLibrary::getReadImage(TypeRange inputs,
                                         const Layout &result) {
  MLIRContext *context = module.getContext();
  std::string name = fmt::format(
      "read_{}_{}", getImageForm(inputs.size() == 4, result.kind).str(),
      result.getName());
  return getOrCreate(
      name, inputs, result.getType(context),
      [&](ImplicitLocOpBuilder &b, ValueRange arguments, Value padded) {
        Value image = readImage(b, arguments[0], arguments[1]);
        return writeInside(b, result, padded, [&](Value inside) {
          return makeReadRows(b, image, arguments.drop_front(2), inside);
        });
      });
}

func::FuncOp KernelLibrary::getDense(const Layout &input, const Layout &result,
                                     RankedTensorType filter, int64_t stride,
                                     Activation activation) {
  MLIRContext *context = module.getContext();
  OpBuilder builder(context);
  SmallVector<Type> inputs{input.getType(context), filter,
                           getBiasType(builder, result.channels)};
  std::string name = fmt::format("dense_{}_{}_stride{}_to_{}{}",
                                 input.kind == Layout::Planar ? "nchw" : "nhwc",
                                 input.getName(), stride, result.getName(),
                                 getSuffix(activation));
  return getOrCreate(
      name, inputs, result.getType(context),
      [&](ImplicitLocOpBuilder &b, ValueRange arguments, Value padded) {
        return writeInside(b, result, padded, [&](Value inside) {
          return makeDense(b, input, arguments[0], arguments[1], arguments[2],
                           inside, stride, activation);
        });
      });
}

func::FuncOp KernelLibrary::getDepthwise(const Layout &input,
                                         const Layout &result,
                                         RankedTensorType filter,
                                         int64_t stride,
                                         Activation activation) {
  MLIRContext *context = module.getContext();
  OpBuilder builder(context);
  SmallVector<Type> inputs{input.getType(context), filter,
                           getBiasType(builder, result.channels)};
  std::string name =
      fmt::format("depthwise_{}_stride{}_to_{}{}", input.getName(), stride,
                  result.getName(), getSuffix(activation));
  return getOrCreate(
      name, inputs, result.getType(context),
      [&](ImplicitLocOpBuilder &b, ValueRange arguments, Value padded) {
        return writeInside(b, result, padded, [&](Value inside) {
          return makeDepthwise(b, extractPixels(b, input, arguments[0]),
                               arguments[1], arguments[2], inside, stride,
                               activation);
        });
      });
}

func::FuncOp KernelLibrary::getPointwise(const Layout &input,
                                         const Layout &result,
                                         Activation activation) {
  MLIRContext *context = module.getContext();
  OpBuilder builder(context);
  int64_t depth = getPanelCount(input.channels) * kPanel;
  SmallVector<Type> inputs{
      input.getType(context),
      RankedTensorType::get({getPanelCount(result.channels), depth, kPanel},
                            builder.getF32Type()),
      getBiasType(builder, result.channels)};
  std::string name = fmt::format("pointwise_{}_to_{}{}", input.getName(),
                                 result.getName(), getSuffix(activation));
  return getOrCreate(
      name, inputs, result.getType(context),
      [&](ImplicitLocOpBuilder &b, ValueRange arguments, Value padded) {
        return writeInside(b, result, padded, [&](Value inside) {
          return makePointwise(b, extractInterior(b, input, arguments[0]),
                               arguments[1], arguments[2], inside, activation);
        });
      });
}

func::FuncOp KernelLibrary::getAverage(const Layout &input) {
  MLIRContext *context = module.getContext();
  Layout result{Layout::Panels, 1, 1, input.channels};
  std::string name = fmt::format("average_{}", input.getName());
  return getOrCreate(
      name, input.getType(context), result.getType(context),
      [&](ImplicitLocOpBuilder &b, ValueRange arguments, Value mean) -> Value {
        Value pixels = extractInterior(b, input, arguments[0]);
        AffineExpr p, n, h, w;
        bindDims(context, p, n, h, w);
        Value sums = collapse(b, mean, {{0, 1, 2}, {3}});
        sums = linalg::FillOp::create(b, makeConstant(b, 0), sums).getResult(0);
        sums = makeGeneric(b, pixels, sums,
                           {AffineMap::get(4, 0, {h, w, p, n}, context),
                            AffineMap::get(4, 0, {p, n}, context)},
                           2, 2, [](ImplicitLocOpBuilder &nb, ValueRange s) {
                             return arith::AddFOp::create(nb, s[1], s[0]);
                           });
        double count = static_cast<double>(input.height * input.width);
        sums = makeGeneric(b, {}, sums, {b.getMultiDimIdentityMap(2)}, 2, 0,
                           [&](ImplicitLocOpBuilder &nb, ValueRange s) {
                             return arith::MulFOp::create(
                                 nb, s[0], makeConstant(nb, 1 / count));
                           });
        return tensor::ExpandShapeOp::create(
            b, mean.getType(), sums,
            ArrayRef<ReassociationIndices>{{0, 1, 2}, {3}});
      });
}

func::FuncOp KernelLibrary::getScale(const Layout &input, const Layout &result,
                                     Activation activation) {
  MLIRContext *context = module.getContext();
  Layout gate{Layout::Panels, 1, 1, input.channels};
  SmallVector<Type> inputs{input.getType(context), gate.getType(context)};
  std::string name = fmt::format("scale_{}_to_{}{}", input.getName(),
                                 result.getName(), getSuffix(activation));
  return getOrCreate(
      name, inputs, result.getType(context),
      [&](ImplicitLocOpBuilder &b, ValueRange arguments, Value padded) {
        Value pixels = extractInterior(b, input, arguments[0]);
        Value factors = collapse(b, arguments[1], {{0, 1, 2}, {3}});
        AffineMap identity = b.getMultiDimIdentityMap(4);
        return writeInside(b, result, padded, [&](Value inside) {
          return makeGeneric(b, {pixels, factors}, inside,
                             {identity, identity.getMinorSubMap(2), identity},
                             4, 0, [&](ImplicitLocOpBuilder &nb, ValueRange s) {
                               Value scaled =
                                   arith::MulFOp::create(nb, s[0], s[1]);
                               return activate(nb, scaled, activation);
                             });
        });
      });
}

func::FuncOp KernelLibrary::getSoftmax(const Layout &logits) {
  MLIRContext *context = module.getContext();
  RankedTensorType type = logits.getType(context);
  std::string name = fmt::format("softmax_{}", logits.channels);
  return getOrCreate(
      name, type, type,
      [&](ImplicitLocOpBuilder &b, ValueRange arguments, Value result) {
        // The reductions run over the real classes, each in all 16 lanes
        // alike, so that no sum across the lanes of a vector is needed.
        auto classes = [&](Value panels) {
          Value flat = collapse(b, panels, {{0, 1, 2, 3}});
          return Slice(b, {0}, {logits.channels}).extract(b, flat);
        };
        auto lanes = RankedTensorType::get({kPanel}, b.getF32Type());
        AffineExpr n, k;
        bindDims(context, n, k);
        SmallVector<AffineMap> reduce{AffineMap::get(2, 0, {k}, context),
                                      AffineMap::get(2, 0, {n}, context)};
        AffineMap identity = b.getMultiDimIdentityMap(4);
        SmallVector<AffineMap> spread{identity, identity.getMinorSubMap(1),
                                      identity};
        auto start = [&](double value) {
          Value empty = tensor::EmptyOp::create(b, lanes, ValueRange{});
          return linalg::FillOp::create(b, makeConstant(b, value), empty)
              .getResult(0);
        };

        Value largest =
            makeGeneric(b, classes(arguments[0]),
                        start(-std::numeric_limits<double>::infinity()), reduce,
                        1, 1, [](ImplicitLocOpBuilder &nb, ValueRange s) {
                          return arith::MaximumFOp::create(nb, s[1], s[0]);
                        });
        Value powers =
            makeGeneric(b, {arguments[0], largest}, result, spread, 4, 0,
                        [](ImplicitLocOpBuilder &nb, ValueRange s) {
                          return math::ExpOp::create(
                              nb, arith::SubFOp::create(nb, s[0], s[1]));
                        });
        Value total =
            makeGeneric(b, classes(powers), start(0), reduce, 1, 1,
                        [](ImplicitLocOpBuilder &nb, ValueRange s) {
                          return arith::AddFOp::create(nb, s[1], s[0]);
                        });
        return makeGeneric(b, total, powers, {spread[1], identity}, 4, 0,
                           [](ImplicitLocOpBuilder &nb, ValueRange s) {
                             return arith::DivFOp::create(nb, s[1], s[0]);
                           });
      });
}
