// Finds what makes each result of a network, and puts it into words.
#include "compiler/Object/Outputs.h"

#include "dialect/IR/Limits.h"
#include "dialect/IR/MobileOneOps.h"
#include "llvm/ADT/StringExtras.h"
#include <fmt/format.h>

using namespace mlir;
using namespace mobileone;

std::string mobileone::getIdentifier(const mobileone_output_info &output) {
  std::string name = output.name;
  llvm::replace(name, '.', '_');
  return name;
}

static std::string getUpperName(const mobileone_output_info &output) {
  return llvm::StringRef(getIdentifier(output)).upper();
}

//===----------------------------------------------------------------------===//
// From a network
//===----------------------------------------------------------------------===//

/// Pixels of the image from one pixel of `map` to the next.
static uint32_t getStride(Value map) {
  int64_t stride = 1;
  while (auto block = map.getDefiningOp<BlockOp>()) {
    for (ConvOp conv : block.getBody().getOps<ConvOp>())
      if (conv.getInput() == block.getBody().getArgument(0)) {
        stride *= conv.getStrides()[0];
        break;
      }
    map = block.getInput();
  }
  return static_cast<uint32_t>(stride);
}

/// What `value` is, and the name that it has by itself.
static FailureOr<std::string> describe(Value value, func::FuncOp network,
                                       mobileone_output_info &output) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || !type.hasStaticShape() || type.getDimSize(0) != 1 ||
      !type.getElementType().isF32())
    return network.emitOpError("expects results of f32 for one image, but got ")
           << value.getType();
  output.length = type.getNumElements();
  output.channels = static_cast<uint32_t>(type.getDimSize(1));
  output.height = output.width = 1;
  auto getOrigin = [](Value real) {
    auto dequantize = real.getDefiningOp<DequantizeOp>();
    return dequantize ? Value(dequantize.getInput()) : real;
  };
  if (type.getRank() == 2) {
    Operation *origin = getOrigin(value).getDefiningOp();
    output.kind =
        isa_and_nonnull<SoftmaxOp>(origin) ? MOBILEONE_SOFTMAX
        : isa_and_nonnull<GlobalAveragePoolOp, GlobalSumPoolOp>(origin)
            ? MOBILEONE_EMBEDDING
            : MOBILEONE_LOGITS;
    return getKindName(output).str();
  }
  output.kind = MOBILEONE_FEATURES;
  output.layout = MOBILEONE_CHW;
  if (auto channelsLast = value.getDefiningOp<ChannelsLastOp>()) {
    output.layout = MOBILEONE_HWC;
    value = channelsLast.getInput();
  }
  value = getOrigin(value);
  ArrayRef<int64_t> shape = cast<RankedTensorType>(value.getType()).getShape();
  output.channels = static_cast<uint32_t>(shape[1]);
  output.height = static_cast<uint32_t>(shape[2]);
  output.width = static_cast<uint32_t>(shape[3]);
  output.stride = getStride(value);
  auto block = value.getDefiningOp<BlockOp>();
  return block ? block.getName().str() : getKindName(output).str();
}

LogicalResult mobileone::describeOutputs(func::FuncOp network,
                                         ModelInfo &model) {
  auto end = cast<func::ReturnOp>(network.getBody().back().getTerminator());
  static_assert(kMaxResults == MOBILEONE_MOST_OUTPUTS);
  if (end.getNumOperands() == 0 || end.getNumOperands() > kMaxResults)
    return network.emitOpError("expects 1 to ")
           << kMaxResults << " results, but got " << end.getNumOperands();
  for (auto [i, value] : llvm::enumerate(end.getOperands())) {
    mobileone_output_info output = {};
    FailureOr<std::string> name = describe(value, network, output);
    if (failed(name))
      return failure();
    if (auto given =
            network.getResultAttrOfType<StringAttr>(i, kOutputNameAttr))
      name = given.str();
    static_assert(kMaxResultName < sizeof output.name);
    if (!isResultName(*name))
      return network.emitOpError("expects as names of results at most ")
             << kMaxResultName << " letters, digits, '_' and '.', but got '"
             << *name << "'";
    llvm::copy(*name, output.name);
    for (const mobileone_output_info &other : model.outputs)
      if (getUpperName(other) == getUpperName(output))
        return network.emitOpError("expects results of different names, but "
                                   "got '")
               << other.name << "' and '" << *name << "'";
    model.outputs.push_back(output);
  }
  model.info.output_count = static_cast<uint32_t>(model.outputs.size());
  return success();
}

