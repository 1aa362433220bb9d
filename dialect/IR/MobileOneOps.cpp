// Verifiers, builders and the assembly format of the mobileone ops.
#include "dialect/IR/MobileOneOps.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace mobileone;

#include "dialect/IR/MobileOneOpsDialect.cpp.inc"

void MobileOneDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialect/IR/MobileOneOps.cpp.inc"
      >();
  registerAttributes();
}

/// Far from 2^63, so that counts of bytes and sums with a padding fit, too.
static constexpr int64_t kMaxElements = int64_t(1) << 31;

bool MobileOneDialect::isPlain(RankedTensorType type) {
  int64_t elements = 1;
  for (int64_t size : type.getShape()) {
    // A dynamic size is negative.
    if (size < 1 || size > kMaxElements / elements)
      return false;
    elements *= size;
  }
  return !type.getEncoding();
}

/// Checks that `weights` has the shape `expected`; `why` explains the numbers.
static LogicalResult checkShape(Operation *op, StringRef what,
                                ElementsAttr weights,
                                ArrayRef<int64_t> expected, StringRef why) {
  ArrayRef<int64_t> shape = weights.getShapedType().getShape();
  if (shape == expected)
    return success();
  InFlightDiagnostic error = op->emitOpError("expects ") << what << " of ";
  llvm::interleave(expected, error, "x");
  error << " (" << why << "), but got ";
  llvm::interleave(shape, error, "x");
  return error;
}

//===----------------------------------------------------------------------===//
// BlockOp
//===----------------------------------------------------------------------===//

YieldOp BlockOp::getYield() {
  return cast<YieldOp>(getBody().front().getTerminator());
}

LogicalResult BlockOp::verifyRegions() {
  Block &block = getBody().front();
  if (block.getNumArguments() != 1 ||
      block.getArgument(0).getType() != getInput().getType())
    return emitOpError("expects one region argument of the input's type ")
           << getInput().getType();
  if (!isa<YieldOp>(block.back()))
    return emitOpError("expects its region to end with mobileone.yield, but "
                       "got ")
           << block.back().getName();
  Type yielded = getYield().getResult().getType();
  if (yielded != getOutput().getType())
    return emitOpError("expects its region to yield the result's type ")
           << getOutput().getType() << ", but got " << yielded;
  return success();
}

/// "name" (%argument = %input) : type -> type { region }
ParseResult BlockOp::parse(OpAsmParser &parser, OperationState &result) {
  StringAttr name;
  OpAsmParser::Argument argument;
  OpAsmParser::UnresolvedOperand input;
  Type inputType, outputType;
  if (parser.parseAttribute(name, "name", result.attributes) ||
      parser.parseLParen() || parser.parseArgument(argument) ||
      parser.parseEqual() || parser.parseOperand(input) ||
      parser.parseRParen() ||
      parser.parseOptionalAttrDictWithKeyword(result.attributes) ||
      parser.parseColonType(inputType) || parser.parseArrow() ||
      parser.parseType(outputType) ||
      parser.resolveOperand(input, inputType, result.operands))
    return failure();
  argument.type = inputType;
  result.addTypes(outputType);
  return parser.parseRegion(*result.addRegion(), argument);
}

void BlockOp::print(OpAsmPrinter &printer) {
  printer << ' ' << getNameAttr() << " (" << getBody().getArgument(0) << " = "
          << getInput() << ')';
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(), {"name"});
  printer << " : " << getInput().getType() << " -> " << getOutput().getType()
          << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
}

//===----------------------------------------------------------------------===//
// ConvOp
//===----------------------------------------------------------------------===//

static SmallVector<int64_t> getConvShape(ArrayRef<int64_t> input,
                                         ShapedType filter,
                                         ArrayRef<int64_t> strides,
                                         ArrayRef<int64_t> padding,
                                         ArrayRef<int64_t> dilations) {
  SmallVector<int64_t> shape{input[0], filter.getDimSize(0)};
  for (int64_t d : {0, 1}) {
    int64_t window = (filter.getDimSize(2 + d) - 1) * dilations[d] + 1;
    shape.push_back((input[2 + d] + 2 * padding[d] - window) / strides[d] + 1);
  }
  return shape;
}

SmallVector<int64_t> ConvOp::getOutputShape(ArrayRef<int64_t> shape) {
  return getConvShape(shape, getFilter().getShapedType(), getStrides(),
                      getPadding(), getDilations());
}

