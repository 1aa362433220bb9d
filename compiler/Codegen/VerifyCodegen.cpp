// Checks that only loops over vectors on static buffers are left.
#include "compiler/Codegen/Passes.h"

namespace mobileone {
#define GEN_PASS_DEF_MOBILEONEVERIFYCODEGENPASS
#include "compiler/Codegen/Passes.h.inc"
} // namespace mobileone

using namespace mlir;

static LogicalResult verifyType(Operation *op, Type type) {
  if (isa<TensorType>(type))
    return op->emitOpError("expects no tensors after codegen, but got ")
           << type;
  if (auto memref = dyn_cast<MemRefType>(type);
      memref && !memref.hasStaticShape())
    return op->emitOpError("expects static shapes after codegen, but got ")
           << type;
  return success();
}

/// A loop that holds no other loop works on vectors alone.
static LogicalResult verifyLoop(scf::ForOp loop) {
  bool hasVectors = false, hasLoops = false;
  Operation *scalar = nullptr;
  loop.getBody()->walk([&](Operation *op) {
    hasLoops |= isa<scf::ForOp>(op);
    for (Type type : op->getResultTypes())
      if (isa<FloatType>(type) &&
          isa_and_nonnull<arith::ArithDialect>(op->getDialect()) &&
          !isa<arith::ConstantOp>(op))
        scalar = op;
    hasVectors |= isa_and_nonnull<vector::VectorDialect>(op->getDialect());
  });
  if (hasLoops || (hasVectors && !scalar))
    return success();
  InFlightDiagnostic error =
      loop.emitOpError("expects vectors in every innermost loop");
  if (scalar)
    error.attachNote(scalar->getLoc()) << "scalar arithmetic is left here";
  return error;
}

static LogicalResult verifyOp(Operation *op) {
  if (isa<memref::AllocOp>(op))
    return op->emitOpError("expects no allocation after codegen");
  if (isa_and_nonnull<linalg::LinalgDialect>(op->getDialect()))
    return op->emitOpError("expects no linalg op after codegen");
  for (Type type : op->getResultTypes())
    if (failed(verifyType(op, type)))
      return failure();
  for (Type type : op->getOperandTypes())
    if (failed(verifyType(op, type)))
      return failure();
  auto loop = dyn_cast<scf::ForOp>(op);
  return loop ? verifyLoop(loop) : success();
}

namespace {

struct VerifyCodegenPass
    : mobileone::impl::MobileOneVerifyCodegenPassBase<VerifyCodegenPass> {
  void runOnOperation() override {
    bool isBroken = getOperation()
                        .walk<WalkOrder::PreOrder>([](Operation *op) {
                          return WalkResult(verifyOp(op));
                        })
                        .wasInterrupted();
    if (isBroken)
      signalPassFailure();
  }
};

} // namespace
