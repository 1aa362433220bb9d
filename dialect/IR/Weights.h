// Trained weights as attributes: the one place that knows how they are stored.
#ifndef MOBILEONE_DIALECT_IR_WEIGHTS_H
#define MOBILEONE_DIALECT_IR_WEIGHTS_H

#include "mlir/IR/BuiltinAttributes.h"

namespace mobileone {

/// Whether `attr` can stand as weights of an op: f32 or f64, where `integers`
/// may stand also i8 or i32, static, of `rank`.
bool areWeights(mlir::Attribute attr, int64_t rank, bool integers = false);

/// Weights of `shape` holding `values` in row-major order: `dense` up to 64
/// elements, above that a `dense_resource` whose key begins with `name`.
mlir::ElementsAttr makeWeights(mlir::MLIRContext *context,
                               llvm::ArrayRef<int64_t> shape,
                               llvm::ArrayRef<float> values,
                               llvm::StringRef name);
mlir::ElementsAttr makeWeights(mlir::MLIRContext *context,
                               llvm::ArrayRef<int64_t> shape,
                               llvm::ArrayRef<double> values,
                               llvm::StringRef name);
mlir::ElementsAttr makeWeights(mlir::MLIRContext *context,
                               llvm::ArrayRef<int64_t> shape,
                               llvm::ArrayRef<int8_t> values,
                               llvm::StringRef name);
mlir::ElementsAttr makeWeights(mlir::MLIRContext *context,
                               llvm::ArrayRef<int64_t> shape,
                               llvm::ArrayRef<int32_t> values,
                               llvm::StringRef name);

/// Weights that keep using `values`, which must outlive the context's IR.
mlir::ElementsAttr borrowWeights(mlir::MLIRContext *context,
                                 llvm::ArrayRef<int64_t> shape,
                                 llvm::ArrayRef<float> values,
                                 llvm::StringRef name);

/// The elements in row-major order. All become f64 exactly.
llvm::SmallVector<double> readWeights(mlir::ElementsAttr weights);

/// The elements in row-major order, rounded to nearest where they are no
/// floats.
llvm::SmallVector<float> readRoundedWeights(mlir::ElementsAttr weights);

/// How large the sum of each output may become, in magnitude: those of its
/// `weights`, a row of the first dimension, times `largest`, the largest input,
/// and that of its `bias`, which may be null.
llvm::SmallVector<double> getLargestSums(mlir::ElementsAttr weights,
                                         mlir::ElementsAttr bias,
                                         int64_t largest);

/// The bytes of the elements in row-major order, f64 rounded to f32.
llvm::SmallVector<char, 0> packWeights(mlir::ElementsAttr weights);

/// The key of a resource without the suffix that made it unique, else "".
llvm::StringRef getWeightsName(mlir::ElementsAttr weights);

/// Frees the memory behind a resource that no op refers to any more.
void releaseWeights(mlir::ElementsAttr weights);

} // namespace mobileone

#endif // MOBILEONE_DIALECT_IR_WEIGHTS_H
