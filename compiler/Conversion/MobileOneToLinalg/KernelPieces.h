// What the bodies of kernels are made of: linalg ops, bias first, activation
// last, and boxes of tensors.
#ifndef MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_KERNELPIECES_H
#define MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_KERNELPIECES_H

#include "compiler/Conversion/MobileOneToLinalg/Layout.h"
#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"
#include "mlir/IR/AffineMap.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace mobileone {

/// What a kernel does to each sum before it stores it.
enum class Activation { None, Relu, Sigmoid };

/// "_relu" in a kernel's name.
llvm::StringRef getSuffix(Activation activation);

/// Makes one scalar of the inputs' scalars and, last, the output's.
using ScalarBody = llvm::function_ref<mlir::Value(mlir::ImplicitLocOpBuilder &,
                                                  mlir::ValueRange)>;

/// A linalg.generic over `parallel` parallel, then `reduction` reduction
/// dimensions.
mlir::Value makeGeneric(mlir::ImplicitLocOpBuilder &b, mlir::ValueRange inputs,
                        mlir::Value output,
                        llvm::ArrayRef<mlir::AffineMap> maps, unsigned parallel,
                        unsigned reduction, ScalarBody body);

/// Copies `source` into `output`, of equal shape.
mlir::Value makeCopy(mlir::ImplicitLocOpBuilder &b, mlir::Value source,
                     mlir::Value output);

/// scalars[0] * scalars[1] + scalars[2], free to become one instruction.
mlir::Value multiplyAdd(mlir::ImplicitLocOpBuilder &b,
                        mlir::ValueRange scalars);

/// An f32 constant.
mlir::Value makeConstant(mlir::ImplicitLocOpBuilder &b, double value);

/// The activation of one scalar.
mlir::Value activate(mlir::ImplicitLocOpBuilder &b, mlir::Value x,
                     Activation activation);

/// The elementwise op that ends a kernel; nothing where there is none.
mlir::Value applyActivation(mlir::ImplicitLocOpBuilder &b, mlir::Value sums,
                            Activation activation);

/// Starts every sum with its channel's bias: [P][16] -> [H][W][P][16].
mlir::Value broadcastBias(mlir::ImplicitLocOpBuilder &b, mlir::Value bias,
                          mlir::Value output);

/// A box of a tensor, to take out and to put back.
struct Slice {
  llvm::SmallVector<mlir::OpFoldResult> offsets;
  llvm::SmallVector<int64_t> sizes;

  Slice(mlir::Builder &b, llvm::ArrayRef<int64_t> offsets,
        llvm::ArrayRef<int64_t> sizes)
      : offsets(mlir::getAsIndexOpFoldResult(b.getContext(), offsets)),
        sizes(sizes) {}

  bool isAllOf(mlir::Value tensor) const;
  /// Of a whole tensor: the tensor itself.
  mlir::Value extract(mlir::ImplicitLocOpBuilder &b, mlir::Value from) const;
  mlir::Value insert(mlir::ImplicitLocOpBuilder &b, mlir::Value part,
                     mlir::Value into) const;
};

/// Zeros into the box; nothing where it is empty.
mlir::Value fillWithZeros(mlir::ImplicitLocOpBuilder &b, const Slice &slice,
                          mlir::Value into);

/// `count` rows from `first` on of a tensor in this layout, sides included.
Slice getRows(mlir::Builder &b, const Layout &layout, mlir::OpFoldResult first,
              int64_t count);
/// The same rows without the border at their sides.
Slice getInsideOfRows(mlir::Builder &b, const Layout &layout,
                      mlir::OpFoldResult first, int64_t count);

/// The pixels inside the border.
Slice getInterior(mlir::Builder &b, const Layout &layout);
mlir::Value extractInterior(mlir::ImplicitLocOpBuilder &b, const Layout &layout,
                            mlir::Value value);
/// The pixels with their border.
mlir::Value extractPixels(mlir::ImplicitLocOpBuilder &b, const Layout &layout,
                          mlir::Value value);

/// Zeros into `count` rows from `first` on.
mlir::Value clearRows(mlir::ImplicitLocOpBuilder &b, const Layout &layout,
                      int64_t first, int64_t count, mlir::Value into);
/// Zeros into the border at both sides of `count` rows from `first` on. May
/// clear some of an image's pixels, too, to write whole vectors.
mlir::Value clearSides(mlir::ImplicitLocOpBuilder &b, const Layout &layout,
                       int64_t first, int64_t count, mlir::Value into);
/// Zeros into the whole border, likewise.
mlir::Value clearBorder(mlir::ImplicitLocOpBuilder &b, const Layout &layout,
                        mlir::Value into);

/// Clears the border, then writes what `write` makes of the interior.
mlir::Value
writeInside(mlir::ImplicitLocOpBuilder &b, const Layout &layout,
            mlir::Value result,
            llvm::function_ref<mlir::Value(mlir::Value inside)> write);

/// The caller's image, planar or interleaved, in the buffer `image`, whose rows
/// begin `stride` elements after each other. What lies between is not read.
mlir::Value readImage(mlir::ImplicitLocOpBuilder &b, mlir::Value image,
                      mlir::Value stride);

/// Convolves a planar [3][Y][X] or interleaved [Y][X * 3] image, borders
/// included, into `output` [H][W][P][16].
mlir::Value makeDense(mlir::ImplicitLocOpBuilder &b, Layout::Kind kind,
                      mlir::Value image, mlir::Value filter, mlir::Value bias,
                      mlir::Value output, int64_t stride,
                      Activation activation);

/// Convolves [Y][X][P][16], borders included, into `output` [H][W][P][16].
mlir::Value makeDepthwise(mlir::ImplicitLocOpBuilder &b, mlir::Value input,
                          mlir::Value filter, mlir::Value bias,
                          mlir::Value output, int64_t stride,
                          Activation activation);

/// Multiplies the pixels [H][W][P][16] by a matrix into `output`, likewise.
mlir::Value makePointwise(mlir::ImplicitLocOpBuilder &b, mlir::Value input,
                          mlir::Value filter, mlir::Value bias,
                          mlir::Value output, Activation activation);

/// Reads rows of an image: as they are, or as byte * scale + shift where
/// `normalization` is these two, one of each per element of a row.
mlir::Value makeReadRows(mlir::ImplicitLocOpBuilder &b, mlir::Value rows,
                         mlir::ValueRange normalization, mlir::Value output);

mlir::Value collapse(mlir::ImplicitLocOpBuilder &b, mlir::Value value,
                     llvm::ArrayRef<mlir::ReassociationIndices> groups);

/// [P][16]
mlir::RankedTensorType getBiasType(mlir::Builder &b, int64_t channels);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_KERNELPIECES_H
