// The layouts of packed weights, in one place.
#ifndef MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_PACKWEIGHTS_H
#define MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_PACKWEIGHTS_H

#include "mlir/IR/BuiltinAttributes.h"

namespace mobileone {

/// Channels of one panel: one AVX-512 register of floats, and a multiple of
/// every narrower one, so that all ISA levels share one copy of the weights.
inline constexpr int64_t kPanel = 16;

/// Panels that hold `channels`; the last one is padded with zeros.
inline int64_t getPanelCount(int64_t channels) {
  return (channels + kPanel - 1) / kPanel;
}

/// [Cout][Cin] (trailing 1x1 allowed) -> [Cout / 16][Cin padded][16].
mlir::ElementsAttr packPointwise(mlir::ElementsAttr filter);

/// [C][1][H][W] -> [H][W][C / 16][16].
mlir::ElementsAttr packDepthwise(mlir::ElementsAttr filter);

/// [Cout][Cin][H][W] -> [Cout / 16][H][W][Cin][16].
mlir::ElementsAttr packDense(mlir::ElementsAttr filter);

/// [C] -> [C / 16][16].
mlir::ElementsAttr packPerChannel(mlir::ElementsAttr bias);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_PACKWEIGHTS_H
