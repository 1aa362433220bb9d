// Walks a function op by op, and blocks inside of it, with their tensors.
#include "dialect/Interpreter/Interpreter.h"

#include "dialect/Interpreter/Operators.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mobileone;

namespace {

class Interpreter {
public:
  explicit Interpreter(
      function_ref<void(Operation *, const Tensor64 &)> onResult)
      : onResult(onResult) {}

  /// Runs `block` with the value `argument` of its only argument; returns the
  /// operands of its terminator. Tensors live as long as their block.
  FailureOr<std::vector<Tensor64>> run(Block &block, const Tensor64 &argument) {
    DenseMap<Value, Tensor64> tensors;
    tensors[block.getArgument(0)] = argument;
    for (Operation &op : block.without_terminator()) {
      FailureOr<Tensor64> result = evaluateOp(&op, tensors);
      if (failed(result))
        return failure();
      if (onResult)
        onResult(&op, *result);
      tensors[op.getResult(0)] = std::move(*result);
    }
    Operation *terminator = block.getTerminator();
    if (!isa<YieldOp, func::ReturnOp>(terminator))
      return terminator->emitOpError("is unknown to the interpreter");
    std::vector<Tensor64> results;
    for (Value operand : terminator->getOperands())
      results.push_back(tensors.at(operand));
    return results;
  }

private:
  FailureOr<Tensor64> evaluateOp(Operation *op,
                                 const DenseMap<Value, Tensor64> &tensors) {
    return TypeSwitch<Operation *, FailureOr<Tensor64>>(op)
        .Case([&](BlockOp block) -> FailureOr<Tensor64> {
          FailureOr<std::vector<Tensor64>> results =
              run(block.getBody().front(), tensors.at(block.getInput()));
          if (failed(results))
            return failure();
          return std::move(results->front()); // a yield has one operand
        })
        .Case([&](AddOp add) {
          return evaluate(
              add, llvm::map_to_vector(add.getBranches(), [&](Value branch) {
                return &tensors.at(branch);
              }));
        })
        .Case<ReadImageOp, ConvOp, BatchNormOp, SqueezeExciteOp, ActivationOp,
              QuantizeOp, DequantizeOp, GlobalAveragePoolOp, GlobalSumPoolOp,
              LinearOp, SoftmaxOp, ChannelsLastOp>([&](auto known) {
          return evaluate(known, tensors.at(known->getOperand(0)));
        })
        .Default([](Operation *unknown) {
          return unknown->emitOpError("is unknown to the interpreter");
        });
  }

  function_ref<void(Operation *, const Tensor64 &)> onResult;
};

} // namespace

FailureOr<std::vector<Tensor64>> mobileone::interpret(
    func::FuncOp func, const Tensor64 &image,
    function_ref<void(Operation *, const Tensor64 &)> onResult) {
  if (func.isDeclaration() || func.getNumArguments() != 1)
    return func.emitOpError("expects a body and one argument, the image");
  auto type = dyn_cast<RankedTensorType>(func.getArgument(0).getType());
  if (!type || type.getShape() != ArrayRef(image.shape)) {
    InFlightDiagnostic error = func.emitOpError("expects an image of type ")
                               << func.getArgument(0).getType() << ", but got ";
    llvm::interleave(image.shape, error, "x");
    return error;
  }
  return Interpreter(onResult).run(func.getBody().front(), image);
}
