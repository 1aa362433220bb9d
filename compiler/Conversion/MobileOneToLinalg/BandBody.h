// The body of a kernel that works in bands of rows.
#ifndef MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_BANDBODY_H
#define MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_BANDBODY_H

#include "compiler/Conversion/MobileOneToLinalg/KernelPieces.h"

namespace mobileone {

/// The rows of one layer's result that the next layer reads for a band. Where
/// those of two bands overlap, `carry` keeps what the next band needs again.
struct BandWindow {
  mlir::Value rows, carry;
};

/// What goes from band to band: a window behind every layer but the last.
struct BandState {
  llvm::SmallVector<BandWindow> windows;
  mlir::Value result;

  llvm::SmallVector<mlir::Value> toValues() const {
    llvm::SmallVector<mlir::Value> values;
    for (const BandWindow &window : windows) {
      values.push_back(window.rows);
      if (window.carry)
        values.push_back(window.carry);
    }
    values.push_back(result);
    return values;
  }
};

/// Builds the body of one kernel.
class BandBody {
public:
  BandBody(mlir::ImplicitLocOpBuilder &b, const KernelSpec &spec,
           mlir::ValueRange arguments)
      : b(b), spec(spec), layers(spec.layers), arguments(arguments) {
    for (size_t i = 0; i != layers.size(); ++i) {
      size_t count = spec.getOwnTypes(i).size();
      own.push_back(arguments.take_front(count));
      arguments = arguments.drop_front(count);
    }
  }

  /// The bands from `begin` to `end`.
  mlir::Value build(mlir::Value result, mlir::Value begin, mlir::Value end);

private:
  BandState makeState(mlir::ValueRange values) const;
  /// What `then` or `otherwise` makes of the state.
  BandState branch(mlir::Value condition, BandState state,
                   llvm::function_ref<BandState(BandState)> then,
                   llvm::function_ref<BandState(BandState)> otherwise);
  /// Zeros at both sides of all windows' rows.
  BandState clearSides(BandState state);
  /// Zeros above the first rows.
  BandState clearCarries(BandState state);
  /// Computes what bands share, above those that begin at `row`.
  BandState computeCarries(BandState state, mlir::OpFoldResult row);
  mlir::Value copy(mlir::Value from, const Slice &source, mlir::Value into,
                   const Slice &target);
  /// Computes `rows[i]` new rows of each layer `i`, those of the last one from
  /// `row` on.
  BandState compute(BandState state, mlir::OpFoldResult row,
                    llvm::ArrayRef<int64_t> rows);
  /// The last layer's `count` rows from `row` on, which are made of `source`.
  BandState computeLast(BandState state, mlir::Value source,
                        mlir::OpFoldResult row, int64_t count);
  /// `count` rows of the caller's image; the first one is `above` rows above
  /// those that row `row` of the last layer is made of.
  mlir::Value getImageRows(mlir::OpFoldResult row, int64_t above,
                           int64_t count);
  mlir::Value makeLayer(size_t layer, mlir::Value source, mlir::Value output);

  mlir::ImplicitLocOpBuilder &b;
  const KernelSpec &spec;
  llvm::ArrayRef<LayerSpec> layers;
  mlir::ValueRange arguments;
  llvm::SmallVector<mlir::ValueRange> own; // arguments of each layer
  mlir::Value image;                       // the caller's, unless in place
};

/// row * scale + offset
mlir::OpFoldResult getRow(mlir::ImplicitLocOpBuilder &b, mlir::OpFoldResult row,
                          int64_t scale, int64_t offset);

/// What `count` rows of the first layer of bands in place are made of.
mlir::Value getRowsInPlace(mlir::ImplicitLocOpBuilder &b,
                           const KernelSpec &spec, mlir::Value image,
                           mlir::OpFoldResult row, int64_t count);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CONVERSION_MOBILEONETOLINALG_BANDBODY_H
