// Sums of weights for Strassen's algorithm that are made when a network is
// compiled.
#include "compiler/Codegen/StrassenWeights.h"

#include "compiler/Schedule/Strassen.h"
#include "dialect/IR/Weights.h"

using namespace mlir;
using namespace mobileone;

RankedTensorType mobileone::getPackedSumsType(RankedTensorType matrix,
                                              int64_t levels) {
  SmallVector<int64_t> shape(matrix.getShape());
  for (int64_t level = 0; level != levels; ++level) {
    shape[0] = shape[0] / 2 * kStrassenProducts;
    shape[1] /= 2;
  }
  return matrix.clone(shape);
}

/// Appends the halves of a matrix of `panels` panels of `steps` steps. The sums
/// are those that StrassenSums.h makes at run time, with the same bits.
static void appendHalves(ArrayRef<float> matrix, int64_t panels, int64_t steps,
                         int64_t lanes, SmallVectorImpl<float> &packed) {
  int64_t row = steps / 2 * lanes, lower = row, right = panels / 2 * 2 * row;
  auto append = [&](auto get) {
    for (int64_t p = 0; p != panels / 2; ++p)
      for (int64_t i = 0; i != row; ++i) {
        const float *at = &matrix[p * 2 * row + i];
        packed.push_back(get(at[0], at[right], at[lower], at[right + lower]));
      }
  };
  using F = float;
  append([](F b11, F, F, F) { return b11; });
  append([](F, F, F b21, F) { return b21; });
  append([](F b11, F b12, F, F b22) { return b22 - (b12 - b11); });
  append([](F b11, F b12, F, F) { return b12 - b11; });
  append([](F, F, F, F b22) { return b22; });
  append([](F, F b12, F, F b22) { return b22 - b12; });
  append([](F b11, F b12, F b21, F b22) { return b21 - (b22 - (b12 - b11)); });
}

ElementsAttr mobileone::packWeightSums(ElementsAttr matrix, int64_t levels) {
  auto type = cast<RankedTensorType>(matrix.getShapedType());
  int64_t panels = type.getDimSize(0), steps = type.getDimSize(1),
          lanes = type.getDimSize(2);
  SmallVector<float> values = readRoundedWeights(matrix);
  for (int64_t level = 0; level != levels; ++level) {
    SmallVector<float> packed;
    packed.reserve(values.size() / 4 * kStrassenProducts);
    int64_t size = panels * steps * lanes;
    for (size_t at = 0; at != values.size(); at += size)
      appendHalves(ArrayRef(values).slice(at, size), panels, steps, lanes,
                   packed);
    values = std::move(packed);
    panels /= 2;
    steps /= 2;
  }
  return makeWeights(matrix.getContext(),
                     getPackedSumsType(type, levels).getShape(),
                     ArrayRef<float>(values), getWeightsName(matrix));
}
