// How activations lie in memory, in one place.
#ifndef MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_LAYOUT_H
#define MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_LAYOUT_H

#include "mlir/IR/BuiltinTypes.h"

#include <string>

namespace mobileone {

/// Zeros around an image, in pixels.
struct Border {
  int64_t top = 0, left = 0, bottom = 0, right = 0;

  bool isEmpty() const { return !top && !left && !bottom && !right; }
  /// "1111"; where a side is wider than a digit "11_1_11_1".
  std::string getName() const;
};

/// How a layer's result lies in memory: `height` x `width` pixels of
/// `channels` in the middle of a border.
///
///   Panels       [H][W][P][16]  every layer's result, `gap` panels unused
///   Planar       [C][H][W]      the image, from a caller's NCHW
///   Interleaved  [H][W * C]     the image, from a caller's NHWC: `channels`
///                               count alpha, too; `isReversed`: blue is first
struct Layout {
  enum Kind { Panels, Planar, Interleaved };

  Kind kind = Panels;
  int64_t height = 1, width = 1, channels = 1;
  Border border = {};
  int64_t gap = 0;
  bool isReversed = false;

  int64_t getPaddedHeight() const {
    return border.top + height + border.bottom;
  }
  int64_t getPaddedWidth() const { return border.left + width + border.right; }
  /// Elements of one pixel in a row: all channels of an interleaved image, else
  /// one per plane or panel.
  int64_t getPixelSize() const { return kind == Interleaved ? channels : 1; }
  /// Elements of a row, border included.
  int64_t getPitch() const { return getPaddedWidth() * getPixelSize(); }
  /// f32, border included.
  mlir::RankedTensorType getType(mlir::MLIRContext *context) const;
  /// "56x56x48", with a border "56x56x48_border1111"; "56x56x3_bgr".
  std::string getName() const;
};

/// How the caller's image lies, in the name of the kernel that reads it.
llvm::StringRef getImageForm(bool isBytes, Layout::Kind kind);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_LAYOUT_H
