// Packs weights into panels of 16 output channels, padded with zeros.
#include "compiler/Conversion/MobileOneToLinalg/PackWeights.h"

#include "dialect/IR/Layout.h"
#include "dialect/IR/Weights.h"

using namespace mlir;
using namespace mobileone;

/// Fills an array of `shape` (its last dimensions are a panel) from `filter`;
/// `getSource` gives the row-major index in `filter` or -1 for padding.
template <typename T, typename Fn>
static ElementsAttr pack(ElementsAttr filter, ArrayRef<int64_t> shape,
                         Fn getSource) {
  SmallVector<double> source = readWeights(filter);
  SmallVector<T> packed(ShapedType::getNumElements(shape), T(0));
  SmallVector<int64_t> index(shape.size(), 0);
  for (T &element : packed) {
    int64_t from = getSource(index);
    if (from >= 0)
      element = static_cast<T>(source[from]);
    for (int64_t d = shape.size() - 1; d >= 0 && ++index[d] == shape[d]; --d)
      index[d] = 0;
  }
  return makeWeights(filter.getContext(), shape, ArrayRef<T>(packed),
                     getWeightsName(filter));
}

ElementsAttr mobileone::packPointwise(ElementsAttr filter, bool inGroups) {
  int64_t outputs = filter.getShapedType().getDimSize(0);
  int64_t inputs = filter.getShapedType().getDimSize(1);
  int64_t panels = getPanelCount(outputs),
          paddedInputs = getPanelCount(inputs) * kPanel;
  auto getSource = [=](int64_t o, int64_t k) {
    return o < outputs && k < inputs ? o * inputs + k : -1;
  };
  if (inGroups)
    return pack<int8_t>(filter, {panels, paddedInputs / kGroup, kPanel, kGroup},
                        [=](ArrayRef<int64_t> i) {
                          return getSource(i[0] * kPanel + i[2],
                                           i[1] * kGroup + i[3]);
                        });
  auto inOrder = [=](ArrayRef<int64_t> i) {
    return getSource(i[0] * kPanel + i[2], i[1]);
  };
  SmallVector<int64_t> shape{panels, paddedInputs, kPanel};
  return filter.getElementType().isInteger(8)
             ? pack<int8_t>(filter, shape, inOrder)
             : pack<float>(filter, shape, inOrder);
}

ElementsAttr mobileone::packDepthwise(ElementsAttr filter) {
  ArrayRef<int64_t> from = filter.getShapedType().getShape();
  int64_t channels = from[0], height = from[2], width = from[3];
  return pack<float>(filter, {height, width, getPanelCount(channels), kPanel},
                     [=](ArrayRef<int64_t> i) {
                       int64_t c = i[2] * kPanel + i[3];
                       return c < channels ? (c * height + i[0]) * width + i[1]
                                           : -1;
                     });
}

ElementsAttr mobileone::packDense(ElementsAttr filter) {
  ArrayRef<int64_t> from = filter.getShapedType().getShape();
  int64_t outputs = from[0], inputs = from[1], height = from[2],
          width = from[3];
  return pack<float>(
      filter, {getPanelCount(outputs), height, width, inputs, kPanel},
      [=](ArrayRef<int64_t> i) {
        int64_t o = i[0] * kPanel + i[4];
        return o < outputs
                   ? ((o * inputs + i[3]) * height + i[1]) * width + i[2]
                   : -1;
      });
}

ElementsAttr mobileone::packPerChannel(ElementsAttr numbers, bool asIntegers) {
  int64_t channels = numbers.getShapedType().getDimSize(0);
  auto getSource = [=](ArrayRef<int64_t> i) {
    int64_t c = i[0] * kPanel + i[1];
    return c < channels ? c : -1;
  };
  SmallVector<int64_t> shape{getPanelCount(channels), kPanel};
  return asIntegers ? pack<int32_t>(numbers, shape, getSource)
                    : pack<float>(numbers, shape, getSource);
}
