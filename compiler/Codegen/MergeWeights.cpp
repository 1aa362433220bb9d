// Puts the constants of all layers into one global of bytes.
#include "compiler/Codegen/BufferAlignment.h"
#include "compiler/Codegen/Passes.h"
#include "compiler/Contract/NetworkFunction.h"
#include "dialect/IR/Weights.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Support/MathExtras.h"

namespace mobileone {
#define GEN_PASS_DEF_MOBILEONEMERGEWEIGHTSPASS
#include "compiler/Codegen/Passes.h.inc"
} // namespace mobileone

using namespace mlir;
using namespace mobileone;

/// What code can address beside itself.
static constexpr int64_t kMaxBytes = int64_t(1) << 30;

namespace {

/// Where a constant lies among the weights: from a byte on, so many floats.
struct Room {
  int64_t offset, elements;
};

struct MergeWeightsPass
    : mobileone::impl::MobileOneMergeWeightsPassBase<MergeWeightsPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    SmallVector<arith::ConstantOp> constants;
    llvm::MapVector<Attribute, Room> rooms; // of each value once
    int64_t size = 0;
    WalkResult walk = module.walk([&](arith::ConstantOp constant) {
      auto type = dyn_cast<RankedTensorType>(constant.getType());
      if (!type)
        return WalkResult::advance();
      if (!type.getElementType().isF32() ||
          !areWeights(constant.getValue(), type.getRank())) {
        constant.emitOpError("expects a constant of f32 with its data here");
        return WalkResult::interrupt();
      }
      constants.push_back(constant);
      int64_t elements = type.getNumElements();
      if (auto row = constant->getAttrOfType<IntegerAttr>(kWidestRowAttr);
          row && elements != 0)
        elements = std::max(elements, std::min(row.getInt(), kMaxBytes));
      if (auto [entry, isNew] =
              rooms.insert({constant.getValue(), {size, elements}});
          isNew)
        size += static_cast<int64_t>(
            llvm::alignTo(elements * sizeof(float), kBufferAlignment));
      return WalkResult::advance();
    });
    if (walk.wasInterrupted())
      return signalPassFailure();
    if (constants.empty())
      return;
    if (size > kMaxBytes) {
      emitError(module.getLoc(), "expects at most ")
          << kMaxBytes << " bytes of weights, but got " << size;
      return signalPassFailure();
    }

    AsmResourceBlob blob =
        HeapAsmResourceBlob::allocate(size, kBufferAlignment);
    MutableArrayRef<char> bytes = blob.getMutableData();
    std::fill(bytes.begin(), bytes.end(), 0);
    for (auto [value, room] : rooms) {
      SmallVector<float> values = readRoundedWeights(cast<ElementsAttr>(value));
      auto *to = reinterpret_cast<float *>(bytes.data() + room.offset);
      // Where there is more room than a row, the pattern goes on.
      for (int64_t i = 0; i < room.elements; ++i)
        to[i] = values[i % values.size()];
    }

    OpBuilder builder(&getContext());
    auto bytesType = MemRefType::get(size, builder.getI8Type());
    auto weights = memref::GlobalOp::create(
        builder, module.getLoc(), kWeights, builder.getStringAttr("private"),
        bytesType,
        DenseResourceElementsAttr::get(
            RankedTensorType::get(size, builder.getI8Type()), kWeights,
            std::move(blob)),
        /*constant=*/true, builder.getI64IntegerAttr(kBufferAlignment));
    // Gives it another name where this one is taken.
    SymbolTable(module).insert(weights, module.getBody()->begin());
    for (arith::ConstantOp constant : constants) {
      builder.setInsertionPoint(constant);
      Location loc = constant.getLoc();
      auto type = cast<RankedTensorType>(constant.getType());
      Value base = memref::GetGlobalOp::create(builder, loc, bytesType,
                                               weights.getName());
      Value start = arith::ConstantIndexOp::create(
          builder, loc, rooms.lookup(constant.getValue()).offset);
      Value view = memref::ViewOp::create(
          builder, loc, MemRefType::get(type.getShape(), type.getElementType()),
          base, start, ValueRange{});
      Value values = bufferization::ToTensorOp::create(builder, loc, type, view,
                                                       /*restrict=*/true);
      constant.replaceAllUsesWith(values);
      constant.erase();
    }
    releaseUnused(llvm::make_first_range(rooms));
  }

  /// Frees the values that nothing in the module refers to any more.
  template <typename Values>
  void releaseUnused(const Values &values) {
    llvm::SmallPtrSet<AsmResourceBlob *, 8> used;
    getOperation().walk([&](Operation *op) {
      op->getAttrDictionary().walk([&](DenseResourceElementsAttr resource) {
        used.insert(resource.getRawHandle().getBlob());
      });
    });
    for (Attribute value : values) {
      auto resource = dyn_cast<DenseResourceElementsAttr>(value);
      if (resource && !used.contains(resource.getRawHandle().getBlob()))
        releaseWeights(resource);
    }
  }
};

} // namespace
