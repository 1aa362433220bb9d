// The network of a checkpoint in float64.
#include "Reference.h"

#include "compiler/Import/Importer.h"
#include "dialect/IR/MobileOneOps.h"
#include "tools/Output/Print.h"

#include <cstring>

using namespace llvm;

namespace mobileone::run {

static ImportOptions makeImportOptions(const mobileone_model_info &info,
                                       const VerifyOptions &given) {
  ImportOptions options;
  options.variant = given.variant;
  options.key = given.key;
  options.stripPrefix = given.stripPrefix;
  options.bnEpsilon = given.bnEpsilon;
  options.allowNonFinite = true; // as the object's weights may be
  options.imageHeight = info.input_height;
  options.imageWidth = info.input_width;
  switch (static_cast<mobileone_input_layout>(info.input_layout)) {
  case MOBILEONE_F32_NCHW:
    options.input = InputLayout::F32NCHW;
    break;
  case MOBILEONE_F32_NHWC:
    options.input = InputLayout::F32NHWC;
    break;
  case MOBILEONE_U8_NHWC:
    options.input = InputLayout::U8NHWC;
    options.order = static_cast<ChannelOrder>(info.channel_order);
    std::copy_n(info.mean, 3, options.mean.begin());
    std::copy_n(info.std, 3, options.std.begin());
    break;
  }
  options.output = info.output_height ? OutputKind::Features
                   : info.softmax     ? OutputKind::Softmax
                                      : OutputKind::Logits;
  return options;
}

Reference::Reference()
    : handler(&context, [this](mlir::Diagnostic &diagnostic) {
        if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error)
          message = diagnostic.str();
        else
          print(stderr, "mobileone-run: remark: {}\n", diagnostic.str());
        return mlir::success();
      }) {}

Error Reference::load(const VerifyOptions &options, const LoadedModel &model) {
  module = importCheckpoint(options.checkpoint,
                            makeImportOptions(model.info(), options), &context);
  if (!module)
    return createStringError(message);
  for (uint32_t size : {uint32_t{1}, model.inputShape()[0],
                        model.inputShape()[1], model.inputShape()[2]})
    image.shape.push_back(size);
  return Error::success();
}

Expected<std::vector<double>> Reference::run(const char *input, bool isBytes,
                                             std::vector<LayerResult> *layers) {
  image.values.clear();
  const char *const end = input + (isBytes ? 1 : sizeof(float)) *
                                      image.shape[1] * image.shape[2] *
                                      image.shape[3];
  while (input != end) {
    if (isBytes) {
      image.values.push_back(static_cast<uint8_t>(*input++));
      continue;
    }
    float value;
    std::memcpy(&value, input, sizeof value);
    image.values.push_back(value);
    input += sizeof value;
  }
  auto func = *module->getOps<mlir::func::FuncOp>().begin();
  FailureOr<Tensor64> result =
      interpret(func, image, [&](mlir::Operation *op, const Tensor64 &tensor) {
        if (!layers)
          return;
        if (auto block = dyn_cast<BlockOp>(op))
          layers->push_back({block.getName().str(), tensor});
        else if (auto linear = dyn_cast<LinearOp>(op))
          layers->push_back({linear.getName().str(), tensor});
      });
  if (failed(result))
    return createStringError(message);
  return std::move(result->values);
}

} // namespace mobileone::run
