// What a kernel computes: the key under which it is made once.
#ifndef MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_KERNELSPEC_H
#define MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_KERNELSPEC_H

#include "dialect/IR/Layout.h"
#include "mlir/IR/Builders.h"

#include <string>

namespace mobileone {

/// What a kernel does to each sum before it stores it.
enum class Activation {
  None,
  Relu,
  Gelu,
  Hardswish,
  Silu,
  Sigmoid,
  Hardsigmoid
};

/// One layer of a kernel. Its own arguments are written behind each kind.
struct LayerSpec {
  enum Kind {
    ReadImage,    // image, distance of its rows; of bytes also scale, shift
    Dense,        // filter, bias, factor
    Depthwise,    // filter, bias, factor
    Pointwise,    // filter, bias, factor
    Average,      // none
    Sum,          // none
    Scale,        // gate, factor
    Dequantize,   // factor
    Softmax,      // none
    StoreFeatures // none
  };

  Kind kind;
  Layout result;
  int64_t filterHeight = 1, filterWidth = 1, stride = 1, dilation = 1;
  Activation activation = Activation::None;
  /// Of a dense layer: an interleaved image has another channel, alpha, that
  /// nobody reads.
  bool skipsAlpha = false;
  /// Of a pointwise layer: filter and bias are integers, i8 and i32.
  bool isQuantized = false;
  /// Sums are multiplied by a number per channel before they are stored: as
  /// bytes, rounded, or as floats. There is a factor where this is so.
  bool hasFactor = false;

  bool operator==(const LayerSpec &other) const;
  /// Rows that `count` rows of the result are made of.
  int64_t getInputRows(int64_t count) const {
    return (count - 1) * stride + (filterHeight - 1) * dilation + 1;
  }
  /// Rows that two neighbouring bands both read.
  int64_t getSharedRows() const { return getInputRows(1) - stride; }
};

/// A kernel: layers that read `input` one after the other.
///
/// In bands, it computes a band of rows of the last layer at a time, and for it
/// the rows of the others that it needs. A band is a unit that workers share: a
/// kernel computes those from `begin` to `end`, its last two arguments. No row
/// is computed twice, but for those above the first band. The first layer reads
/// the caller's image or, in place, the buffer that the result overwrites, one
/// row higher. All others have 3x3 windows of stride 2 and padding 1, so that
/// the rows above the first band are exactly those that bands share, or are
/// pointwise.
///
/// In place, the first two rows of a share overwrite what the last band of the
/// share above reads. So of that band the first layer's rows, its tail, are
/// computed by a kernel of their own, before any share begins; bands have two
/// rows at least.
struct KernelSpec {
  enum Form { Whole, Bands, BandsInPlace, Tail };

  /// What the first layer reads: a caller's image, without a border, or panels.
  Layout input;
  llvm::SmallVector<LayerSpec> layers; // one, unless it works in bands
  Form form = Whole;
  int64_t rows = 0; // of the last layer in one band

  bool isInPlace() const { return form == BandsInPlace || form == Tail; }
  const Layout &getResult() const { return layers.back().result; }
  /// "pointwise_14x14x256_to_14x14x256_relu", with integer weights
  /// "pointwise_int8_14x14x256_u8_to_14x14x256_u8": different for different
  /// specs. What is between layers has the border that the next one reads, and
  /// no gap.
  std::string getName() const;
  /// The types of a layer's own arguments.
  llvm::SmallVector<mlir::Type> getOwnTypes(size_t layer) const;

  /// New rows of each layer in one band.
  llvm::SmallVector<int64_t> getNewRows() const;
  /// Bands of `rows` rows, and all bands.
  int64_t getFullBands() const;
  int64_t getBands() const;
  /// The rows behind each layer that the next one reads in one band and, where
  /// bands share some, those for the next band.
  llvm::SmallVector<mlir::RankedTensorType> getScratchTypes() const;

  bool operator==(const KernelSpec &other) const;
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_KERNELSPEC_H
