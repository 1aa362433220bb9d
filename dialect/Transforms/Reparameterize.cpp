// Folds every train-time block into one convolution: runs the patterns, frees
// what they no longer need, rounds what is left, explains what was refused.
#include "dialect/Transforms/Passes.h"

#include "dialect/IR/MobileOneOps.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mobileone {
#define GEN_PASS_DEF_MOBILEONEREPARAMETERIZEPASS
#include "dialect/Transforms/Passes.h.inc"
} // namespace mobileone

using namespace mlir;
using namespace mobileone;

/// "<block>.<what>" inside of a block, else "<what>".
static std::string getWeightsKey(ConvOp conv, StringRef what) {
  auto block = conv->getParentOfType<BlockOp>();
  return block ? (block.getName() + "." + what).str() : what.str();
}

namespace {

/// Frees f64 weights as soon as their convolution is gone, and remembers for
/// each op why the patterns refused it.
class FoldListener : public RewriterBase::Listener {
public:
  explicit FoldListener(func::FuncOp func) {
    func.walk([&](ConvOp conv) {
      given.insert(conv.getFilter());
      given.insert(conv.getBiasAttr());
    });
  }

  /// Frees `weights` if this pass made them. What was given may have users
  /// elsewhere.
  void release(ElementsAttr weights) const {
    if (weights && weights.getElementType().isF64() && !given.contains(weights))
      releaseWeights(weights);
  }

  void notifyOperationErased(Operation *op) override {
    reasons.erase(op);
    if (auto conv = dyn_cast<ConvOp>(op)) {
      release(conv.getFilter());
      release(conv.getBiasAttr());
    }
  }

  void notifyPatternBegin(const Pattern &newPattern, Operation *op) override {
    pattern = &newPattern;
    root = op;
  }

  void notifyMatchFailure(Location loc,
                          function_ref<void(Diagnostic &)> describe) override {
    Diagnostic reason(loc, DiagnosticSeverity::Note);
    describe(reason);
    reasons[root][pattern] = reason.str();
  }

  /// Emits an error at `op` with one note per pattern that refused it.
  void emitLeft(Operation *op) const {
    InFlightDiagnostic error =
        op->emitOpError("is left after reparameterization");
    if (auto it = reasons.find(op); it != reasons.end())
      for (const auto &[pattern, reason] : it->second)
        error.attachNote() << reason;
  }

private:
  DenseSet<ElementsAttr> given;
  DenseMap<Operation *, llvm::MapVector<const Pattern *, std::string>> reasons;
  const Pattern *pattern = nullptr;
  Operation *root = nullptr;
};

struct ReparameterizePass
    : mobileone::impl::MobileOneReparameterizePassBase<ReparameterizePass> {
  using MobileOneReparameterizePassBase::MobileOneReparameterizePassBase;

  void runOnOperation() override {
    func::FuncOp func = getOperation();
    FoldListener listener(func);
    RewritePatternSet patterns(&getContext());
    populateReparameterizePatterns(patterns);
    // Top-down, one block after the other is done, so the f64 weights of few
    // branches live at once. Each pattern removes a norm, a sum or a 1x1
    // filter: no need of a limit.
    (void)applyPatternsGreedily(
        func, std::move(patterns),
        GreedyRewriteConfig()
            .setListener(&listener)
            .setUseTopDownTraversal(true)
            .setMaxIterations(GreedyRewriteConfig::kNoLimit));
    func.walk([&](ConvOp conv) { round(conv, listener); });
    if (!requireAll)
      return;

    func.walk([&](Operation *op) {
      auto add = dyn_cast<AddOp>(op);
      if (!isa<BatchNormOp>(op) && !(add && add.getBranches().size() > 1))
        return;
      listener.emitLeft(op);
      signalPassFailure();
    });
  }

private:
  /// Rounds f64 weights of `conv` once to f32 (equation 8). In a block it
  /// always has a bias afterwards.
  void round(ConvOp conv, const FoldListener &listener) {
    ElementsAttr filter = conv.getFilter(), bias = conv.getBiasAttr();
    auto roundOne = [&](ElementsAttr weights, StringRef what) {
      ElementsAttr rounded =
          makeWeights(&getContext(), weights.getShapedType().getShape(),
                      readRoundedWeights(weights), getWeightsKey(conv, what));
      listener.release(weights);
      return rounded;
    };
    if (filter.getElementType().isF64())
      conv.setFilterAttr(roundOne(filter, "filter"));
    if (bias && bias.getElementType().isF64())
      conv.setBiasAttr(roundOne(bias, "bias"));
    if (!bias && isa<BlockOp>(conv->getParentOp()))
      conv.setBiasAttr(
          makeWeights(&getContext(), {conv.getOutputChannels()},
                      SmallVector<float>(conv.getOutputChannels(), 0.0F),
                      getWeightsKey(conv, "bias")));
  }
};

} // namespace