void ConvOp::build(OpBuilder &builder, OperationState &state, Value input,
                   ElementsAttr filter, ElementsAttr bias,
                   ArrayRef<int64_t> strides, ArrayRef<int64_t> padding,
                   int64_t groups, ArrayRef<int64_t> dilations) {
  auto type = cast<RankedTensorType>(input.getType());
  Type element = filter.getElementType().isInteger(8)
                     ? Type(builder.getI32Type())
                     : builder.getF32Type();
  build(builder, state,
        type.clone(getConvShape(type.getShape(), filter.getShapedType(),
                                strides, padding, dilations),
                   element),
        input, filter, bias, strides, padding, groups, dilations);
}

/// Checks that input, filter, bias and result are numbers of one kind: floats,
/// bytes by floats into floats, or bytes by integers into integers.
static LogicalResult verifyElements(Operation *op, Type input, Type weights,
                                    std::optional<ElementsAttr> bias,
                                    Type output) {
  bool isQuantized = weights.isInteger(8);
  if (weights.isInteger(32))
    return op->emitOpError("expects weights of f32, f64 or i8, but got i32");
  if (isQuantized && input.isF32())
    return op->emitOpError("expects an input of integers for weights of i8, "
                           "but got f32");
  if (bias && isQuantized != bias->getElementType().isInteger(32))
    return op->emitOpError("expects a bias of ")
           << (isQuantized ? "i32" : "f32 or f64") << " beside weights of "
           << weights << ", but got " << bias->getElementType();
  if (isQuantized != output.isInteger(32))
    return op->emitOpError("expects a result of ")
           << (isQuantized ? "i32" : "f32") << " by weights of " << weights
           << ", but got " << output;
  return success();
}

/// Checks that no sum of integer products leaves the range of i32, whatever the
/// inputs from 0 to `largest` are.
static LogicalResult verifySums(Operation *op, ElementsAttr weights,
                                ElementsAttr bias, int64_t largest) {
  for (auto [o, sum] : llvm::enumerate(getLargestSums(weights, bias, largest)))
    if (sum > std::numeric_limits<int32_t>::max())
      return op->emitOpError("expects sums in the range of i32, but output ")
             << o << " may reach " << sum;
  return success();
}

LogicalResult ConvOp::verify() {
  RankedTensorType input = getInput().getType();
  RankedTensorType output = getOutput().getType();
  ShapedType filter = getFilter().getShapedType();
  int64_t groups = static_cast<int64_t>(getGroups());
  int64_t groupChannels = filter.getDimSize(1);
  // First, so that the product below is no larger than it looks.
  if (filter.getDimSize(0) % groups != 0)
    return emitOpError("expects output channels that ")
           << groups << " groups divide, but got " << filter.getDimSize(0);
  if (input.getDimSize(1) != groupChannels * groups)
    return emitOpError("expects ")
           << groupChannels * groups << " input channels (" << groups
           << " groups of " << groupChannels << "), but got "
           << input.getDimSize(1);
  for (int64_t d : {0, 1}) {
    int64_t kernel = filter.getDimSize(2 + d), padding = getPadding()[d];
    if (getDilations()[d] > kMaxElements / kernel)
      return emitOpError("expects a filter with its dilation of at most 2^31 "
                         "pixels, but got ")
             << kernel << " taps with a dilation of " << getDilations()[d];
    int64_t window = d ? getWindowWidth() : getWindowHeight();
    StringRef dilated = window == kernel ? "" : "dilated ";
    if (padding >= window)
      return emitOpError("expects a padding smaller than the ")
             << dilated << "filter (" << window << "), but got " << padding;
    if (input.getDimSize(2 + d) + 2 * padding < window)
      return emitOpError("expects a padded input as large as the ")
             << dilated << "filter (" << window << "), but got "
             << input.getDimSize(2 + d) + 2 * padding;
  }
  SmallVector<int64_t> shape = getOutputShape(input.getShape());
  if (output.getShape() != ArrayRef<int64_t>(shape))
    return emitOpError("expects result type ")
           << output.clone(shape) << ", but got " << output;
  if (getBias() &&
      failed(checkShape(*this, "a bias", *getBias(), {filter.getDimSize(0)},
                        "one per output channel")))
    return failure();
  if (failed(verifyElements(*this, input.getElementType(),
                            filter.getElementType(), getBias(),
                            output.getElementType())))
    return failure();
  return isQuantized() ? verifySums(*this, getFilter(), getBiasAttr(), 255)
                       : success();
}

