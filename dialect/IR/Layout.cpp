// Types and names of layouts.
#include "dialect/IR/Layout.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <array>

using namespace mlir;
using namespace mobileone;

std::string Border::getName() const {
  std::array sides{top, left, bottom, right};
  bool isWide = llvm::any_of(sides, [](int64_t side) { return side > 9; });
  return llvm::join(
      llvm::map_range(sides, [](int64_t side) { return std::to_string(side); }),
      isWide ? "_" : "");
}

bool Layout::operator==(const Layout &other) const {
  return std::tie(kind, height, width, channels, element, border, gap,
                  isReversed) ==
         std::tie(other.kind, other.height, other.width, other.channels,
                  other.element, other.border, other.gap, other.isReversed);
}

llvm::hash_code mobileone::hash_value(const Layout &layout) {
  const Border &border = layout.border;
  return llvm::hash_combine(layout.kind, layout.height, layout.width,
                            layout.channels, layout.element, border.top,
                            border.left, border.bottom, border.right,
                            layout.gap, layout.isReversed);
}

RankedTensorType Layout::getType() const {
  int64_t h = getPaddedHeight(), w = getPaddedWidth();
  switch (kind) {
  case Panels:
    return RankedTensorType::get({h, w, getPanelCount(channels) + gap, kPanel},
                                 element);
  case Planar:
    return RankedTensorType::get({channels, h, w}, element);
  case Interleaved:
    return RankedTensorType::get({h, w * channels}, element);
  }
  llvm_unreachable("unknown layout");
}

int64_t Layout::getBytes() const {
  RankedTensorType type = getType();
  return type.getNumElements() * type.getElementTypeBitWidth() / 8;
}

std::string Layout::getName() const {
  std::string name = std::to_string(height) + "x" + std::to_string(width) +
                     "x" + std::to_string(channels);
  if (isReversed)
    name += "_bgr";
  // An image's bytes are told by its form.
  if (kind == Panels && !element.isF32())
    name += element.isInteger(8) ? "_u8" : "_i32";
  if (!border.isEmpty())
    name += "_border" + border.getName();
  if (gap)
    name += "_gap" + std::to_string(gap);
  return name;
}

Layout Layout::getDensePanels() const {
  return {Panels, height, width, channels, element};
}

Layout Layout::getOnePixel(int64_t channels) const {
  return {Panels, 1, 1, channels, element};
}
