// Packs weights into panels of 16 output channels, padded with zeros.
#include "compiler/Conversion/MobileOneToLinalg/PackWeights.h"

#include "dialect/IR/Layout.h"
#include "dialect/IR/Weights.h"

using namespace mlir;
using namespace mobileone;

/// Fills an array of `shape` (its last dimension is a panel) from `filter`;
/// `getSource` gives the row-major index in `filter` or -1 for padding.
template <typename Fn>
static ElementsAttr pack(ElementsAttr filter, ArrayRef<int64_t> shape,
                         Fn getSource) {
  SmallVector<float> source = readRoundedWeights(filter);
  SmallVector<float> packed(ShapedType::getNumElements(shape), 0.0f);
  SmallVector<int64_t> index(shape.size(), 0);
  for (float &element : packed) {
    int64_t from = getSource(index);
    if (from >= 0)
      element = source[from];
    for (int64_t d = shape.size() - 1; d >= 0 && ++index[d] == shape[d]; --d)
      index[d] = 0;
  }
  return makeWeights(filter.getContext(), shape, ArrayRef<float>(packed),
                     getWeightsName(filter));
}

ElementsAttr mobileone::packPointwise(ElementsAttr filter) {
  int64_t outputs = filter.getShapedType().getDimSize(0);
  int64_t inputs = filter.getShapedType().getDimSize(1);
  int64_t paddedInputs = getPanelCount(inputs) * kPanel;
  return pack(filter, {getPanelCount(outputs), paddedInputs, kPanel},
              [=](ArrayRef<int64_t> i) {
                int64_t o = i[0] * kPanel + i[2];
                return o < outputs && i[1] < inputs ? o * inputs + i[1] : -1;
              });
}

ElementsAttr mobileone::packDepthwise(ElementsAttr filter) {
  ArrayRef<int64_t> from = filter.getShapedType().getShape();
  int64_t channels = from[0], height = from[2], width = from[3];
  return pack(filter, {height, width, getPanelCount(channels), kPanel},
              [=](ArrayRef<int64_t> i) {
                int64_t c = i[2] * kPanel + i[3];
                return c < channels ? (c * height + i[0]) * width + i[1] : -1;
              });
}

ElementsAttr mobileone::packDense(ElementsAttr filter) {
  ArrayRef<int64_t> from = filter.getShapedType().getShape();
  int64_t outputs = from[0], inputs = from[1], height = from[2],
          width = from[3];
  return pack(filter, {getPanelCount(outputs), height, width, inputs, kPanel},
              [=](ArrayRef<int64_t> i) {
                int64_t o = i[0] * kPanel + i[4];
                return o < outputs
                           ? ((o * inputs + i[3]) * height + i[1]) * width +
                                 i[2]
                           : -1;
              });
}

ElementsAttr mobileone::packPerChannel(ElementsAttr bias) {
  int64_t channels = bias.getShapedType().getDimSize(0);
  return pack(bias, {getPanelCount(channels), kPanel},
              [=](ArrayRef<int64_t> i) {
                int64_t c = i[0] * kPanel + i[1];
                return c < channels ? c : -1;
              });
}
