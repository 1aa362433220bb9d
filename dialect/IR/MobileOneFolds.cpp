// Folds that are always a gain and change no number.
#include "dialect/IR/MobileOneOps.h"

using namespace mlir;
using namespace mobileone;

/// A block that yields its own input does nothing.
OpFoldResult BlockOp::fold(FoldAdaptor) {
  return getYield().getResult() == getBody().getArgument(0) ? getInput()
                                                            : Value();
}

/// The sum of one branch is the branch.
OpFoldResult AddOp::fold(FoldAdaptor) {
  return getBranches().size() == 1 ? getBranches().front() : Value();
}

/// relu(relu(x)) = relu(x)
OpFoldResult ActivationOp::fold(FoldAdaptor) {
  auto inner = getInput().getDefiningOp<ActivationOp>();
  bool areRelu = getKind() == ActivationKind::relu && inner &&
                 inner.getKind() == ActivationKind::relu;
  return areRelu ? getInput() : Value();
}
