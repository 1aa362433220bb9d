// Hands the last feature map to the caller, as PyTorch lays it out.
#include "compiler/Conversion/MobileOneToLinalg/Kernels.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mobileone;

/// Scatters the panels from `begin` to `end` of the pixel at `h`, `w`: of each
/// the first `lanes` channels, which lie a plane apart in `output`.
static void storePanels(ImplicitLocOpBuilder &b, const Layout &layout,
                        Value input, Value output, Value h, Value w,
                        int64_t begin, int64_t end, int64_t lanes) {
  if (begin == end)
    return;
  int64_t plane = layout.height * layout.width;
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(b, value);
  };
  auto vectorOf = [&](Type type) { return VectorType::get({kPanel}, type); };
  SmallVector<int32_t> places(kPanel);
  SmallVector<bool> stored(kPanel);
  for (int64_t lane = 0; lane != kPanel; ++lane) {
    places[lane] = static_cast<int32_t>(lane * plane);
    stored[lane] = lane < lanes;
  }
  Value indices = arith::ConstantOp::create(
      b, DenseIntElementsAttr::get(vectorOf(b.getI32Type()), places));
  Value mask = arith::ConstantOp::create(
      b, DenseIntElementsAttr::get(vectorOf(b.getI1Type()), stored));
  Value zero = arith::ConstantOp::create(
      b, cast<TypedAttr>(b.getZeroAttr(layout.element)));

  auto loop =
      scf::ForOp::create(b, constant(begin), constant(end), constant(1));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value p = loop.getInductionVar();
  auto apply = [&](AffineExpr expr) -> Value {
    return affine::makeComposedAffineApply(b, b.getLoc(),
                                           AffineMap::get(3, 0, expr),
                                           ArrayRef<OpFoldResult>{h, w, p});
  };
  AffineExpr y, x, panel;
  bindDims(b.getContext(), y, x, panel);
  Value channels = vector::TransferReadOp::create(
      b, vectorOf(layout.element), input,
      ValueRange{apply(y + layout.border.top), apply(x + layout.border.left), p,
                 constant(0)},
      zero, ArrayRef<bool>{true});
  vector::ScatterOp::create(
      b, /*result=*/Type(), output,
      ValueRange{apply(panel * (kPanel * plane) + y * layout.width + x)},
      indices, mask, channels);
}

func::FuncOp KernelLibrary::makeStoreFeatures(const KernelSpec &spec) {
  const Layout &input = spec.input;
  MLIRContext *context = module.getContext();
  int64_t length = input.channels * input.height * input.width;
  func::FuncOp function = declare(
      spec, {input.getType(), MemRefType::get(length, input.element)}, {});
  ImplicitLocOpBuilder b(function.getLoc(), context);
  function.setArgAttr(0, "bufferization.writable", b.getBoolAttr(false));
  Block *entry = function.addEntryBlock();
  b.setInsertionPointToStart(entry);
  Value zero = arith::ConstantIndexOp::create(b, 0);
  Value one = arith::ConstantIndexOp::create(b, 1);
  auto makeLoop = [&](int64_t extent) {
    auto loop = scf::ForOp::create(
        b, zero, arith::ConstantIndexOp::create(b, extent), one);
    b.setInsertionPointToStart(loop.getBody());
    return loop.getInductionVar();
  };
  Value h = makeLoop(input.height), w = makeLoop(input.width);
  int64_t whole = input.channels / kPanel, rest = input.channels % kPanel;
  Value panels = entry->getArgument(0), output = entry->getArgument(1);
  storePanels(b, input, panels, output, h, w, 0, whole, kPanel);
  storePanels(b, input, panels, output, h, w, whole, whole + (rest ? 1 : 0),
              rest);
  b.setInsertionPointToEnd(entry);
  func::ReturnOp::create(b);
  return function;
}
