// The linalg kernels that a network is made of, one function per shape.
#ifndef MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_KERNELS_H
#define MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_KERNELS_H

#include "compiler/Conversion/MobileOneToLinalg/BandShape.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/DenseMap.h"

namespace mobileone {

/// Makes each kernel once and hands it out by shape. A kernel is a private
/// function that returns its last argument, written. Where its name is taken,
/// by a function of the module or a kernel of other types, it gets another one.
class KernelLibrary {
public:
  explicit KernelLibrary(mlir::ModuleOp module)
      : module(module), symbols(module) {}

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

  /// (input, output): to the caller's buffer as [C][H][W], without a result.
  mlir::func::FuncOp getStoreFeatures(const Layout &input);

private:
  using Body = llvm::function_ref<mlir::Value(mlir::ImplicitLocOpBuilder &,
                                              mlir::ValueRange inputs,
                                              mlir::Value result)>;

  /// The function that was made with this name and type, or a new one, private
  /// and without a body, which is said.
  std::pair<mlir::func::FuncOp, bool> declare(llvm::StringRef name,
                                              mlir::FunctionType type);

  /// The last `scratch` inputs are buffers that the body may overwrite. With
  /// `units`, workers share the kernel: behind the result there are two more
  /// arguments, a range of units.
  mlir::func::FuncOp getOrCreate(llvm::StringRef name, mlir::TypeRange inputs,
                                 mlir::RankedTensorType result, Body body,
                                 unsigned scratch = 0,
                                 std::optional<int64_t> units = {});

  mlir::ModuleOp module;
  mlir::SymbolTable symbols;
  llvm::DenseMap<std::pair<mlir::StringAttr, mlir::Type>, mlir::func::FuncOp>
      made;
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_KERNELS_H
