// Names and sizes of what works in bands of rows.
#include "compiler/Conversion/MobileOneToLinalg/BandShape.h"

#include <fmt/format.h>

using namespace mlir;
using namespace mobileone;

std::string BandShape::getName() const {
  const BandLayer &first = layers.front();
  std::string name =
      inPlace ? fmt::format("pair_{}", inPlace->getName())
              : fmt::format(
                    "stem_{}_{}",
                    getImageForm(first.inputs == 4, first.result.kind).str(),
                    first.result.getName());
  for (const BandLayer &layer : layers)
    if (layer.kind != BandLayer::ReadImage) {
      const Layout &result = layer.result;
      name += fmt::format("_to_{}{}",
                          &layer == &layers.back()
                              ? result.getName()
                              : std::to_string(result.channels),
                          getSuffix(layer.activation).str());
    }
  return name;
}

SmallVector<int64_t> BandShape::getNewRows() const {
  SmallVector<int64_t> counts(layers.size(), rows);
  for (size_t i = layers.size() - 1; i; --i)
    counts[i - 1] = counts[i] * layers[i].stride;
  return counts;
}

SmallVector<RankedTensorType>
BandShape::getScratchTypes(MLIRContext *context) const {
  SmallVector<RankedTensorType> types;
  SmallVector<int64_t> counts = getNewRows();
  for (auto [i, next] : llvm::enumerate(ArrayRef(layers).drop_front())) {
    Layout layout = layers[i].result;
    layout.border.top = layout.border.bottom = 0;
    // A few rows fit into a cache's sets as they are.
    layout.gap = 0;
    layout.height = next.getSharedRows() + counts[i];
    types.push_back(layout.getType(context));
    layout.height = next.getSharedRows();
    if (layout.height)
      types.push_back(layout.getType(context));
  }
  return types;
}

int64_t BandShape::getFullBands() const {
  int64_t count = std::numeric_limits<int64_t>::max();
  for (auto [layer, newRows] : llvm::zip_equal(layers, getNewRows()))
    count = std::min(count, layer.result.height / newRows);
  return count;
}

int64_t BandShape::getBands() const {
  int64_t count = getFullBands();
  return count + (layers.back().result.height > count * rows);
}
