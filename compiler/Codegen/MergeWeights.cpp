// Puts the constants of all layers into one global of bytes.
#include "compiler/Codegen/BufferAlignment.h"
#include "compiler/Codegen/Passes.h"
#include "compiler/Codegen/WeightPool.h"
#include "compiler/Contract/KernelFunction.h"
#include "compiler/Contract/NetworkFunction.h"
#include "dialect/IR/Weights.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/SymbolTable.h"

namespace mobileone {
#define GEN_PASS_DEF_MOBILEONEMERGEWEIGHTSPASS
#include "compiler/Codegen/Passes.h.inc"
} // namespace mobileone

using namespace mlir;
using namespace mobileone;

namespace {

struct MergeWeightsPass
    : mobileone::impl::MobileOneMergeWeightsPassBase<MergeWeightsPass> {
  MergeWeightsPass() = default;
  explicit MergeWeightsPass(WeightPool &shared) : shared(&shared) {}

  void runOnOperation() override {
    ModuleOp module = getOperation();
    WeightPool own, &weights = shared ? *shared : own;
    SmallVector<std::pair<arith::ConstantOp, int64_t>> constants;
    WalkResult walk = module.walk([&](arith::ConstantOp constant) {
      auto type = dyn_cast<RankedTensorType>(constant.getType());
      if (!type)
        return WalkResult::advance();
      if (type.getElementType().isF64() ||
          !areWeights(constant.getValue(), type.getRank(),
                      /*integers=*/true)) {
        constant.emitOpError("expects a constant of f32, i8 or i32 with its "
                             "data here");
        return WalkResult::interrupt();
      }
      auto values = cast<ElementsAttr>(constant.getValue());
      FailureOr<int64_t> offset = weights.place(values);
      if (failed(offset)) {
        constant.emitError("expects at most ")
            << WeightPool::kMaxBytes
            << " bytes of weights, but got more with this constant";
        return WalkResult::interrupt();
      }
      constants.push_back({constant, *offset});
      if (constant->hasAttr(kWeightSumsAttr))
        releaseWeights(values);
      return WalkResult::advance();
    });
    if (walk.wasInterrupted())
      return signalPassFailure();
    if (constants.empty())
      return;
    auto size = static_cast<int64_t>(weights.getBytes().size());

    OpBuilder builder(&getContext());
    auto bytesType = MemRefType::get(size, builder.getI8Type());
    Attribute value;
    if (!shared)
      value = DenseResourceElementsAttr::get(
          RankedTensorType::get(size, builder.getI8Type()), kWeights,
          HeapAsmResourceBlob::allocateAndCopyWithAlign(weights.getBytes(),
                                                        kBufferAlignment));
    auto global = memref::GlobalOp::create(
        builder, module.getLoc(), kWeights, builder.getStringAttr("private"),
        bytesType, value, /*constant=*/true,
        builder.getI64IntegerAttr(kBufferAlignment));
    // Gives it another name where this one is taken.
    SymbolTable(module).insert(global, module.getBody()->begin());
    for (auto [constant, offset] : constants) {
      builder.setInsertionPoint(constant);
      Location loc = constant.getLoc();
      auto type = cast<RankedTensorType>(constant.getType());
      Value base = memref::GetGlobalOp::create(builder, loc, bytesType,
                                               global.getName());
      Value start = arith::ConstantIndexOp::create(builder, loc, offset);
      Value view = memref::ViewOp::create(
          builder, loc, MemRefType::get(type.getShape(), type.getElementType()),
          base, start, ValueRange{});
      Value values = bufferization::ToTensorOp::create(builder, loc, type, view,
                                                       /*restrict=*/true);
      constant.replaceAllUsesWith(values);
      constant.erase();
    }
  }

private:
  WeightPool *shared = nullptr; // none: the module keeps its own
};

} // namespace

std::unique_ptr<Pass>
mobileone::createMobileOneMergeWeightsPass(WeightPool &shared) {
  return std::make_unique<MergeWeightsPass>(shared);
}
