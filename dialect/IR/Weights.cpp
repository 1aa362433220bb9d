// Dense attributes for small weights, resources for large ones.
#include "dialect/IR/Weights.h"

#include "dialect/IR/Limits.h"
#include "dialect/IR/MobileOneOps.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/Support/Alignment.h"

#include <cmath>

using namespace mlir;
using namespace mobileone;

/// Above this many elements weights are a resource.
static constexpr int64_t kMaxInlineElements = 64;

bool mobileone::areWeights(Attribute attr, int64_t rank, bool integers) {
  auto elements = dyn_cast<ElementsAttr>(attr);
  if (!elements || !isa<DenseElementsAttr, DenseResourceElementsAttr>(attr))
    return false;
  auto type = dyn_cast<RankedTensorType>(elements.getShapedType());
  if (!type || type.getRank() != rank || !MobileOneDialect::isPlain(type) ||
      type.getNumElements() > kMaxWeightElements)
    return false;
  Type element = type.getElementType();
  bool isInteger =
      element.isSignlessInteger(8) || element.isSignlessInteger(32);
  if (!element.isF32() && !element.isF64() && !(integers && isInteger))
    return false;
  // A resource that the file declares but does not hold has no blob. Bytecode
  // is used in place and need not be aligned.
  auto resource = dyn_cast<DenseResourceElementsAttr>(attr);
  if (!resource)
    return true;
  AsmResourceBlob *blob = resource.getRawHandle().getBlob();
  size_t elementSize = element.getIntOrFloatBitWidth() / 8;
  return blob &&
         blob->getData().size() ==
             static_cast<size_t>(type.getNumElements()) * elementSize &&
         llvm::isAddrAligned(llvm::Align(elementSize), blob->getData().data());
}

template <typename T>
static ElementsAttr makeWeightsOf(Type elementType, ArrayRef<int64_t> shape,
                                  ArrayRef<T> values, StringRef name) {
  auto type = RankedTensorType::get(shape, elementType);
  assert(type.getNumElements() == static_cast<int64_t>(values.size()) &&
         "shape and values differ");
  if (type.getNumElements() <= kMaxInlineElements)
    return DenseElementsAttr::get(type, values);
  return DenseResourceElementsAttr::get(
      type, name.empty() ? "weights" : name,
      HeapAsmResourceBlob::allocateAndCopyInferAlign(values));
}

ElementsAttr mobileone::makeWeights(MLIRContext *context,
                                    ArrayRef<int64_t> shape,
                                    ArrayRef<float> values, StringRef name) {
  return makeWeightsOf(Float32Type::get(context), shape, values, name);
}

ElementsAttr mobileone::makeWeights(MLIRContext *context,
                                    ArrayRef<int64_t> shape,
                                    ArrayRef<double> values, StringRef name) {
  return makeWeightsOf(Float64Type::get(context), shape, values, name);
}

ElementsAttr mobileone::makeWeights(MLIRContext *context,
                                    ArrayRef<int64_t> shape,
                                    ArrayRef<int8_t> values, StringRef name) {
  return makeWeightsOf(IntegerType::get(context, 8), shape, values, name);
}

ElementsAttr mobileone::makeWeights(MLIRContext *context,
                                    ArrayRef<int64_t> shape,
                                    ArrayRef<int32_t> values, StringRef name) {
  return makeWeightsOf(IntegerType::get(context, 32), shape, values, name);
}

ElementsAttr mobileone::borrowWeights(MLIRContext *context,
                                      ArrayRef<int64_t> shape,
                                      ArrayRef<float> values, StringRef name) {
  auto type = RankedTensorType::get(shape, Float32Type::get(context));
  assert(type.getNumElements() == static_cast<int64_t>(values.size()) &&
         "shape and values differ");
  if (type.getNumElements() <= kMaxInlineElements)
    return DenseElementsAttr::get(type, values);
  return DenseResourceElementsAttr::get(
      type, name, UnmanagedAsmResourceBlob::allocateInferAlign(values));
}

/// Calls `use` with the elements, of type T.
template <typename T, typename Fn>
static void withElementsOf(ElementsAttr weights, Fn use) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(weights)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    assert(blob && "verified weights have data");
    return use(blob->getDataAs<T>());
  }
  use(ArrayRef<T>(llvm::to_vector(weights.getValues<T>())));
}

/// Calls `use` with the elements as an ArrayRef of their type.
template <typename Fn>
static void withElements(ElementsAttr weights, Fn use) {
  Type element = weights.getElementType();
  if (element.isF64())
    return withElementsOf<double>(weights, use);
  if (element.isF32())
    return withElementsOf<float>(weights, use);
  if (element.isInteger(8))
    return withElementsOf<int8_t>(weights, use);
  withElementsOf<int32_t>(weights, use);
}

SmallVector<double> mobileone::readWeights(ElementsAttr weights) {
  SmallVector<double> values;
  withElements(weights, [&](const auto &elements) {
    values.assign(elements.begin(), elements.end());
  });
  return values;
}

SmallVector<float> mobileone::readRoundedWeights(ElementsAttr weights) {
  SmallVector<float> values;
  withElements(weights, [&](const auto &elements) {
    values.reserve(elements.size());
    for (auto element : elements)
      values.push_back(static_cast<float>(element));
  });
  return values;
}

SmallVector<double> mobileone::getLargestSums(ElementsAttr weights,
                                              ElementsAttr bias,
                                              int64_t largest) {
  SmallVector<double> values = readWeights(weights);
  SmallVector<double> sums(weights.getShapedType().getDimSize(0), 0);
  if (bias)
    sums = readWeights(bias);
  size_t row = values.size() / sums.size();
  for (auto [o, sum] : llvm::enumerate(sums)) {
    double magnitudes = 0;
    for (double weight : ArrayRef(values).slice(o * row, row))
      magnitudes += std::abs(weight);
    sum = std::abs(sum) + magnitudes * static_cast<double>(largest);
  }
  return sums;
}

SmallVector<char, 0> mobileone::packWeights(ElementsAttr weights) {
  SmallVector<char, 0> bytes;
  auto append = [&](auto elements) {
    auto *data = reinterpret_cast<const char *>(elements.data());
    bytes.append(data, data + elements.size() * sizeof(elements.front()));
  };
  if (weights.getElementType().isF64())
    append(ArrayRef<float>(readRoundedWeights(weights)));
  else
    withElements(weights, append);
  return bytes;
}

StringRef mobileone::getWeightsName(ElementsAttr weights) {
  auto resource = dyn_cast<DenseResourceElementsAttr>(weights);
  if (!resource)
    return "";
  // The resource manager appends "_<number>" to make a key unique.
  StringRef key = resource.getRawHandle().getKey();
  StringRef stem = key.rtrim("0123456789");
  return stem.size() < key.size() && stem.ends_with("_") ? stem.drop_back()
                                                         : key;
}

void mobileone::releaseWeights(ElementsAttr weights) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(weights))
    if (AsmResourceBlob *blob = resource.getRawHandle().getBlob())
      *blob = AsmResourceBlob(ArrayRef<char>(), 1, {}, false);
}
