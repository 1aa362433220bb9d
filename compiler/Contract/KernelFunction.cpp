// Units of kernels that workers share.
#include "compiler/Contract/KernelFunction.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mobileone;

LogicalResult mobileone::verifyUnits(func::FuncOp kernel) {
  if (!kernel->hasAttr(kUnitsAttr))
    return success();
  auto units = kernel->getAttrOfType<IntegerAttr>(kUnitsAttr);
  ArrayRef<Type> types = kernel.getArgumentTypes();
  if (!units || !units.getType().isIndex() || types.size() < 2 ||
      !llvm::all_of(types.take_back(2), llvm::IsaPred<IndexType>))
    return kernel.emitOpError("expects ")
           << kUnitsAttr
           << " to be an index, and a range of units as the last arguments";
  return success();
}

SmallVector<Value, 2> mobileone::makeAllUnits(OpBuilder &builder, Location loc,
                                              func::FuncOp kernel) {
  auto units = kernel->getAttrOfType<IntegerAttr>(kUnitsAttr);
  return {arith::ConstantIndexOp::create(builder, loc, 0),
          arith::ConstantIndexOp::create(builder, loc, units.getInt())};
}
