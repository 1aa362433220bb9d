// Two levels of Strassen's algorithm.
#ifndef MOBILEONE_COMPILER_CODEGEN_NESTEDSTRASSEN_H
#define MOBILEONE_COMPILER_CODEGEN_NESTEDSTRASSEN_H

#include "compiler/Codegen/StrassenBody.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mobileone {

/// The equations of StrassenBody.h, each of whose seven products is a call of
/// one function that makes it of seven products. Here halves of the pixels A
/// are those of the rows of a band: 11 and 12 the upper ones, 21 and 22 the
/// lower ones. The function adds to what is there, so halves of the result hold
/// what is on its way:
///
///   C22 = W             C12 = U   C11 = C12 + A12 B21
///   C12 = C12 + S2 T2   C21 = C12 + S3 T3
///   C12 = C12 + C22     C22 = C22 + C21
///   C21 = C21 + A22 T4  C12 = C12 + S4 B22
///
/// A unit that workers share is a tile of the left panels of halves in a band.
class NestedStrassen {
public:
  /// `product`, which is in `kernel`, by `schedule`, verified. Its result
  /// begins at `origin`, a row and a column, of a tensor with a border.
  NestedStrassen(mlir::ImplicitLocOpBuilder &b, const MatrixProduct &product,
                 std::pair<int64_t, int64_t> origin, const Schedule &schedule,
                 mlir::func::FuncOp kernel);

  /// Buffers that a worker needs: a half of the pixels or a sum of halves, and
  /// those of its product.
  llvm::SmallVector<mlir::RankedTensorType> getScratchTypes() const;

  /// Computes those of the units that are from `begin` to `end`, and returns
  /// the scratch and, last, the result.
  llvm::SmallVector<mlir::Value> build(mlir::ValueRange scratch,
                                       mlir::Value begin, mlir::Value end);

private:
  using Values = llvm::SmallVector<mlir::Value>;
  /// A half along rows and one along depth or panels.
  struct Half {
    bool isLower, isRight;
  };
  /// Where a worker is at: the first row of a band, and tiles in it.
  struct Place {
    mlir::Value row, begin, end;
  };
  using Body = llvm::function_ref<mlir::Value(mlir::ImplicitLocOpBuilder &,
                                              mlir::ValueRange)>;
  /// Makes some panels of a pixel, which begin at `panel` of a half, of what
  /// halves of the result have there.
  using MakePanels = llvm::function_ref<mlir::Value(
      mlir::Value panel, llvm::function_ref<mlir::Value(Half)> get,
      mlir::Value to)>;

  Values makeBand(const Place &at, Values state);
  /// Makes the pixels that are multiplied of `halves`, by `body`.
  void makePixels(const Place &at, Values &state, llvm::ArrayRef<Half> halves,
                  Body body);
  /// Adds the product of the pixels by a half of the weights.
  void multiply(const Place &at, Values &state, WeightHalf weights,
                Half result);
  /// Makes a half of the result.
  void make(const Place &at, Values &state, Half result, MakePanels panels);
  void add(const Place &at, Values &state, Half result, Half term);
  void copy(const Place &at, Values &state, Half result, Half source);
  /// What follows the product.
  void finish(const Place &at, Values &state, Half result);

  mlir::Value getBias(mlir::Value panel, bool isRight);
  mlir::Value index(int64_t value);
  void defineProduct(mlir::func::FuncOp kernel);

  mlir::ImplicitLocOpBuilder &b;
  MatrixProduct product;
  int64_t firstRow, firstColumn; // of the result
  Schedule schedule;
  LoopNest half; // what the function computes
  llvm::SmallVector<mlir::RankedTensorType> scratch;
  mlir::func::FuncOp function;
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CODEGEN_NESTEDSTRASSEN_H
