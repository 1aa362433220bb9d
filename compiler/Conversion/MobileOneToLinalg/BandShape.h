// Which layers work in bands of rows together, and what for.
#ifndef MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_BANDSHAPE_H
#define MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_BANDSHAPE_H

#include "compiler/Conversion/MobileOneToLinalg/KernelPieces.h"

#include <optional>
#include <string>

namespace mobileone {

/// One layer of a kernel that works in bands of rows.
struct BandLayer {
  enum Kind { ReadImage, Dense, Depthwise, Pointwise };

  Kind kind;
  Layout result;
  unsigned inputs; // arguments of the kernel that are this layer's own
  int64_t stride = 1;
  Activation activation = Activation::None;

  /// Rows that `count` rows of the result are made of; windows are 3x3.
  int64_t getInputRows(int64_t count) const {
    bool isWindow = kind == Dense || kind == Depthwise;
    return (count - 1) * stride + (isWindow ? 3 : 1);
  }
  /// Rows that two neighbouring bands both read.
  int64_t getSharedRows() const { return getInputRows(1) - stride; }
};

/// Layers as one kernel that computes a band of rows of the last one at a time,
/// and for it the rows of the others that it needs. A band is a unit that
/// workers share: a kernel computes those from `begin` to `end`, its last two
/// arguments. No row is computed twice, but for those above the first band.
///
/// The first layer reads the caller's image or, in place, the buffer that the
/// result overwrites, one row higher. All others have 3x3 windows of stride 2
/// and padding 1, so that the rows above the first band are exactly those that
/// bands share, or are pointwise.
///
/// In place, the first two rows of a share overwrite what the last band of the
/// share above reads. So of that band the first layer's rows, its tail, are
/// computed by a kernel of their own, before any share begins; bands have two
/// rows at least.
struct BandShape {
  llvm::SmallVector<BandLayer> layers;
  int64_t rows; // of the last layer in one band
  std::optional<Layout> inPlace;

  std::string getName() const;
  /// New rows of each layer in one band.
  llvm::SmallVector<int64_t> getNewRows() const;
  /// Bands of `rows` rows, and all bands.
  int64_t getFullBands() const;
  int64_t getBands() const;
  /// The rows behind each layer that the next one reads in one band and, where
  /// bands share some, those for the next band.
  llvm::SmallVector<mlir::RankedTensorType>
  getScratchTypes(mlir::MLIRContext *context) const;
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_BANDSHAPE_H
