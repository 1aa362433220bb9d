// Boxes of tensors: rows, sides and the interior of a layout.
#ifndef MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_SLICES_H
#define MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_SLICES_H

#include "dialect/IR/Layout.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace mobileone {

/// A box of a tensor, to take out and to put back.
struct Slice {
  llvm::SmallVector<mlir::OpFoldResult> offsets;
  llvm::SmallVector<int64_t> sizes;

  Slice(mlir::Builder &b, llvm::ArrayRef<int64_t> offsets,
        llvm::ArrayRef<int64_t> sizes)
      : offsets(mlir::getAsIndexOpFoldResult(b.getContext(), offsets)),
        sizes(sizes) {}
  Slice(llvm::ArrayRef<mlir::OpFoldResult> offsets,
        llvm::ArrayRef<int64_t> sizes)
      : offsets(offsets), sizes(sizes) {}

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

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_SLICES_H
