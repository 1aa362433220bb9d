// The linalg kernels that a network is made of, one function per shape.
#ifndef MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_KERNELS_H
#define MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_KERNELS_H

#include "compiler/Conversion/MobileOneToLinalg/KernelPieces.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mobileone {

/// How the caller's image lies, in the name of the kernel that reads it.
llvm::StringRef getImageForm(bool isBytes, Layout::Kind kind);

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

/// Makes each kernel once and hands it out by shape. A kernel is a private
/// function that returns its last argument, written.
class KernelLibrary {
public:
  explicit KernelLibrary(mlir::ModuleOp module) : module(module) {}

  /// (image, stride, result): the caller's buffer, and how many elements after
  /// each other its rows begin. For bytes (image, stride, scale, shift, result)
  /// with result = byte * scale + shift, one scale and shift per element of a
  /// row.
  mlir::func::FuncOp getReadImage(mlir::TypeRange inputs, const Layout &result);

  /// (input, filter, bias, result): 3-channel input, planar or interleaved.
  mlir::func::FuncOp getDense(const Layout &input, const Layout &result,
                              mlir::RankedTensorType filter, int64_t stride,
                              Activation activation);

  /// (inputs of each layer..., scratch..., result, begin, end), in place with
  /// the tail after the inputs. Inputs of a layer are those that read an image,
  /// or a filter and a bias.
  mlir::func::FuncOp getBands(mlir::TypeRange inputs, const BandShape &shape);

  /// (inputs of the first layer..., result of the bands, tail, begin, end)
  mlir::func::FuncOp getTail(mlir::TypeRange inputs, const BandShape &shape);

  /// (input, filter, bias, result)
  mlir::func::FuncOp getDepthwise(const Layout &input, const Layout &result,
                                  mlir::RankedTensorType filter, int64_t stride,
                                  Activation activation);

  /// (input, filter, bias, result)
  mlir::func::FuncOp getPointwise(const Layout &input, const Layout &result,
                                  Activation activation);

  /// (input, result): the mean over all pixels, one pixel.
  mlir::func::FuncOp getAverage(const Layout &input);

  /// (input, gate, result): input * gate channel by channel.
  mlir::func::FuncOp getScale(const Layout &input, const Layout &result,
                              Activation activation);

  /// (logits, result), one pixel: `channels` classes, padding lanes included.
  mlir::func::FuncOp getSoftmax(const Layout &logits);

private:
  using Body = llvm::function_ref<mlir::Value(mlir::ImplicitLocOpBuilder &,
                                              mlir::ValueRange inputs,
                                              mlir::Value result)>;

  /// The last `scratch` inputs are buffers that the body may overwrite. With
  /// `units`, workers share the kernel: behind the result there are two more
  /// arguments, a range of units.
  mlir::func::FuncOp getOrCreate(llvm::StringRef name, mlir::TypeRange inputs,
                                 mlir::RankedTensorType result, Body body,
                                 unsigned scratch = 0,
                                 std::optional<int64_t> units = {});

  mlir::ModuleOp module;
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_KERNELS_H
