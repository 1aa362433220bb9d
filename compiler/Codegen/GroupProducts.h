// Products of groups of four bytes, by the instructions of each level.
#ifndef MOBILEONE_COMPILER_CODEGEN_GROUPPRODUCTS_H
#define MOBILEONE_COMPILER_CODEGEN_GROUPPRODUCTS_H

#include "compiler/Machine/IsaLevel.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mobileone {

/// `sum` plus, in each lane, the four products of the unsigned bytes of a word
/// of `inputs` by the signed bytes of one of `weights`; all three are vectors
/// of i32, of as many lanes as a register of `level` has or whole registers.
/// Exact: the bits are the same by every level's instructions.
mlir::Value addGroupProducts(mlir::ImplicitLocOpBuilder &b,
                             const IsaLevel &level, mlir::Value sum,
                             mlir::Value inputs, mlir::Value weights);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CODEGEN_GROUPPRODUCTS_H
