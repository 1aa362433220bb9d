// The body of a kernel that multiplies matrices by Strassen's algorithm.
#ifndef MOBILEONE_COMPILER_CODEGEN_STRASSENBODY_H
#define MOBILEONE_COMPILER_CODEGEN_STRASSENBODY_H

#include "compiler/Schedule/Chain.h"
#include "compiler/Schedule/LoopNest.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mobileone {

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
/// The S are made for each band, the T for each tile of the left panels in it,
/// the rest for each group of the band's rows: T3 takes the place of T1, and T4
/// that of T2, when all groups have multiplied these. A tile of panels in a
/// group is a unit that workers share; units count through the tiles of one
/// group, then through the next.
class StrassenBody {
public:
  /// `chain`, which `root` ends, by `schedule`, verified.
  StrassenBody(mlir::linalg::LinalgOp root, const MatrixChain &chain,
               const Schedule &schedule);

  /// Buffers that a worker needs: S1 to S4, two T, U and W.
  llvm::SmallVector<mlir::RankedTensorType> getScratchTypes() const;

  /// Computes those of the units that are from `begin` to `end`, in front of
  /// `root`, and returns the result.
  mlir::Value build(mlir::ValueRange scratch, mlir::Value begin,
                    mlir::Value end);

private:
  using Values = llvm::SmallVector<mlir::Value>;
  /// What is handed from step to step.
  struct State {
    Values s, t;
    mlir::Value u, w, result;

    explicit State(mlir::ValueRange values);
    Values toValues() const;
  };
  struct Range {
    mlir::Value begin, end;
  };
  /// Where a group of rows begins in its band and in the image, and the panels.
  struct Place {
    mlir::Value row, imageRow, left, right;
  };

  /// A tile of the left panels, and its other halves, for the groups of a band
  /// that are among `units` of the band.
  State makePanels(const Range &units, mlir::Value firstRow, mlir::Value number,
                   State state);
  State forGroups(const Range &groups, mlir::Value firstRow, mlir::Value left,
                  State state,
                  llvm::function_ref<State(const Place &, State)> make);
  /// What needs T1 and T2, or T3 and T4.
  State multiplyFirst(const Place &at, State state);
  State multiplyLast(const Place &at, State state);

  mlir::Value getPixels(mlir::Value row, mlir::OpFoldResult column,
                        mlir::OpFoldResult k);
  mlir::Value getWeights(mlir::Value panel, mlir::OpFoldResult k);
  mlir::Value getBias(mlir::Value panel);
  mlir::Value getSums(mlir::Value sums, mlir::Value row);
  /// Puts what `make` makes of a group of `into` there.
  void write(mlir::Value &into, llvm::ArrayRef<mlir::OpFoldResult> place,
             llvm::function_ref<mlir::Value(mlir::Value)> make);
  /// `sums` and the product of `x` by `y`. Meanwhile `next` is fetched, if the
  /// schedule says so.
  mlir::Value multiplyAdd(mlir::Value x, mlir::Value y, mlir::Value sums,
                          mlir::Value next = {});
  /// Attaches the schedule to the chain that ends with `sums`.
  mlir::Value attach(mlir::Value sums);
  /// What follows the product in the chain.
  mlir::Value finish(mlir::Value sums);

  mlir::ImplicitLocOpBuilder b;
  MatrixChain chain;
  Schedule schedule; // of one of the products
  PerLoop part;      // one of them in a band
  int64_t bands, groupRows;
  mlir::Value pixels, filter, bias, destination;
};

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CODEGEN_STRASSENBODY_H
