// The patterns of mobileone-reparameterize. Equation numbers are those of
// docs/Reparameterization.md.
#include "dialect/Transforms/Passes.h"

#include "dialect/IR/MobileOneOps.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/Remarks.h"

#include <cmath>

// The fused weights have the same bits whether or not the host can fuse
// multiply and add.
#pragma STDC FP_CONTRACT OFF

using namespace mlir;
using namespace mobileone;

//===----------------------------------------------------------------------===//
// Weights between the patterns
//===----------------------------------------------------------------------===//

/// The bias of `conv`, zeros if it has none.
static SmallVector<double> readBias(ConvOp conv) {
  if (ElementsAttr bias = conv.getBiasAttr())
    return readWeights(bias);
  return SmallVector<double>(conv.getOutputChannels(), 0.0);
}

/// Makes a convolution with f64 weights of its own: nothing else refers to
/// them, so they can be freed together with it.
static ConvOp createFolded(PatternRewriter &rewriter, Location loc, Value input,
                           ArrayRef<int64_t> filterShape,
                           ArrayRef<double> filter, ArrayRef<double> bias,
                           ArrayRef<int64_t> strides, ArrayRef<int64_t> padding,
                           ArrayRef<int64_t> dilations, int64_t groups) {
  MLIRContext *context = rewriter.getContext();
  return ConvOp::create(
      rewriter, loc, input,
      makeWeights(context, filterShape, filter, "folding.filter"),
      makeWeights(context, {filterShape[0]}, bias, "folding.bias"), strides,
      padding, groups, dilations);
}

/// The remark of a fold at `loc`.
static remark::detail::InFlightRemark reportFold(Location loc, StringRef name) {
  return remark::passed(
      loc, remark::RemarkOpts::name(name).category("reparameterize"));
}

//===----------------------------------------------------------------------===//
// Patterns
//===----------------------------------------------------------------------===//

namespace {

/// Folds a batch norm into the convolution that feeds it (equations 2 to 4).
/// Per output channel `o`, with scale[o] = gamma[o] / sqrt(variance[o] +
/// epsilon):
///
///   filter'[o] = filter[o] * scale[o]
///   bias'[o]   = (bias[o] - mean[o]) * scale[o] + beta[o]
struct FoldBatchNormIntoConv : OpRewritePattern<BatchNormOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(BatchNormOp norm,
                                PatternRewriter &rewriter) const override {
    auto conv = norm.getInput().getDefiningOp<ConvOp>();
    if (!conv)
      return rewriter.notifyMatchFailure(norm, "input is not a convolution");
    if (!conv->hasOneUse())
      return rewriter.notifyMatchFailure(
          norm, "input is a convolution that has other users");

    SmallVector<double> filter = readWeights(conv.getFilter());
    SmallVector<double> bias = readBias(conv);
    SmallVector<double> gamma = readWeights(norm.getGamma());
    SmallVector<double> beta = readWeights(norm.getBeta());
    SmallVector<double> mean = readWeights(norm.getMean());
    SmallVector<double> variance = readWeights(norm.getVariance());
    double epsilon = norm.getEpsilon().convertToDouble();

    size_t filterSize = filter.size() / bias.size();
    for (size_t o = 0; o != bias.size(); ++o) {
      double scale = gamma[o] / std::sqrt(variance[o] + epsilon);
      for (double &tap :
           MutableArrayRef(filter).slice(o * filterSize, filterSize))
        tap *= scale;
      bias[o] = (bias[o] - mean[o]) * scale + beta[o];
    }

    reportFold(norm.getLoc(), "FoldBatchNormIntoConv")
        << "folded into the convolution before it";
    rewriter.replaceOp(
        norm,
        createFolded(
            rewriter, rewriter.getFusedLoc({conv.getLoc(), norm.getLoc()}),
            conv.getInput(), conv.getFilter().getShapedType().getShape(),
            filter, bias, conv.getStrides(), conv.getPadding(),
            conv.getDilations(), static_cast<int64_t>(conv.getGroups())));
    rewriter.eraseOp(conv);
    return success();
  }
};

