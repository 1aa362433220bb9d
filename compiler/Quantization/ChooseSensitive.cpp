// Which layers of a network stay in float32.
#include "compiler/Quantization/ChooseSensitive.h"

using namespace mobileone;

std::vector<bool> mobileone::chooseSensitive(const FloatNetwork &network,
                                             size_t budgetLayers,
                                             double budgetShare) {
  size_t count = network.blocks.size(), taken = 0;
  std::vector<size_t> order{0};
  if (count >= 7) // else there is no pair between the first and the last
    order = {0, 1, 2, count - 4, count - 3};
  double left = budgetShare * static_cast<double>(network.countMultiplyAdds());
  std::vector<bool> isReal(count);
  for (size_t index : order) {
    auto cost =
        static_cast<double>(network.blocks[index].shape.countMultiplyAdds());
    if (index != 0 && (taken == budgetLayers || cost > left))
      continue;
    isReal[index] = true;
    left -= cost;
    ++taken;
  }
  return isReal;
}
