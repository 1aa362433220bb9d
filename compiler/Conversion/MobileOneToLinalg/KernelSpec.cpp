// Names of kernels, types of their arguments, and rows of bands.
#include "compiler/Conversion/MobileOneToLinalg/KernelSpec.h"

#include "compiler/Conversion/MobileOneToLinalg/PackWeights.h"
#include <fmt/format.h>

using namespace mlir;
using namespace mobileone;

bool LayerSpec::operator==(const LayerSpec &other) const {
  auto tie = [](const LayerSpec &s) {
    return std::tie(s.kind, s.result, s.filterHeight, s.filterWidth, s.stride,
                    s.dilation, s.activation, s.skipsAlpha, s.isQuantized,
                    s.hasFactor);
  };
  return tie(*this) == tie(other);
}

bool KernelSpec::operator==(const KernelSpec &other) const {
  return std::tie(input, layers, form, rows) ==
         std::tie(other.input, other.layers, other.form, other.rows);
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

static std::string getSuffix(Activation activation) {
  switch (activation) {
  case Activation::None:
    return "";
  case Activation::Relu:
    return "_relu";
  case Activation::Gelu:
    return "_gelu";
  case Activation::Hardswish:
    return "_hardswish";
  case Activation::Silu:
    return "_silu";
  case Activation::Sigmoid:
    return "_sigmoid";
  case Activation::Hardsigmoid:
    return "_hardsigmoid";
  }
  llvm_unreachable("unknown activation");
}

/// What happens to the sums; that bytes have a factor is clear.
static std::string getSuffix(const LayerSpec &layer) {
  bool isScaled = layer.hasFactor && layer.result.element.isF32();
  return getSuffix(layer.activation) + (isScaled ? "_scaled" : "");
}

/// How the caller's image lies.
static std::string getImageForm(const Layout &image) {
  return fmt::format("{}_{}", image.element.isF32() ? "f32" : "u8",
                     image.kind == Layout::Planar ? "nchw" : "nhwc");
}

/// What is rarely there.
static std::string getFilterName(const LayerSpec &layer) {
  std::string name = layer.skipsAlpha ? "_alpha" : "";
  if (layer.filterHeight != 3 || layer.filterWidth != 3)
    name += fmt::format("_filter{}x{}", layer.filterHeight, layer.filterWidth);
  if (layer.dilation != 1)
    name += fmt::format("_dilation{}", layer.dilation);
  return name;
}

static std::string getBandsName(const KernelSpec &spec) {
  ArrayRef<LayerSpec> layers = spec.layers;
  std::string name = spec.form == KernelSpec::Tail ? "tail_" : "";
  if (spec.isInPlace()) {
    name += "pair_" + spec.input.getName();
  } else {
    name += fmt::format("stem_{}_{}{}", getImageForm(spec.input),
                        layers.front().result.getName(),
                        layers[1].skipsAlpha ? "_alpha" : "");
    layers = layers.drop_front();
  }
  for (const LayerSpec &layer : layers.drop_back())
    name += fmt::format("_to_{}{}", layer.result.channels, getSuffix(layer));
  return fmt::format("{}_to_{}{}_rows{}", name, spec.getResult().getName(),
                     getSuffix(layers.back()), spec.rows);
}

std::string KernelSpec::getName() const {
  if (form != Whole)
    return getBandsName(*this);
  const LayerSpec &layer = layers.front();
  std::string from = input.getName(), to = layer.result.getName();
  std::string suffix = getSuffix(layer);
  switch (layer.kind) {
  case LayerSpec::ReadImage:
    return fmt::format("read_{}_{}", getImageForm(input), to);
  case LayerSpec::Dense:
    return fmt::format("dense_{}_{}{}_stride{}_to_{}{}",
                       input.kind == Layout::Planar ? "nchw" : "nhwc", from,
                       getFilterName(layer), layer.stride, to, suffix);
  case LayerSpec::Depthwise:
    return fmt::format("depthwise_{}{}_stride{}_to_{}{}", from,
                       getFilterName(layer), layer.stride, to, suffix);
  case LayerSpec::Pointwise:
    return fmt::format("pointwise_{}{}_to_{}{}",
                       layer.isQuantized ? "int8_" : "", from, to, suffix);
  case LayerSpec::Average:
    return "average_" + from;
  case LayerSpec::Sum:
    return "sum_" + from;
  case LayerSpec::Dequantize:
    return fmt::format("dequantize_{}_to_{}", from, to);
  case LayerSpec::Scale:
    return fmt::format("scale_{}_to_{}{}", from, to, suffix);
  case LayerSpec::Softmax:
    return fmt::format("softmax_{}", input.channels);
  case LayerSpec::StoreFeatures:
    return fmt::format("store_features_{}{}", from,
                       layer.result.kind == Layout::Planar ? "" : "_nhwc");
  }
  llvm_unreachable("unknown layer");
}

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

/// One number for each of `channels`: [P][16].
static RankedTensorType getPerChannelType(int64_t channels, Type element) {
  return RankedTensorType::get({getPanelCount(channels), kPanel}, element);
}

SmallVector<Type> KernelSpec::getOwnTypes(size_t index) const {
  const LayerSpec &layer = layers[index];
  const Layout &from = index ? layers[index - 1].result : input;
  const Layout &result = layer.result;
  MLIRContext *context = result.element.getContext();
  Type f32 = Float32Type::get(context), i8 = IntegerType::get(context, 8),
       i32 = IntegerType::get(context, 32);
  int64_t panels = getPanelCount(result.channels);
  auto addFactor = [&](SmallVector<Type> types) {
    if (layer.hasFactor)
      types.push_back(getPerChannelType(result.channels, f32));
    return types;
  };
  auto filter = [&](ArrayRef<int64_t> shape) {
    return addFactor(
        {RankedTensorType::get(shape, layer.isQuantized ? i8 : f32),
         getPerChannelType(result.channels, layer.isQuantized ? i32 : f32)});
  };
  switch (layer.kind) {
  case LayerSpec::ReadImage: {
    RankedTensorType type = from.getType();
    SmallVector<Type> types{MemRefType::get(type.getShape(), from.element),
                            IndexType::get(type.getContext())};
    if (!from.element.isF32())
      types.append(2, RankedTensorType::get(type.getShape().back(), f32));
    return types;
  }
  case LayerSpec::Dense:
    return filter({panels, layer.filterHeight, layer.filterWidth,
                   from.channels - layer.skipsAlpha, kPanel});
  case LayerSpec::Depthwise:
    return filter({layer.filterHeight, layer.filterWidth, panels, kPanel});
  case LayerSpec::Pointwise: {
    int64_t depth = getPanelCount(from.channels) * kPanel;
    if (layer.isQuantized && from.element == i8)
      return filter({panels, depth / kGroup, kPanel, kGroup});
    return filter({panels, depth, kPanel});
  }
  case LayerSpec::Scale:
    return addFactor({from.getOnePixel(from.channels).getType()});
  case LayerSpec::Dequantize:
    return addFactor({});
  case LayerSpec::Average:
  case LayerSpec::Sum:
  case LayerSpec::Softmax:
  case LayerSpec::StoreFeatures:
    return {};
  }
  llvm_unreachable("unknown layer");
}

//===----------------------------------------------------------------------===//
// Bands
//===----------------------------------------------------------------------===//

SmallVector<int64_t> KernelSpec::getNewRows() const {
  SmallVector<int64_t> counts(layers.size(), rows);
  for (size_t i = layers.size() - 1; i; --i)
    counts[i - 1] = counts[i] * layers[i].stride;
  return counts;
}

SmallVector<RankedTensorType> KernelSpec::getScratchTypes() const {
  SmallVector<RankedTensorType> types;
  SmallVector<int64_t> counts = getNewRows();
  for (auto [i, next] : llvm::enumerate(ArrayRef(layers).drop_front())) {
    Layout layout = layers[i].result;
    layout.border.top = layout.border.bottom = 0;
    layout.height = next.getSharedRows() + counts[i];
    types.push_back(layout.getType());
    layout.height = next.getSharedRows();
    if (layout.height)
      types.push_back(layout.getType());
  }
  return types;
}

int64_t KernelSpec::getFullBands() const {
  int64_t count = std::numeric_limits<int64_t>::max();
  for (auto [layer, newRows] : llvm::zip_equal(layers, getNewRows()))
    count = std::min(count, layer.result.height / newRows);
  return count;
}

int64_t KernelSpec::getBands() const {
  int64_t count = getFullBands();
  return count + (getResult().height > count * rows);
}