/// Turns a batch norm of the block's argument, the identity branch, into a
/// convolution followed by that norm (equation 5). With `C` channels in groups
/// of `I`, output channel `o` picks its own input channel:
///
///   filter[o, i] = 1 if i = o mod I, else 0
///
/// The groups are those of the convolutions beside it, so that the sum can
/// follow; alone it becomes a depthwise convolution.
struct TurnSkipIntoConv : OpRewritePattern<BatchNormOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(BatchNormOp norm,
                                PatternRewriter &rewriter) const override {
    Value input = norm.getInput();
    auto block = dyn_cast<BlockOp>(norm->getParentOp());
    if (!block || input != block.getBody().getArgument(0))
      return rewriter.notifyMatchFailure(
          norm, "input is not the argument of the block");

    int64_t channels = norm.getInput().getType().getDimSize(1);
    auto convs = block.getBody().getOps<ConvOp>();
    auto sibling = llvm::find_if(
        convs, [&](ConvOp conv) { return conv.getInput() == input; });
    int64_t groups = sibling == convs.end()
                         ? channels
                         : static_cast<int64_t>((*sibling).getGroups());

    int64_t groupChannels = channels / groups;
    SmallVector<double> filter(channels * groupChannels, 0.0);
    for (int64_t o = 0; o != channels; ++o)
      filter[o * groupChannels + o % groupChannels] = 1.0;

    reportFold(norm.getLoc(), "TurnSkipIntoConv")
        << remark::add("became a 1x1 convolution with {0} groups", groups);
    Value conv = createFolded(
        rewriter, norm.getLoc(), input, {channels, groupChannels, 1, 1}, filter,
        SmallVector<double>(channels, 0.0), {1, 1}, {0, 0}, {1, 1}, groups);
    rewriter.modifyOpInPlace(norm,
                             [&] { norm.getInputMutable().assign(conv); });
    return success();
  }
};

/// Widens the 1x1 filter of a branch to the size of a larger filter in the same
/// sum (equation 6). Tap `t` of a filter with padding `p` and dilation `d`
/// reads the pixel at output * stride - p + d * t. A 1x1 filter has no padding,
/// so it is the larger one with all taps zero but
///
///   t = p / d,  per dimension
///
/// which is the centre for p = d * (k - 1) / 2. That tap never reads the
/// padding, so the border is equal, too.
struct WidenPointwiseFilter : OpRewritePattern<AddOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(AddOp add,
                                PatternRewriter &rewriter) const override {
    ConvOp wide, narrow;
    for (Value branch : add.getBranches())
      if (auto conv = branch.getDefiningOp<ConvOp>()) {
        bool isNarrow =
            conv.getKernelHeight() == 1 && conv.getKernelWidth() == 1;
        ConvOp &first = isNarrow ? narrow : wide;
        first = first ? first : conv;
      }
    if (!wide || !narrow)
      return rewriter.notifyMatchFailure(
          add, "no branch is a 1x1 convolution beside a larger one");
    if (!narrow->hasOneUse())
      return rewriter.notifyMatchFailure(add,
                                         "its 1x1 convolution has other users");
    if (narrow.getStrides() != wide.getStrides())
      return rewriter.notifyMatchFailure(
          add, "its 1x1 convolution has other strides than the larger one");

    ArrayRef<int64_t> padding = wide.getPadding();
    ArrayRef<int64_t> dilations = wide.getDilations();
    if (padding[0] % dilations[0] != 0 || padding[1] % dilations[1] != 0)
      return rewriter.notifyMatchFailure(
          add, "its larger convolution has no tap on the pixel that its 1x1 "
               "convolution reads");

    int64_t height = wide.getKernelHeight(), width = wide.getKernelWidth();
    int64_t tap = padding[0] / dilations[0] * width + padding[1] / dilations[1];
    SmallVector<double> weights = readWeights(narrow.getFilter());
    SmallVector<double> filter(weights.size() * height * width, 0.0);
    for (auto [index, weight] : llvm::enumerate(weights))
      filter[index * height * width + tap] = weight;

    ArrayRef<int64_t> shape = narrow.getFilter().getShapedType().getShape();
    reportFold(narrow.getLoc(), "WidenPointwiseFilter")
        << remark::add("1x1 filter became {0}x{1}", height, width);
    rewriter.setInsertionPoint(narrow);
    rewriter.replaceOp(
        narrow,
        createFolded(rewriter, narrow.getLoc(), narrow.getInput(),
                     {shape[0], shape[1], height, width}, filter,
                     readBias(narrow), wide.getStrides(), padding, dilations,
                     static_cast<int64_t>(narrow.getGroups())));
    return success();
  }
};

