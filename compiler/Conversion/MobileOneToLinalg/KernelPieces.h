// What the bodies of kernels are made of: linalg ops, bias first, activation
// last.
#ifndef MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_KERNELPIECES_H
#define MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_KERNELPIECES_H

#include "compiler/Conversion/MobileOneToLinalg/KernelSpec.h"
#include "compiler/Conversion/MobileOneToLinalg/Slices.h"
#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"
#include "mlir/IR/AffineMap.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace mobileone {

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

/// The same for an input, a weight and a sum: floats, of which the input may be
/// a byte, or integers with a sum of i32, where a byte has no sign.
mlir::Value addProduct(mlir::ImplicitLocOpBuilder &b, mlir::ValueRange scalars);

/// An f32 constant.
mlir::Value makeConstant(mlir::ImplicitLocOpBuilder &b, double value);

/// The activation of one scalar.
mlir::Value activate(mlir::ImplicitLocOpBuilder &b, mlir::Value x,
                     Activation activation);

/// The elementwise op that ends a kernel; nothing where there is none.
mlir::Value applyActivation(mlir::ImplicitLocOpBuilder &b, mlir::Value sums,
                            Activation activation);

/// A tensor of `output`'s shape and this element for ops whose results are in
/// registers alone.
mlir::Value makeUnstored(mlir::ImplicitLocOpBuilder &b, mlir::Value output,
                         mlir::Type element);

/// Starts every sum of a layer with its channel's bias: [P][16] ->
/// [H][W][P][16]. Sums of other numbers than those of `output` never stand in
/// memory.
mlir::Value startSums(mlir::ImplicitLocOpBuilder &b, mlir::Value bias,
                      mlir::Value output);

/// Ends the sums of a layer: its activation, then into `output` times the
/// factor where there is one, `own` being the layer's own arguments.
mlir::Value finishSums(mlir::ImplicitLocOpBuilder &b, mlir::Value sums,
                       mlir::ValueRange own, mlir::Value output,
                       const LayerSpec &layer);

/// `numbers` [H][W][P][16] times `factor` [P][16]: floats, or rounded to bytes
/// as mobileone.quantize does.
mlir::Value multiplyByFactor(mlir::ImplicitLocOpBuilder &b, mlir::Value numbers,
                             mlir::Value factor, mlir::Value output);

/// The caller's image, planar or interleaved, in the buffer `image`, whose rows
/// begin `stride` elements after each other. What lies between is not read.
mlir::Value readImage(mlir::ImplicitLocOpBuilder &b, mlir::Value image,
                      mlir::Value stride);

/// Convolves a planar [C][Y][X] or interleaved [Y][X * C] image, borders
/// included, into `output` [H][W][P][16]. Of `from` the pixels count; `own` are
/// the layer's own arguments.
mlir::Value makeDense(mlir::ImplicitLocOpBuilder &b, const Layout &from,
                      mlir::Value image, mlir::ValueRange own,
                      mlir::Value output, const LayerSpec &layer);

/// Convolves [Y][X][P][16], borders included, into `output` [H][W][P][16].
mlir::Value makeDepthwise(mlir::ImplicitLocOpBuilder &b, mlir::Value input,
                          mlir::ValueRange own, mlir::Value output,
                          const LayerSpec &layer);

/// Multiplies the pixels [H][W][P][16] by a matrix into `output`, likewise.
mlir::Value makePointwise(mlir::ImplicitLocOpBuilder &b, mlir::Value input,
                          mlir::ValueRange own, mlir::Value output,
                          const LayerSpec &layer);

/// The mean over all pixels [H][W][P][16] into `output` [1][1][P][16].
mlir::Value makeAverage(mlir::ImplicitLocOpBuilder &b, mlir::Value pixels,
                        mlir::Value output);

/// The sum of bytes, likewise.
mlir::Value sumPixels(mlir::ImplicitLocOpBuilder &b, mlir::Value pixels,
                      mlir::Value output);

/// Multiplies pixels [H][W][P][16] by a gate [1][1][P][16], channel by channel;
/// `own` are the gate and the factor.
mlir::Value makeScale(mlir::ImplicitLocOpBuilder &b, mlir::Value pixels,
                      mlir::ValueRange own, mlir::Value output,
                      const LayerSpec &layer);

/// exp(x) / sum of exp(x) over the first `classes` of [1][1][P][16].
mlir::Value makeSoftmax(mlir::ImplicitLocOpBuilder &b, mlir::Value logits,
                        mlir::Value output, int64_t classes);

/// Reads rows of an image: as they are, or as byte * scale + shift where
/// `normalization` is these two, one of each per element of a row.
mlir::Value makeReadRows(mlir::ImplicitLocOpBuilder &b, mlir::Value rows,
                         mlir::ValueRange normalization, mlir::Value output);

mlir::Value collapse(mlir::ImplicitLocOpBuilder &b, mlir::Value value,
                     llvm::ArrayRef<mlir::ReassociationIndices> groups);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_KERNELPIECES_H
