// Puts the constants of all layers into one global of bytes.
#include "compiler/Codegen/Passes.h"
#include "dialect/IR/Weights.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/Support/MathExtras.h"

namespace mobileone {
#define GEN_PASS_DEF_MOBILEONEMERGEWEIGHTSPASS
#include "compiler/Codegen/Passes.h.inc"
} // namespace mobileone

using namespace mlir;
using namespace mobileone;

/// Each constant starts at a cache line.
static constexpr int64_t kAlignment = 64;

namespace {

struct MergeWeightsPass
    : mobileone::impl::MobileOneMergeWeightsPassBase<MergeWeightsPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    SmallVector<memref::GlobalOp> globals;
    for (auto global : module.getOps<memref::GlobalOp>())
      if (global.getConstant() && global.getInitialValue())
        globals.push_back(global);
    if (globals.empty())
      return;

    llvm::StringMap<int64_t> offsets;
    int64_t size = 0;
    for (memref::GlobalOp global : globals) {
      if (!areWeights(*global.getInitialValue(), global.getType().getRank())) {
        global.emitOpError("expects a constant of f32 with its data here");
        return signalPassFailure();
      }
      offsets[global.getSymName()] = size;
      size += llvm::alignTo(global.getType().getNumElements() * sizeof(float),
                            kAlignment);
    }
    AsmResourceBlob blob = HeapAsmResourceBlob::allocate(size, kAlignment);
    MutableArrayRef<char> bytes = blob.getMutableData();
    std::fill(bytes.begin(), bytes.end(), 0);
    for (memref::GlobalOp global : globals) {
      auto initial = cast<ElementsAttr>(*global.getInitialValue());
      SmallVector<float> values = readRoundedWeights(initial);
      memcpy(bytes.data() + offsets[global.getSymName()], values.data(),
             values.size() * sizeof(float));
    }
    for (memref::GlobalOp global : globals)
      releaseWeights(cast<ElementsAttr>(*global.getInitialValue()));

    OpBuilder builder = OpBuilder::atBlockBegin(module.getBody());
    auto bytesType = MemRefType::get(size, builder.getI8Type());
    auto weights = memref::GlobalOp::create(
        builder, module.getLoc(), "weights", builder.getStringAttr("private"),
        bytesType,
        DenseResourceElementsAttr::get(
            RankedTensorType::get(size, builder.getI8Type()), "weights",
            std::move(blob)),
        /*constant=*/true, builder.getI64IntegerAttr(kAlignment));
    module.walk([&](memref::GetGlobalOp use) {
      auto offset = offsets.find(use.getName());
      if (offset == offsets.end())
        return;
      builder.setInsertionPoint(use);
      Value base = memref::GetGlobalOp::create(builder, use.getLoc(), bytesType,
                                               weights.getName());
      Value start =
          arith::ConstantIndexOp::create(builder, use.getLoc(), offset->second);
      Value view = memref::ViewOp::create(builder, use.getLoc(), use.getType(),
                                          base, start, ValueRange{});
      use.replaceAllUsesWith(view);
      use.erase();
    });
    for (memref::GlobalOp global : globals)
      global.erase();
  }
};

} // namespace
