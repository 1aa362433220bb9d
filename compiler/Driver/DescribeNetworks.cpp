// What an object tells of its networks, and what they are called in it.
#include "compiler/Driver/CompiledNetwork.h"

#include "compiler/Contract/KernelFunction.h"
#include "compiler/Contract/Prototype.h"
#include "compiler/Object/CppHeader.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mobileone;

/// Describes one of them; `prefix` becomes what the object's names begin with.
static FailureOr<ModelInfo>
describe(ModuleOp form, const CompileRequest &request, std::string &prefix) {
  FailureOr<func::FuncOp> function = findNetwork(form);
  if (failed(function))
    return failure();
  FailureOr<ModelInfo> model = describeNetwork(*function);
  if (failed(model))
    return failure();
  // What cannot be counted is in no memory.
  uint64_t imageBytes = model->info.input_bytes;
  for (const mobileone_output_info &output : model->outputs)
    imageBytes = std::max(imageBytes, output.length * sizeof(float));
  uint64_t most = std::numeric_limits<int64_t>::max() / imageBytes;
  for (uint32_t batch : request.batches)
    if (batch > most)
      return emitError(UnknownLoc::get(form.getContext()),
                       "--batch expects at most ")
             << most << " images of " << imageBytes << " bytes, but got "
             << batch;
  model->info.batch = request.batches.front();
  model->otherBatches.assign(std::next(request.batches.begin()),
                             request.batches.end());
  prefix = request.prefix.empty() ? function->getName().str() : request.prefix;
  llvm::Error error = checkPrefix(prefix);
  if (!error && llvm::is_contained(request.also, Artifact::CppHeader))
    error = checkNamespace(prefix);
  if (error)
    return function->emitOpError("begins the name of every symbol, unless "
                                 "--prefix is given, and ")
           << toString(std::move(error));
  if (llvm::is_contained(request.also, Artifact::CppHeader))
    if (llvm::Error nameError = checkOutputNames(*model))
      return function->emitOpError() << toString(std::move(nameError));
  return model;
}

LogicalResult mobileone::describeNetworks(ArrayRef<ModuleOp> forms,
                                          const CompileRequest &request,
                                          CompiledNetwork &network) {
  for (ModuleOp form : forms) {
    FailureOr<ModelInfo> model = describe(form, request, network.prefix);
    if (failed(model))
      return failure();
    if (form == forms.front())
      network.model = std::move(*model);
    else
      network.model.otherSizes.push_back(std::move(*model));
  }
  // Code has no name but the compiler's own in the module.
  if (request.emit >= EmitKind::LlvmIr)
    for (ModuleOp form : forms)
      findNetwork(form)->setName(kNetwork.name);
  return success();
}

uint64_t mobileone::countWeightBytes(ArrayRef<ModuleOp> forms) {
  WeightPool weights;
  for (ModuleOp form : forms)
    form->walk([&](arith::ConstantOp constant) {
      // More than there may be are refused where they are merged.
      if (isa<RankedTensorType>(constant.getType()))
        (void)weights.place(cast<ElementsAttr>(constant.getValue()));
    });
  return weights.getBytes().size();
}

void mobileone::describeAlgorithms(ModuleOp vector, ModelInfo &model,
                                   mobileone_model_info &info) {
  uint32_t algorithm = MOBILEONE_CLASSICAL;
  vector.walk([&](func::CallOp call) {
    auto callee = vector.lookupSymbol<func::FuncOp>(call.getCallee());
    llvm::APInt layer;
    if (callee.getName() == kEndLayer.name &&
        matchPattern(call.getOperand(0), m_ConstantInt(&layer))) {
      model.layers[layer.getZExtValue()].algorithm = algorithm;
      algorithm = MOBILEONE_CLASSICAL;
    }
    auto levels = callee->getAttrOfType<IntegerAttr>(kStrassenAttr);
    if (!levels)
      return;
    algorithm = std::max<uint32_t>(algorithm, levels.getInt() == 1
                                                  ? MOBILEONE_STRASSEN
                                                  : MOBILEONE_STRASSEN2);
    int64_t bytes = 0;
    for (unsigned i = 0; i != callee.getNumArguments(); ++i)
      if (auto size = callee.getArgAttrOfType<IntegerAttr>(i, kWorkerBytesAttr))
        bytes += size.getInt();
    info.sums_bytes = std::max(info.sums_bytes, static_cast<uint32_t>(bytes));
  });
}
