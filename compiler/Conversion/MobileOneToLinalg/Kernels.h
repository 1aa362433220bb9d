// The linalg kernels that a network is made of, one function per spec.
#ifndef MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_KERNELS_H
#define MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_KERNELS_H

#include "compiler/Conversion/MobileOneToLinalg/KernelSpec.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/StringMap.h"

namespace mobileone {

/// Makes each kernel once and hands it out by its spec. A kernel is a private
/// function that returns its last buffer, written. Where its name is taken by a
/// function of the module, it gets another one.
///
/// Arguments of a kernel are its input (unless it reads the caller's image, or
/// works in place), those of its layers (KernelSpec::getOwnTypes), and the
/// result. In bands: those of the layers, in place the tail, scratch, the
/// result, begin and end. Of a tail: those of the first layer, the result of
/// the bands, the tail, begin and end.
class KernelLibrary {
public:
  explicit KernelLibrary(mlir::ModuleOp module)
      : module(module), symbols(module) {}

  mlir::func::FuncOp get(const KernelSpec &spec);

private:
  using Body = llvm::function_ref<mlir::Value(mlir::ImplicitLocOpBuilder &,
                                              mlir::ValueRange inputs,
                                              mlir::Value result)>;

  mlir::func::FuncOp make(const KernelSpec &spec);
  mlir::func::FuncOp makeLayer(const KernelSpec &spec);
  mlir::func::FuncOp makeBands(const KernelSpec &spec);
  mlir::func::FuncOp makeTail(const KernelSpec &spec);
  mlir::func::FuncOp makeStoreFeatures(const KernelSpec &spec);

  /// A private function without a body.
  mlir::func::FuncOp declare(const KernelSpec &spec,
                             llvm::ArrayRef<mlir::Type> arguments,
                             mlir::TypeRange results);
  /// The last `scratch` inputs are buffers that the body may overwrite. With
  /// `units`, workers share the kernel: behind the result there are two more
  /// arguments, a range of units.
  mlir::func::FuncOp define(const KernelSpec &spec, mlir::TypeRange inputs,
                            mlir::RankedTensorType result, Body body,
                            unsigned scratch = 0,
                            std::optional<int64_t> units = {});

  mlir::ModuleOp module;
  mlir::SymbolTable symbols;
  llvm::StringMap<mlir::func::FuncOp> made; // by the spec's name
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_KERNELS_H
