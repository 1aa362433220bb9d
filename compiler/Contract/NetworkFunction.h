// What passes ask of the function of a network and of the hooks that it calls
// around each layer.
#ifndef MOBILEONE_COMPILER_CONTRACT_NETWORKFUNCTION_H
#define MOBILEONE_COMPILER_CONTRACT_NETWORKFUNCTION_H

#include "compiler/Contract/Prototype.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/SymbolTable.h"

namespace mobileone {

/// Checks that what has the names of the hooks in `module` declares them.
mlir::LogicalResult verifyHookNames(mlir::ModuleOp module);

/// The uses of `function` in `module`; an error where regions are unknown.
mlir::FailureOr<mlir::SymbolTable::UseRange>
findUses(mlir::func::FuncOp function, mlir::ModuleOp module);

/// Checks that `network` is one block that ends with a return, and that nothing
/// calls it.
mlir::LogicalResult verifyStraightLine(mlir::func::FuncOp network);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CONTRACT_NETWORKFUNCTION_H
