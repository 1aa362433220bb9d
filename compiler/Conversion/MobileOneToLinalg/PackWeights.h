// The layouts of packed weights, in one place.
#ifndef MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_PACKWEIGHTS_H
#define MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_PACKWEIGHTS_H

#include "mlir/IR/BuiltinAttributes.h"

namespace mobileone {

/// [Cout][Cin] (trailing 1x1 allowed) -> [Cout / 16][Cin padded][16]; of
/// integers also `inGroups`, [Cout / 16][Cin padded / 4][16][4].
mlir::ElementsAttr packPointwise(mlir::ElementsAttr filter, bool inGroups);

/// [C][1][H][W] -> [H][W][C / 16][16], as floats.
mlir::ElementsAttr packDepthwise(mlir::ElementsAttr filter);

/// [Cout][Cin][H][W] -> [Cout / 16][H][W][Cin][16].
mlir::ElementsAttr packDense(mlir::ElementsAttr filter);

/// [C] -> [C / 16][16], as i32 or as floats.
mlir::ElementsAttr packPerChannel(mlir::ElementsAttr numbers,
                                  bool asIntegers = false);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_PACKWEIGHTS_H
