// Hands a feature map to the caller, in planes or with channels last.
#include "compiler/Conversion/MobileOneToLinalg/Kernels.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mobileone;

namespace {

/// Where the kernel is in a map: rows, columns and panels.
struct Place {
  Value h, w, p;

  /// `expr` of these three.
  Value apply(ImplicitLocOpBuilder &b, AffineExpr expr) const {
    return affine::makeComposedAffineApply(b, b.getLoc(),
                                           AffineMap::get(3, 0, expr),
                                           ArrayRef<OpFoldResult>{h, w, p});
  }
};

} // namespace

/// Begins a loop, which the builder is in afterwards.
static Value makeLoop(ImplicitLocOpBuilder &b, int64_t begin, int64_t end,
                      int64_t step) {
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(b, value);
  };
  auto loop =
      scf::ForOp::create(b, constant(begin), constant(end), constant(step));
  b.setInsertionPointToStart(loop.getBody());
  return loop.getInductionVar();
}

static VectorType getVector(int64_t lanes, Type type) {
  return VectorType::get({lanes}, type);
}

/// Stores the first `lanes` channels of a panel, which lie a plane apart in
/// `output`.
static void scatter(ImplicitLocOpBuilder &b, const Layout &map, Value channels,
                    Value output, const Place &place, int64_t lanes) {
  int64_t plane = map.height * map.width;
  SmallVector<int32_t> places(kPanel);
  SmallVector<bool> stored(kPanel);
  for (int64_t lane = 0; lane != kPanel; ++lane) {
    places[lane] = static_cast<int32_t>(lane * plane);
    stored[lane] = lane < lanes;
  }
  Value indices = arith::ConstantOp::create(
      b, DenseIntElementsAttr::get(getVector(kPanel, b.getI32Type()), places));
  Value mask = arith::ConstantOp::create(
      b, DenseIntElementsAttr::get(getVector(kPanel, b.getI1Type()), stored));
  AffineExpr y, x, panel;
  bindDims(b.getContext(), y, x, panel);
  vector::ScatterOp::create(
      b, /*result=*/Type(), output,
      ValueRange{place.apply(b, panel * (kPanel * plane) + y * map.width + x)},
      indices, mask, channels);
}

/// Stores the first `lanes` channels of a panel, which lie side by side in
/// `output`.
static void storePixel(ImplicitLocOpBuilder &b, const Layout &map,
                       Value channels, Value output, const Place &place,
                       int64_t lanes) {
  if (lanes != kPanel)
    channels = vector::ExtractStridedSliceOp::create(
        b, channels, ArrayRef<int64_t>{0}, ArrayRef<int64_t>{lanes},
        ArrayRef<int64_t>{1});
  AffineExpr y, x, panel;
  bindDims(b.getContext(), y, x, panel);
  Value at =
      place.apply(b, (y * map.width + x) * map.channels + panel * kPanel);
  vector::TransferWriteOp::create(b, channels, output, ValueRange{at},
                                  ArrayRef<bool>{true});
}

/// Stores the panels from `begin` to `end` of the pixel at `h`, `w`: of each
/// the first `lanes` channels.
static void storePanels(ImplicitLocOpBuilder &b, const KernelSpec &spec,
                        Value input, Value output, Value h, Value w,
                        int64_t begin, int64_t end, int64_t lanes) {
  if (begin == end)
    return;
  const Layout &layout = spec.input, &map = spec.getResult();
  Value zero = arith::ConstantOp::create(
      b, cast<TypedAttr>(b.getZeroAttr(layout.element)));
  OpBuilder::InsertionGuard guard(b);
  Place place{h, w, makeLoop(b, begin, end, 1)};
  AffineExpr y, x, panel;
  bindDims(b.getContext(), y, x, panel);
  Value channels = vector::TransferReadOp::create(
      b, getVector(kPanel, layout.element), input,
      ValueRange{place.apply(b, y + layout.border.top),
                 place.apply(b, x + layout.border.left), place.p,
                 arith::ConstantIndexOp::create(b, 0)},
      zero, ArrayRef<bool>{true});
  if (map.kind == Layout::Planar)
    scatter(b, map, channels, output, place, lanes);
  else
    storePixel(b, map, channels, output, place, lanes);
}

