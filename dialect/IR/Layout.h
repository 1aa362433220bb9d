// How activations lie in memory, in one place.
#ifndef MOBILEONE_DIALECT_IR_LAYOUT_H
#define MOBILEONE_DIALECT_IR_LAYOUT_H

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/Hashing.h"

#include <string>

namespace mobileone {

/// Channels of one panel: one AVX-512 register of floats, and a multiple of
/// every narrower one, so that all ISA levels share one copy of the weights.
inline constexpr int64_t kPanel = 16;

/// Bytes of a pixel that one product of integers takes: dot products of all
/// ISAs that have them add four.
inline constexpr int64_t kGroup = 4;

/// Panels that hold `channels`; the last one is padded with zeros.
inline int64_t getPanelCount(int64_t channels) {
  return (channels + kPanel - 1) / kPanel;
}

/// Zeros around an image, in pixels.
struct Border {
  int64_t top = 0, left = 0, bottom = 0, right = 0;

  bool isEmpty() const { return *this == Border(); }
  bool operator==(const Border &other) const {
    return std::tie(top, left, bottom, right) ==
           std::tie(other.top, other.left, other.bottom, other.right);
  }
  bool operator!=(const Border &other) const { return !(*this == other); }
  /// "1111"; where a side is wider than a digit "11_1_11_1".
  std::string getName() const;
};

/// How a layer's result or an image lies in memory: `height` x `width` pixels
/// of `channels` in the middle of a border.
///
///   Panels       [H][W][P][16]  every layer's result, `gap` panels unused
///   Planar       [C][H][W]      an image, from a caller's NCHW
///   Interleaved  [H][W * C]     an image, from a caller's NHWC: `channels`
///                               count alpha, too; `isReversed`: blue is first
struct Layout {
  enum Kind { Panels, Planar, Interleaved };

  Kind kind;
  int64_t height, width, channels;
  /// f32; i8 for bytes, which have no sign; i32 for sums of bytes.
  mlir::Type element;
  Border border = {};
  int64_t gap = 0;
  bool isReversed = false;

  bool operator==(const Layout &other) const;
  bool operator!=(const Layout &other) const { return !(*this == other); }

  int64_t getPaddedHeight() const {
    return border.top + height + border.bottom;
  }
  int64_t getPaddedWidth() const { return border.left + width + border.right; }
  /// Elements of one pixel in a row: all channels of an interleaved image, else
  /// one per plane or panel.
  int64_t getPixelSize() const { return kind == Interleaved ? channels : 1; }
  /// Elements of a row, border included.
  int64_t getPitch() const { return getPaddedWidth() * getPixelSize(); }
  /// Border included.
  mlir::RankedTensorType getType() const;
  int64_t getBytes() const;
  /// "56x56x48", with a border "56x56x48_border1111"; "56x56x3_bgr"; of bytes
  /// in panels "56x56x48_u8", of their sums "1x1x1024_i32".
  std::string getName() const;
  /// The same pixels in panels, without border and gap.
  Layout getDensePanels() const;
  /// One pixel in panels of so many channels, such as a mean.
  Layout getOnePixel(int64_t channels) const;
};

llvm::hash_code hash_value(const Layout &layout);

} // namespace mobileone

#endif // MOBILEONE_DIALECT_IR_LAYOUT_H
