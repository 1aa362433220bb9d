// Types and names of layouts.
#include "compiler/Conversion/MobileOneToLinalg/Layout.h"

#include "compiler/Conversion/MobileOneToLinalg/PackWeights.h"
#include <fmt/format.h>

#include <array>

using namespace mlir;
using namespace mobileone;

RankedTensorType Layout::getType(MLIRContext *context) const {
  Type f32 = Float32Type::get(context);
  int64_t h = getPaddedHeight(), w = getPaddedWidth();
  switch (kind) {
  case Panels:
    return RankedTensorType::get({h, w, getPanelCount(channels) + gap, kPanel},
                                 f32);
  case Planar:
    return RankedTensorType::get({channels, h, w}, f32);
  case Interleaved:
    return RankedTensorType::get({h, w * channels}, f32);
  }
  llvm_unreachable("unknown layout");
}

std::string Border::getName() const {
  std::array sides{top, left, bottom, right};
  bool isWide = llvm::any_of(sides, [](int64_t side) { return side > 9; });
  return fmt::format("{}", fmt::join(sides, isWide ? "_" : ""));
}

std::string Layout::getName() const {
  std::string name = fmt::format("{}x{}x{}", height, width, channels);
  if (isReversed)
    name += "_bgr";
  if (!border.isEmpty())
    name += fmt::format("_border{}", border.getName());
  if (gap)
    name += fmt::format("_gap{}", gap);
  return name;
}

llvm::StringRef mobileone::getImageForm(bool isBytes, Layout::Kind kind) {
  if (isBytes)
    return "u8_nhwc";
  return kind == Layout::Planar ? "f32_nchw" : "f32_nhwc";
}
