// The layouts of packed weights, in one place.
#ifndef MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_PACKWEIGHTS_H
#define MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_PACKWEIGHTS_H

#include "mlir/IR/BuiltinAttributes.h"

namespace mobileone {

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