/// Sums convolutions of one geometry on one input into one convolution
/// (equation 7), in the order of the operands:
///
///   filter' = ((filter0 + filter1) + filter2) + ...,  bias' likewise
struct SumParallelConvs : OpRewritePattern<AddOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(AddOp add,
                                PatternRewriter &rewriter) const override {
    SmallVector<ConvOp> convs;
    SmallVector<Location> locs;
    for (Value branch : add.getBranches()) {
      auto conv = branch.getDefiningOp<ConvOp>();
      StringRef refusal = explainRefusal(conv, convs.empty() ? conv : convs[0]);
      if (!refusal.empty())
        return rewriter.notifyMatchFailure(add, [&](Diagnostic &reason) {
          reason << "branch " << convs.size() << " " << refusal;
        });
      convs.push_back(conv);
      locs.push_back(conv.getLoc());
    }

    ConvOp first = convs.front();
    SmallVector<double> filter = readWeights(first.getFilter());
    SmallVector<double> bias = readBias(first);
    for (ConvOp conv : llvm::drop_begin(convs)) {
      accumulate(filter, readWeights(conv.getFilter()));
      accumulate(bias, readBias(conv));
    }

    reportFold(add.getLoc(), "SumParallelConvs")
        << remark::add("{0} convolutions became one", convs.size());
    rewriter.replaceOp(
        add, createFolded(
                 rewriter, rewriter.getFusedLoc(locs), first.getInput(),
                 first.getFilter().getShapedType().getShape(), filter, bias,
                 first.getStrides(), first.getPadding(), first.getDilations(),
                 static_cast<int64_t>(first.getGroups())));
    for (ConvOp conv : convs)
      rewriter.eraseOp(conv);
    return success();
  }

private:
  /// Why `conv` cannot be summed with `first`; empty if it can.
  static StringRef explainRefusal(ConvOp conv, ConvOp first) {
    if (!conv)
      return "is not a convolution";
    if (!conv->hasOneUse())
      return "has other users";
    if (conv.getInput() != first.getInput())
      return "has another input than branch 0";
    if (conv.getFilter().getShapedType().getShape() !=
        first.getFilter().getShapedType().getShape())
      return "has another filter shape than branch 0";
    if (conv.getGroups() != first.getGroups())
      return "has other groups than branch 0";
    if (conv.getStrides() != first.getStrides())
      return "has other strides than branch 0";
    if (conv.getPadding() != first.getPadding())
      return "has another padding than branch 0";
    // Of one tap it says nothing.
    if (conv.getWindowHeight() != first.getWindowHeight() ||
        conv.getWindowWidth() != first.getWindowWidth())
      return "has other dilations than branch 0";
    return "";
  }

  static void accumulate(MutableArrayRef<double> sum, ArrayRef<double> terms) {
    for (auto [total, term] : llvm::zip_equal(sum, terms))
      total += term;
  }
};

} // namespace

void mobileone::populateReparameterizePatterns(RewritePatternSet &patterns) {
  patterns.add<FoldBatchNormIntoConv, TurnSkipIntoConv, WidenPointwiseFilter,
               SumParallelConvs>(patterns.getContext());
}
