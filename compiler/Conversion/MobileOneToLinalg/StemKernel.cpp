// The stem and the first depthwise block in bands of rows.
#include "compiler/Conversion/MobileOneToLinalg/Kernels.h"

#include "compiler/Conversion/MobileOneToLinalg/PackWeights.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include <fmt/format.h>

using namespace mlir;
using namespace mobileone;

/// Rows of the depthwise result per band: enough that the weights stay in
/// registers for a while, few enough that all rows stay in the cache.
static constexpr int64_t kBandRows = 4;

namespace {

/// How many new rows of each image a band works on. A window of 3 rows with
/// stride 2 shares one row, the carry, with the band before.
struct Band {
  int64_t rows;      // of the result
  int64_t stemRows;  // new rows of the stem's result
  int64_t imageRows; // new rows of the image
};

/// What goes from band to band.
struct State {
  Value imageWindow, imageCarry, stemWindow, stemCarry, result;

  SmallVector<Value> toValues() const {
    return {imageWindow, imageCarry, stemWindow, stemCarry, result};
  }
  static State fromValues(ValueRange v) {
    return {v[0], v[1], v[2], v[3], v[4]};
  }
};

/// Builds the body of one stem kernel.
class StemBody {
public:
  StemBody(ImplicitLocOpBuilder &b, const StemShape &shape,
           ValueRange arguments)
      : b(b), shape(shape), arguments(arguments) {}

  Value build(Value result);

private:
  Slice getStemRows(int64_t first, int64_t count, int64_t column,
                    int64_t length) const;
  State clear(State state);
  State compute(State state, OpFoldResult row, const Band &band);

  ImplicitLocOpBuilder &b;
  const StemShape &shape;
  ValueRange arguments;
};

} // namespace

static constexpr Band kFullBand = {kBandRows, 2 * kBandRows, 4 * kBandRows};

SmallVector<RankedTensorType>
StemShape::getScratchTypes(MLIRContext *context) const {
  auto getRows = [&](Layout layout, int64_t rows) {
    layout.height = rows;
    layout.border.top = layout.border.bottom = 0;
    return layout.getType(context);
  };
  return {getRows(image, kFullBand.imageRows + 1), getRows(image, 1),
          getRows(stem, kFullBand.stemRows + 1), getRows(stem, 1)};
}

Slice StemBody::getStemRows(int64_t first, int64_t count, int64_t column,
                            int64_t length) const {
  return {b,
          {first, column, 0, 0},
          {count, length, getPanelCount(shape.stem.channels), kPanel}};
}

/// Zeros above the image, and at both sides of all rows.
State StemBody::clear(State state) {
  int64_t pitch = shape.image.getPaddedWidth() * shape.image.getPixelSize();
  OpFoldResult top = b.getIndexAttr(0);
  state.imageCarry = fillWithZeros(
      b, getImageRows(b, shape.image, top, 1, 0, pitch), state.imageCarry);
  // Whole vectors; the image then overwrites what is too much.
  int64_t strip = std::min(kPanel, pitch);
  int64_t rows = kFullBand.imageRows + 1;
  for (int64_t column : {int64_t(0), pitch - strip})
    state.imageWindow =
        fillWithZeros(b, getImageRows(b, shape.image, top, rows, column, strip),
                      state.imageWindow);

  const Layout &stem = shape.stem;
  state.stemCarry = fillWithZeros(
      b, getStemRows(0, 1, 0, stem.getPaddedWidth()), state.stemCarry);
  rows = kFullBand.stemRows + 1;
  state.stemWindow = fillWithZeros(b, getStemRows(0, rows, 0, stem.border.left),
                                   state.stemWindow);
  state.stemWindow = fillWithZeros(
      b, getStemRows(0, rows, stem.border.left + stem.width, stem.border.right),
      state.stemWindow);
  return state;
}