//===----------------------------------------------------------------------===//
// To text
//===----------------------------------------------------------------------===//

llvm::StringRef mobileone::getKindName(const mobileone_output_info &output) {
  static constexpr llvm::StringLiteral kNames[] = {"logits", "softmax",
                                                   "embedding", "features"};
  return kNames[output.kind];
}

std::string mobileone::describeOutput(const mobileone_output_info &output) {
  switch (output.kind) {
  case MOBILEONE_LOGITS:
    return "one logit per class of each image";
  case MOBILEONE_SOFTMAX:
    return "one probability per class of each image";
  case MOBILEONE_EMBEDDING:
    return "the mean of each channel of the last feature map\n * of each image";
  default:
    return fmt::format(
        "a feature map of each image,\n * float [{}][{}][{}], channels {}, one "
        "pixel for {}x{} of the image",
        output.layout == MOBILEONE_CHW ? output.channels : output.height,
        output.layout == MOBILEONE_CHW ? output.height : output.width,
        output.layout == MOBILEONE_CHW ? output.width : output.channels,
        output.layout == MOBILEONE_CHW ? "before rows" : "last", output.stride,
        output.stride);
  }
}

std::string mobileone::getOutputMacro(const ModelInfo &model,
                                      const mobileone_output_info &output,
                                      llvm::StringRef upper) {
  std::string macro = upper.str() + "_OUTPUT";
  return model.outputs.size() == 1 ? macro : macro + "_" + getUpperName(output);
}

std::string mobileone::formatOutputMacros(const ModelInfo &model,
                                          llvm::StringRef upper) {
  std::string text = fmt::format("#define {}_OUTPUT_COUNT {}u\n", upper.str(),
                                 model.outputs.size());
  for (auto [i, output] : llvm::enumerate(model.outputs)) {
    std::string macro = getOutputMacro(model, output, upper);
    text += fmt::format("/* Floats of {}: {}. */\n",
                        model.outputs.size() == 1
                            ? "the output"
                            : fmt::format("output {}, {}", i, output.name),
                        describeOutput(output));
    if (model.outputs.size() != 1)
      text += fmt::format("#define {}_INDEX {}u\n", macro, i);
    text += fmt::format("#define {}_LEN {}u\n", macro,
                        model.info.batch * output.length);
    if (output.kind == MOBILEONE_FEATURES)
      text += fmt::format("#define {0}_CHANNELS {1}u\n"
                          "#define {0}_HEIGHT {2}u\n"
                          "#define {0}_WIDTH {3}u\n"
                          "#define {0}_STRIDE {4}u\n"
                          "#define {0}_LAYOUT MOBILEONE_{5}\n",
                          macro, output.channels, output.height, output.width,
                          output.stride,
                          output.layout == MOBILEONE_CHW ? "CHW" : "HWC");
    text += fmt::format("#define {}_KIND MOBILEONE_{}\n", macro,
                        getKindName(output).upper());
  }
  return text;
}

std::string mobileone::formatOutputSizes(const ModelInfo &size,
                                         llvm::StringRef upper) {
  std::string text;
  for (const mobileone_output_info &output : size.outputs) {
    std::string macro = getOutputMacro(size, output, upper);
    text += fmt::format("#define {}_LEN {}u\n", macro,
                        size.info.batch * output.length);
    if (output.kind == MOBILEONE_FEATURES)
      text += fmt::format("#define {0}_HEIGHT {1}u\n"
                          "#define {0}_WIDTH {2}u\n",
                          macro, output.height, output.width);
  }
  return text;
}