//===----------------------------------------------------------------------===//
// The other ops of a block
//===----------------------------------------------------------------------===//

LogicalResult BatchNormOp::verify() {
  int64_t channels = getInput().getType().getDimSize(1);
  for (auto [what, weights] :
       {std::pair("a gamma", getGamma()), std::pair("a beta", getBeta()),
        std::pair("a mean", getMean()), std::pair("a variance", getVariance())})
    if (failed(checkShape(*this, what, weights, {channels}, "one per channel")))
      return failure();
  double epsilon = getEpsilon().convertToDouble();
  if (!(epsilon >= 0) || std::isinf(epsilon))
    return emitOpError("expects a finite epsilon of at least 0, but got ")
           << epsilon;
  // NaN is let through: whoever imports NaN has asked for it.
  for (auto [i, variance] : llvm::enumerate(readWeights(getVariance())))
    if (variance < 0 || variance + epsilon == 0)
      return emitOpError("expects variances of at least 0, and above 0 with "
                         "the epsilon, but got ")
             << variance << " at channel " << i;
  return success();
}

LogicalResult SqueezeExciteOp::verify() {
  int64_t channels = getInput().getType().getDimSize(1);
  int64_t reduced = getReduceBias().getShapedType().getDimSize(0);
  if (failed(checkShape(*this, "a reduce filter", getReduceFilter(),
                        {reduced, channels},
                        "one row per reduce bias, one column per channel")) ||
      failed(checkShape(*this, "an expand filter", getExpandFilter(),
                        {channels, reduced},
                        "one row per channel, one column per reduce bias")))
    return failure();
  return checkShape(*this, "an expand bias", getExpandBias(), {channels},
                    "one per channel");
}

//===----------------------------------------------------------------------===//
// Between integers and floats
//===----------------------------------------------------------------------===//

/// Checks that `op` keeps the shape of its input and has a finite factor above
/// 0 for each channel.
template <typename OpT>
static LogicalResult verifyFactor(OpT op) {
  RankedTensorType input = op.getInput().getType();
  RankedTensorType output = op.getOutput().getType();
  if (input.getShape() != output.getShape())
    return op.emitOpError("expects result type ")
           << output.clone(input.getShape()) << ", but got " << output;
  if (!op.getFactor().getElementType().isF32())
    return op.emitOpError("expects factors of f32, but got ")
           << op.getFactor().getElementType();
  if (failed(checkShape(op, "a factor", op.getFactor(), {input.getDimSize(1)},
                        "one per channel")))
    return failure();
  for (auto [i, factor] : llvm::enumerate(readWeights(op.getFactor())))
    if (!(factor > 0) || std::isinf(factor))
      return op.emitOpError("expects finite factors above 0, but got ")
             << factor << " at channel " << i;
  return success();
}

LogicalResult QuantizeOp::verify() { return verifyFactor(*this); }

LogicalResult DequantizeOp::verify() { return verifyFactor(*this); }

//===----------------------------------------------------------------------===//
// Around the blocks
//===----------------------------------------------------------------------===//

bool ReadImageOp::isReversed() {
  return getOrder() == ChannelOrder::bgr || getOrder() == ChannelOrder::bgra;
}

int64_t ReadImageOp::getElement(int64_t channel) {
  int64_t channels = getOutput().getType().getDimSize(1);
  return isReversed() ? channels - 1 - channel : channel;
}