/// Computes `band.rows` rows of the result from `row` on.
State StemBody::compute(State state, OpFoldResult row, const Band &band) {
  const Layout &image = shape.image, &stem = shape.stem;
  int64_t pixelSize = image.getPixelSize();
  int64_t pitch = image.getPaddedWidth() * pixelSize;
  int64_t rowLength = image.width * pixelSize;
  auto at = [&](int64_t index) { return OpFoldResult(b.getIndexAttr(index)); };
  auto copy = [&](Value from, const Slice &source, Value into,
                  const Slice &target) {
    return target.insert(
        b, makeCopy(b, source.extract(b, from), target.extract(b, into)), into);
  };

  // The image: the carry, the new rows, zeros below the last one.
  Slice carry = getImageRows(b, image, at(0), 1, 0, pitch);
  state.imageWindow = copy(state.imageCarry, carry, state.imageWindow, carry);
  AffineExpr d = b.getAffineDimExpr(0);
  OpFoldResult imageRow = affine::makeComposedFoldedAffineApply(
      b, b.getLoc(), AffineMap::get(1, 0, d * 4), {row});
  Value source = flattenImage(b, image.kind, arguments[0]);
  source = getImageRows(b, image, imageRow, band.imageRows, 0, rowLength)
               .extract(b, source);
  Slice inside = getImageRows(b, image, at(1), band.imageRows,
                              image.border.left * pixelSize, rowLength);
  Value read = makeReadRows(b, source, shape.isBytes ? arguments[1] : Value(),
                            shape.isBytes ? arguments[2] : Value(),
                            inside.extract(b, state.imageWindow));
  state.imageWindow = inside.insert(b, read, state.imageWindow);
  int64_t imageRows = 2 * band.stemRows + 1;
  state.imageWindow =
      fillWithZeros(b,
                    getImageRows(b, image, at(band.imageRows + 1),
                                 imageRows - band.imageRows - 1, 0, pitch),
                    state.imageWindow);

  // The stem, likewise.
  ValueRange weights = arguments.drop_front(shape.isBytes ? 3 : 1);
  Slice stemCarry = getStemRows(0, 1, 0, stem.getPaddedWidth());
  state.stemWindow =
      copy(state.stemCarry, stemCarry, state.stemWindow, stemCarry);
  Slice newRows = getStemRows(1, band.stemRows, stem.border.left, stem.width);
  Value sums =
      makeDense(b, image.kind,
                getImageRows(b, image, at(0), imageRows, 0, pitch)
                    .extract(b, state.imageWindow),
                weights[0], weights[1], newRows.extract(b, state.stemWindow),
                /*stride=*/2, shape.stemActivation);
  state.stemWindow = newRows.insert(b, sums, state.stemWindow);
  int64_t stemRows = 2 * band.rows + 1;
  state.stemWindow =
      fillWithZeros(b,
                    getStemRows(band.stemRows + 1, stemRows - band.stemRows - 1,
                                0, stem.getPaddedWidth()),
                    state.stemWindow);

  // The depthwise block.
  Slice rows = getInterior(b, shape.result);
  rows.offsets = getAsIndexOpFoldResult(b.getContext(), {0, 0, 0, 0});
  rows.offsets[0] = row;
  rows.sizes[0] = band.rows;
  Value result =
      makeDepthwise(b,
                    getStemRows(0, stemRows, 0, stem.getPaddedWidth())
                        .extract(b, state.stemWindow),
                    weights[2], weights[3], rows.extract(b, state.result),
                    /*stride=*/2, shape.activation);
  state.result = rows.insert(b, result, state.result);

  state.imageCarry =
      copy(state.imageWindow,
           getImageRows(b, image, at(band.imageRows), 1, 0, pitch),
           state.imageCarry, carry);
  state.stemCarry = copy(
      state.stemWindow, getStemRows(band.stemRows, 1, 0, stem.getPaddedWidth()),
      state.stemCarry, stemCarry);
  return state;
}

Value StemBody::build(Value result) {
  return writeInside(b, shape.result, result, [&](Value inside) {
    ValueRange scratch = arguments.take_back(4);
    State state =
        clear({scratch[0], scratch[1], scratch[2], scratch[3], inside});
    int64_t count = std::min({shape.result.height / kFullBand.rows,
                              shape.stem.height / kFullBand.stemRows,
                              shape.image.height / kFullBand.imageRows});
    int64_t end = count * kFullBand.rows;
    if (count) {
      auto loop = scf::ForOp::create(
          b, arith::ConstantIndexOp::create(b, 0),
          arith::ConstantIndexOp::create(b, end),
          arith::ConstantIndexOp::create(b, kFullBand.rows), state.toValues());
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(loop.getBody());
      State next = compute(State::fromValues(loop.getRegionIterArgs()),
                           loop.getInductionVar(), kFullBand);
      scf::YieldOp::create(b, next.toValues());
      state = State::fromValues(loop.getResults());
    }
    Band last = {shape.result.height - end,
                 shape.stem.height - count * kFullBand.stemRows,
                 shape.image.height - count * kFullBand.imageRows};
    if (last.rows)
      state = compute(state, b.getIndexAttr(end), last);
    return state.result;
  });
}

func::FuncOp KernelLibrary::getStem(RankedTensorType image,
                                    const StemShape &shape) {
  MLIRContext *context = module.getContext();
  OpBuilder builder(context);
  Type f32 = builder.getF32Type();
  int64_t panels = getPanelCount(shape.stem.channels);
  SmallVector<Type> inputs{image};
  if (shape.isBytes) {
    auto row = RankedTensorType::get(
        shape.image.width * shape.image.getPixelSize(), f32);
    inputs.append({row, row});
  }
  Type bias = getBiasType(builder, shape.stem.channels);
  inputs.append(
      {RankedTensorType::get({panels, 3, 3, shape.image.channels, kPanel}, f32),
       bias, RankedTensorType::get({3, 3, panels, kPanel}, f32), bias});
  SmallVector<RankedTensorType> scratch = shape.getScratchTypes(context);
  inputs.append(scratch.begin(), scratch.end());
  std::string name =
      fmt::format("stem_{}_{}_to_{}{}_to_{}{}",
                  getImageForm(shape.isBytes, shape.image.kind).str(),
                  shape.image.getName(), shape.stem.channels,
                  getSuffix(shape.stemActivation).str(), shape.result.getName(),
                  getSuffix(shape.activation).str());
  return getOrCreate(
      name, inputs, shape.result.getType(context),
      [&](ImplicitLocOpBuilder &b, ValueRange arguments, Value result) {
        return StemBody(b, shape, arguments).build(result);
      },
      scratch.size());
}
