// The body of a kernel that multiplies matrices by Strassen's algorithm.
#ifndef MOBILEONE_COMPILER_CODEGEN_STRASSENBODY_H
#define MOBILEONE_COMPILER_CODEGEN_STRASSENBODY_H

#include "compiler/Codegen/StrassenWeights.h"
#include "compiler/Schedule/LoopNest.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mobileone {

/// A product of pixels by a matrix, of f32.
struct MatrixProduct {
  LoopNest nest;
  mlir::Value pixels = {}; // [H][W][K]
  /// [P][K][16], or as `packWeightSums` packs it.
  mlir::Value filter = {};
  /// [P][16]; null: the product is added to the destination.
  mlir::Value bias = {};
  mlir::Value result = {}; // the destination, [H][W][P][16]
  llvm::ArrayRef<mlir::linalg::LinalgOp> after = {}; // element by element
};

/// Winograd's form of Strassen's algorithm (N. J. Higham, Accuracy and
/// Stability of Numerical Algorithms, 2nd edition, section 23.1), in bands of
/// rows of an image. Halves of the pixels A are 11 and 12, the depth of the
/// left columns, and 21 and 22, that of the right ones; halves of the matrix B
/// are 11 and 12, the panels at the upper depth, and 21 and 22, those at the
/// lower one. With
///
///   S1 = A21 + A22   S2 = S1 - A11   S3 = A11 - A21   S4 = A12 - S2
///   T1 = B12 - B11   T2 = B22 - T1   T3 = B22 - B12   T4 = B21 - T2
///   U  = A11 B11     U' = U + S2 T2  U" = U' + S3 T3  W  = S1 T1
///
/// the halves of the result are
///
///   C11 = U + A12 B21    C12 = U' + W + S4 B22
///   C21 = U" + A22 T4    C22 = U" + W
///
/// A bias starts U, and what that of the right panels has more starts W.
///
/// The S are made for each band, the T for each tile of the left panels in it:
/// T3 takes the place of T1, and T4 that of T2, when these were multiplied. A
/// tile of panels in a band is a unit that workers share.
class StrassenBody {
public:
  /// `product` by `schedule`, verified.
  StrassenBody(mlir::ImplicitLocOpBuilder &b, const MatrixProduct &product,
               const Schedule &schedule);

  /// Buffers that a worker needs: S1 to S4, U and W, and two T if they are made
  /// here.
  llvm::SmallVector<mlir::RankedTensorType> getScratchTypes() const;

  /// Computes those of the units that are from `begin` to `end`, and returns
  /// the scratch and, last, the result.
  llvm::SmallVector<mlir::Value> build(mlir::ValueRange scratch,
                                       mlir::Value begin, mlir::Value end);

private:
  using Values = llvm::SmallVector<mlir::Value>;
  /// What is handed from step to step.
  struct State {
    Values s;
    mlir::Value u, w;
    Values t;
    mlir::Value result;

    explicit State(mlir::ValueRange values);
    Values toValues() const;
  };
  /// The first row of a band, and the left panels of a tile.
  struct Place {
    mlir::Value row, left;
  };

  /// A tile of the left panels, and its other halves.
  State makePanels(const Place &at, State state);
  /// What needs T1 and T2, or T3 and T4.
  State multiplyFirst(const Place &at, State state);
  State multiplyLast(const Place &at, State state);

  mlir::Value getPixels(mlir::Value row, mlir::OpFoldResult column,
                        mlir::OpFoldResult k);
  /// A half of the matrix or of its sums at a tile of the left panels.
  mlir::Value getWeights(WeightHalf half, mlir::Value left, const State &state);
  /// What to fetch meanwhile for the tile behind; null where nothing is.
  mlir::Value getNextWeights(WeightHalf half, mlir::Value left,
                             const State &state);
  mlir::Value getBias(mlir::Value panel);
  mlir::Value getRight(mlir::Value left);
  /// Puts what `make` makes of a tile of a band of `into` there.
  void write(mlir::Value &into, llvm::ArrayRef<mlir::OpFoldResult> place,
             llvm::function_ref<mlir::Value(mlir::Value)> make);
  /// What U and W start from.
  mlir::Value startU(const Place &at, mlir::Value output);
  mlir::Value startW(const Place &at, mlir::Value output);
  /// The sum of `terms` and, where there is no bias, of what is there.
  mlir::Value startResult(mlir::ValueRange terms, mlir::Value output);
  /// `sums` and the product of `x` by a half of the weights. Meanwhile those of
  /// the next tile are fetched, if the schedule says so.
  mlir::Value multiplyAdd(mlir::Value x, WeightHalf half, const Place &at,
                          const State &state, mlir::Value sums);
  /// Attaches the schedule to the chain that ends with `sums`.
  mlir::Value attach(mlir::Value sums);
  /// What follows the product.
  mlir::Value finish(mlir::Value sums);

  mlir::ImplicitLocOpBuilder &b;
  MatrixProduct product;
  Schedule schedule; // of one of the products
  Strassen strassen;
  PerLoop part; // one of them in a band
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CODEGEN_STRASSENBODY_H