LogicalResult ReadImageOp::verify() {
  ArrayRef<int64_t> image = getImage().getType().getShape();
  RankedTensorType output = getOutput().getType();
  // Alpha is no channel of the network.
  bool hasAlpha =
      getOrder() == ChannelOrder::rgba || getOrder() == ChannelOrder::bgra;
  if (getOrder() != ChannelOrder::rgb && image[3] != 3 + hasAlpha)
    return emitOpError("expects ")
           << 3 + hasAlpha << " elements per pixel in order "
           << stringifyChannelOrder(getOrder()) << ", but got " << image[3];
  SmallVector<int64_t> shape{image[0], image[3] - hasAlpha, image[1], image[2]};
  if (output.getShape() != ArrayRef<int64_t>(shape))
    return emitOpError("expects result type ")
           << output.clone(shape) << ", but got " << output;
  auto channels = static_cast<size_t>(shape[1]);
  if (getMean().size() != channels || getStd().size() != channels)
    return emitOpError("expects ")
           << channels << " means and standard deviations (one per channel), "
           << "but got " << getMean().size() << " and " << getStd().size();
  for (double mean : getMean())
    if (!std::isfinite(mean))
      return emitOpError("expects finite means, but got ") << mean;
  for (double deviation : getStd())
    if (!(deviation > 0) || std::isinf(deviation))
      return emitOpError("expects finite standard deviations above 0, but got ")
             << deviation;
  // Kernels and headers have them as floats, none of which is infinite or lost.
  for (auto [mean, deviation] : llvm::zip_equal(getMean(), getStd()))
    if (!std::isfinite(static_cast<float>(mean)) ||
        !std::isfinite(static_cast<float>(mean / deviation)) ||
        !std::isnormal(static_cast<float>(deviation)) ||
        !std::isnormal(static_cast<float>(1 / (255 * deviation))))
      return emitOpError("expects a mean and a standard deviation in the range "
                         "of floats, but got ")
             << mean << " and " << deviation;
  bool isFloat = getImage().getType().getElementType().isF32();
  bool isPlain = llvm::all_of(getMean(), [](double m) { return m == 0; }) &&
                 llvm::all_of(getStd(), [](double s) { return s == 1; });
  if (isFloat && !isPlain)
    return emitOpError("expects mean 0 and std 1 for an image of floats, "
                       "which the caller normalizes");
  return success();
}

unsigned mobileone::getDimOfRows(BlockArgument image) {
  return llvm::any_of(image.getUsers(), llvm::IsaPred<ReadImageOp>) ? 1 : 2;
}

LogicalResult GlobalAveragePoolOp::verify() {
  ArrayRef<int64_t> input = getInput().getType().getShape();
  RankedTensorType output = getOutput().getType();
  if (output.getShape() != input.take_front(2))
    return emitOpError("expects result type ")
           << output.clone(input.take_front(2)) << ", but got " << output;
  return success();
}

/// Pixels whose bytes' sum takes 15 bits.
static constexpr int64_t kMaxSummedPixels = 128;

LogicalResult GlobalSumPoolOp::verify() {
  ArrayRef<int64_t> input = getInput().getType().getShape();
  RankedTensorType output = getOutput().getType();
  if (output.getShape() != input.take_front(2))
    return emitOpError("expects result type ")
           << output.clone(input.take_front(2)) << ", but got " << output;
  if (int64_t pixels = input[2] * input[3]; pixels > kMaxSummedPixels)
    return emitOpError("expects at most ")
           << kMaxSummedPixels << " pixels, but got " << pixels;
  return success();
}

LogicalResult ChannelsLastOp::verify() {
  ArrayRef<int64_t> input = getInput().getType().getShape();
  RankedTensorType output = getOutput().getType();
  SmallVector<int64_t> shape{input[0], input[2], input[3], input[1]};
  if (output.getShape() != ArrayRef<int64_t>(shape))
    return emitOpError("expects result type ")
           << output.clone(shape) << ", but got " << output;
  return success();
}

LogicalResult LinearOp::verify() {
  int64_t inputs = getInput().getType().getDimSize(1);
  int64_t outputs = getOutput().getType().getDimSize(1);
  if (getInput().getType().getDimSize(0) != getOutput().getType().getDimSize(0))
    return emitOpError("expects as many result rows as input rows (")
           << getInput().getType().getDimSize(0) << "), but got "
           << getOutput().getType().getDimSize(0);
  if (failed(checkShape(*this, "a weight", getWeight(), {outputs, inputs},
                        "outputs x inputs")) ||
      failed(
          checkShape(*this, "a bias", getBias(), {outputs}, "one per output")))
    return failure();
  Type element = getInput().getType().getElementType();
  if (failed(verifyElements(*this, element, getWeight().getElementType(),
                            getBias(), getOutput().getType().getElementType())))
    return failure();
  if (!isQuantized()) {
    if (!element.isF32())
      return emitOpError("expects weights of i8 for an input of i32");
    return success();
  }
  auto pool = getInput().getDefiningOp<GlobalSumPoolOp>();
  if (!pool)
    return emitOpError("expects sums of a global_sum_pool for weights of i8");
  ArrayRef<int64_t> image = pool.getInput().getType().getShape();
  return verifySums(*this, getWeight(), getBias(), 255 * image[2] * image[3]);
}

#define GET_OP_CLASSES
#include "dialect/IR/MobileOneOps.cpp.inc"
