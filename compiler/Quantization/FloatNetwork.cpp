// A single-branch network as plain numbers: what is quantized.
#include "compiler/Quantization/FloatNetwork.h"

#include <algorithm>
#include <cmath>

using namespace mobileone;

void Gates::apply(Eigen::Ref<MatrixF> values) const {
  Eigen::VectorXf means = values.rowwise().mean();
  Eigen::VectorXf hidden = (reduce * means + reduceBias).cwiseMax(0);
  Eigen::VectorXf numbers = expand * hidden + expandBias;
  for (int64_t c = 0; c != values.rows(); ++c)
    values.row(c) *= isHard ? std::clamp(numbers[c] / 6 + 0.5F, 0.0F, 1.0F)
                            : 1 / (1 + std::exp(-numbers[c]));
}

int64_t FloatNetwork::countMultiplyAdds() const {
  int64_t count = 0;
  for (const FloatBlock &block : blocks)
    count += block.shape.countMultiplyAdds();
  for (const FloatHead &head : heads)
    count += head.weight.size();
  return count;
}
