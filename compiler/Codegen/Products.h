// How the sums of a tile grow by products.
#ifndef MOBILEONE_COMPILER_CODEGEN_PRODUCTS_H
#define MOBILEONE_COMPILER_CODEGEN_PRODUCTS_H

#include "compiler/Codegen/TileReader.h"
#include "compiler/Machine/IsaLevel.h"

#include <memory>

namespace mobileone {

/// Makes the products of a contraction and adds them. Which instructions do it,
/// how many steps each of them takes and how their operands are read is known
/// here and nowhere else in the vectorizer.
class Products {
public:
  virtual ~Products() = default;

  /// `sums`, one vector for each of the reader's points, with the products of
  /// all of its steps added.
  virtual llvm::SmallVector<mlir::Value>
  addTo(llvm::SmallVector<mlir::Value> sums, TileReader &reader) = 0;
};

/// The products of `op`, a contraction, with its `schedule`, for `level`, which
/// must outlive them.
std::unique_ptr<Products> makeProducts(mlir::linalg::LinalgOp op,
                                       const Schedule &schedule,
                                       const IsaLevel &level);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CODEGEN_PRODUCTS_H
