// The network of a checkpoint in float64.
#include "CheckpointReference.h"

#include "compiler/Import/Importer.h"
#include "tools/Output/Print.h"

using namespace llvm;

namespace mobileone::run {

static Expected<ImportOptions> makeImportOptions(const LoadedModel &model,
                                                 const VerifyOptions &given) {
  const mobileone_model_info &info = model.info();
  ImportOptions options;
  options.variant = given.variant;
  options.key = given.key;
  options.stripPrefix = given.stripPrefix;
  if (given.heads) {
    Expected<std::vector<HeadRequest>> heads = parseHeads(*given.heads);
    if (!heads)
      return heads.takeError();
    options.heads = std::move(*heads);
  }
  options.bnEpsilon = given.bnEpsilon;
  options.allowNonFinite = true; // as the object's weights may be
  options.imageSize = {info.input_height, info.input_width};
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
    options.normalization.mean.assign(model.mean().begin(), model.mean().end());
    options.normalization.std.assign(model.std().begin(), model.std().end());
    break;
  }
  for (const mobileone_output_info &output : model.outputs()) {
    options.outputs.push_back(
        {static_cast<OutputRequest::Kind>(output.kind), output.name});
    if (output.kind == MOBILEONE_FEATURES && output.layout == MOBILEONE_HWC)
      options.featureLayout = FeatureLayout::NHWC;
  }
  return options;
}

CheckpointReference::CheckpointReference()
    : handler(&context, [this](mlir::Diagnostic &diagnostic) {
        if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error)
          message = diagnostic.str();
        else
          print(stderr, "mobileone-run: remark: {}\n", diagnostic.str());
        return mlir::success();
      }) {}

Error CheckpointReference::load(const VerifyOptions &options,
                                const LoadedModel &model) {
  if (StringRef(model.info().precision) == "int8")
    return createStringError(
        "--verify expects an object of f32, but got one of int8, which is "
        "another network than its checkpoint: mobileone-opt --verify compares "
        "it with its integers, --eval says what it is worth");
  Expected<ImportOptions> import = makeImportOptions(model, options);
  if (!import)
    return import.takeError();
  module = importCheckpoint(options.checkpoint, *import, &context);
  if (!module)
    return createStringError(message);
  reference.emplace(*module->getOps<mlir::func::FuncOp>().begin(), model);
  return Error::success();
}

Expected<ReferenceResult> CheckpointReference::run(const char *image) {
  FailureOr<ReferenceResult> result = reference->run(image);
  if (failed(result))
    return createStringError(message);
  return std::move(*result);
}

} // namespace mobileone::run
