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

/// The first two blocks as one kernel: 3x3, stride 2, padding 1, both.
struct StemShape {
  Layout image;  // planar or interleaved
  Layout stem;   // result of the stem
  Layout result; // of the depthwise block
  bool isBytes;
  Activation stemActivation, activation;

  /// Rows of the image and of the stem that the kernel holds at a time, and the
  /// last row of each for the next band.
  llvm::SmallVector<mlir::RankedTensorType>
  getScratchTypes(mlir::MLIRContext *context) const;
};

/// Makes each kernel once and hands it out by shape. A kernel is a private
/// function that returns its last argument, written.
class KernelLibrary {
public:
  explicit KernelLibrary(mlir::ModuleOp module) : module(module) {}

  /// (image, result), or for bytes (image, scale, shift, result) with
  /// result = byte * scale + shift, one scale and shift per element of a row.
  mlir::func::FuncOp getReadImage(mlir::RankedTensorType image,
                                  const Layout &result);

  /// (input, filter, bias, result): 3-channel input, planar or interleaved.
  mlir::func::FuncOp getDense(const Layout &input, const Layout &result,
                              mlir::RankedTensorType filter, int64_t stride,
                              Activation activation);

  /// (image, [scale, shift,] filter, bias, filter, bias, scratch..., result):
  /// the stem and the depthwise block behind it, band by band of rows, so that
  /// the stem's result never stands in memory whole.
  mlir::func::FuncOp getStem(mlir::RankedTensorType image,
                             const StemShape &shape);

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

  /// The last `scratch` inputs are buffers that the body may overwrite.
  mlir::func::FuncOp getOrCreate(llvm::StringRef name, mlir::TypeRange inputs,
                                 mlir::RankedTensorType result, Body body,
                                 unsigned scratch = 0);

  mlir::ModuleOp module;
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_KERNELS_H