/// Loops over all pixels of a map, and stores them one by one.
static void storePixels(ImplicitLocOpBuilder &b, const KernelSpec &spec,
                        Value panels, Value output) {
  const Layout &map = spec.getResult();
  Value h = makeLoop(b, 0, map.height, 1), w = makeLoop(b, 0, map.width, 1);
  int64_t whole = map.channels / kPanel, rest = map.channels % kPanel;
  storePanels(b, spec, panels, output, h, w, 0, whole, kPanel);
  storePanels(b, spec, panels, output, h, w, whole, whole + (rest ? 1 : 0),
              rest);
}

/// Turns 16 pixels of a panel into 16 planes of it at a time. The last pixels
/// are stored twice where their number is no multiple of that.
static void transposePixels(ImplicitLocOpBuilder &b, const KernelSpec &spec,
                            Value panels, Value output) {
  const Layout &input = spec.input, &map = spec.getResult();
  int64_t pixels = map.height * map.width;
  Type element = input.element;
  auto square = VectorType::get({kPanel, kPanel}, element);
  Value zero =
      arith::ConstantOp::create(b, cast<TypedAttr>(b.getZeroAttr(element)));
  Value first = makeLoop(b, 0, pixels, kPanel);
  Value last = arith::ConstantIndexOp::create(b, pixels - kPanel);
  first = arith::MinSIOp::create(b, first, last);
  AffineExpr pixel = b.getAffineDimExpr(0);
  auto apply = [&](AffineExpr expr, ValueRange values) -> Value {
    return affine::makeComposedAffineApply(
        b, b.getLoc(), AffineMap::get(values.size(), 0, expr),
        getAsOpFoldResult(values));
  };
  SmallVector<std::pair<Value, Value>> places; // of pixels in `panels`
  for (int64_t i = 0; i != kPanel; ++i)
    places.emplace_back(
        apply((pixel + i).floorDiv(map.width) + input.border.top, first),
        apply((pixel + i) % map.width + input.border.left, first));
  auto store = [&](int64_t begin, int64_t end, int64_t lanes) {
    if (begin == end)
      return;
    OpBuilder::InsertionGuard guard(b);
    Value p = makeLoop(b, begin, end, 1);
    Value tile =
        arith::ConstantOp::create(b, cast<TypedAttr>(b.getZeroAttr(square)));
    for (auto [i, place] : llvm::enumerate(places)) {
      Value channels = vector::TransferReadOp::create(
          b, getVector(kPanel, element), panels,
          ValueRange{place.first, place.second, p,
                     arith::ConstantIndexOp::create(b, 0)},
          zero, ArrayRef<bool>{true});
      tile = vector::InsertOp::create(
          b, channels, tile, ArrayRef<int64_t>{static_cast<int64_t>(i)});
    }
    tile = vector::TransposeOp::create(b, tile, ArrayRef<int64_t>{1, 0});
    for (int64_t lane = 0; lane != lanes; ++lane) {
      Value plane = vector::ExtractOp::create(b, tile, ArrayRef<int64_t>{lane});
      AffineExpr panel = b.getAffineDimExpr(1);
      Value at = apply(pixel + (panel * kPanel + lane) * pixels, {first, p});
      vector::TransferWriteOp::create(b, plane, output, ValueRange{at},
                                      ArrayRef<bool>{true});
    }
  };
  int64_t whole = map.channels / kPanel, rest = map.channels % kPanel;
  store(0, whole, kPanel);
  store(whole, whole + (rest ? 1 : 0), rest);
}

func::FuncOp KernelLibrary::makeStoreFeatures(const KernelSpec &spec) {
  const Layout &input = spec.input;
  int64_t length = input.channels * input.height * input.width;
  func::FuncOp function = declare(
      spec, {input.getType(), MemRefType::get(length, input.element)}, {});
  ImplicitLocOpBuilder b(function.getLoc(), module.getContext());
  function.setArgAttr(0, "bufferization.writable", b.getBoolAttr(false));
  Block *entry = function.addEntryBlock();
  b.setInsertionPointToStart(entry);
  Value panels = entry->getArgument(0), output = entry->getArgument(1);
  const Layout &map = spec.getResult();
  if (map.kind == Layout::Planar && map.height * map.width >= kPanel)
    transposePixels(b, spec, panels, output);
  else
    storePixels(b, spec, panels, output);
  b.setInsertionPointToEnd(entry);
  func::ReturnOp::create(b);
  return function;
}
