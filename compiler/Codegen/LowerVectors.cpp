// Vector transfers to loads and stores, exp and erf to arithmetic.
#include "compiler/Codegen/Passes.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/Vector/Transforms/LoweringPatterns.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mobileone {
#define GEN_PASS_DEF_MOBILEONELOWERVECTORSPASS
#include "compiler/Codegen/Passes.h.inc"
} // namespace mobileone

using namespace mlir;

namespace {

/// Upstream's polynomials use math.fma, which is always fused: a call of a
/// library where the instruction is missing. vector.fma is fused where it can
/// be.
struct FuseWhereTheTargetCan : OpRewritePattern<math::FmaOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::FmaOp fma,
                                PatternRewriter &rewriter) const override {
    if (!isa<VectorType>(fma.getType()))
      return rewriter.notifyMatchFailure(fma, "result is no vector");
    rewriter.replaceOpWithNewOp<vector::FMAOp>(fma, fma.getA(), fma.getB(),
                                               fma.getC());
    return success();
  }
};

struct LowerVectorsPass
    : mobileone::impl::MobileOneLowerVectorsPassBase<LowerVectorsPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    // Upstream's erf, quotients of polynomials by parts, is off by 2.5e-7 at
    // most, its exp by a few ulp.
    populateMathPolynomialApproximationPatterns(patterns, [](StringRef name) {
      return name == math::ExpOp::getOperationName() ||
             name == math::ErfOp::getOperationName();
    });
    patterns.add<FuseWhereTheTargetCan>(&getContext());
    vector::populateVectorTransferLoweringPatterns(patterns,
                                                   /*maxTransferRank=*/1);
    vector::populateVectorTransposeLoweringPatterns(
        patterns, vector::VectorTransposeLowering::Shuffle16x16);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
