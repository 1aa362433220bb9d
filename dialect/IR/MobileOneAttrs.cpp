// Verifiers and the assembly format of the plan's attributes.
#include "dialect/IR/MobileOneOps.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mobileone;

#include "dialect/IR/MobileOneOpsEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialect/IR/MobileOneAttrs.cpp.inc"

void MobileOneDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialect/IR/MobileOneAttrs.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// LayoutAttr
//===----------------------------------------------------------------------===//

static constexpr llvm::StringLiteral kKinds[] = {"panels", "planar",
                                                 "interleaved"};

static ParseResult parseBorder(AsmParser &parser, Border &border) {
  int64_t *sides[] = {&border.top, &border.left, &border.bottom, &border.right};
  size_t count = 0;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseEqual() ||
      parser.parseCommaSeparatedList(AsmParser::Delimiter::Square,
                                     [&]() -> ParseResult {
                                       int64_t size;
                                       if (parser.parseInteger(size))
                                         return failure();
                                       if (count < 4)
                                         *sides[count] = size;
                                       ++count;
                                       return success();
                                     }))
    return failure();
  if (count != 4)
    return parser.emitError(loc, "expects 4 sides of a border, but got ")
           << count;
  return success();
}

/// <kind HxWxCxelement, border = [top, left, bottom, right], gap = n, reversed>
Attribute LayoutAttr::parse(AsmParser &parser, Type) {
  StringRef kind;
  SmallVector<int64_t> shape;
  Layout layout = {};
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseKeyword(&kind))
    return {};
  auto *known = llvm::find(kKinds, kind);
  if (known == std::end(kKinds)) {
    parser.emitError(loc, "expects panels, planar or interleaved, but got ")
        << kind;
    return {};
  }
  layout.kind = static_cast<Layout::Kind>(known - kKinds);
  loc = parser.getCurrentLocation();
  if (parser.parseDimensionList(shape, /*allowDynamic=*/false) ||
      parser.parseType(layout.element))
    return {};
  if (shape.size() != 3) {
    parser.emitError(loc, "expects height, width and channels, but got ")
        << shape.size() << " numbers";
    return {};
  }
  layout.height = shape[0];
  layout.width = shape[1];
  layout.channels = shape[2];
  while (succeeded(parser.parseOptionalComma())) {
    if (succeeded(parser.parseOptionalKeyword("border"))) {
      if (parseBorder(parser, layout.border))
        return {};
    } else if (succeeded(parser.parseOptionalKeyword("gap"))) {
      if (parser.parseEqual() || parser.parseInteger(layout.gap))
        return {};
    } else if (parser.parseKeyword("reversed")) {
      return {};
    } else {
      layout.isReversed = true;
    }
  }
  if (parser.parseGreater())
    return {};
  return parser.getChecked<LayoutAttr>(parser.getContext(), layout);
}

void LayoutAttr::print(AsmPrinter &printer) const {
  const Layout &layout = getValue();
  printer << '<' << kKinds[layout.kind] << ' ' << layout.height << 'x'
          << layout.width << 'x' << layout.channels << 'x' << layout.element;
  if (const Border &border = layout.border; !border.isEmpty())
    printer << ", border = [" << border.top << ", " << border.left << ", "
            << border.bottom << ", " << border.right << ']';
  if (layout.gap)
    printer << ", gap = " << layout.gap;
  if (layout.isReversed)
    printer << ", reversed";
  printer << '>';
}

LogicalResult LayoutAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                 Layout layout) {
  const Border &border = layout.border;
  constexpr int64_t most = int64_t(1) << 31;
  for (int64_t size : {layout.height, layout.width, layout.channels})
    if (size < 1 || size > most)
      return emitError() << "expects sizes from 1 to " << most << ", but got "
                         << size;
  for (int64_t size :
       {border.top, border.left, border.bottom, border.right, layout.gap})
    if (size < 0 || size > most)
      return emitError() << "expects borders and gaps from 0 to " << most
                         << ", but got " << size;
  if (layout.gap && layout.kind != Layout::Panels)
    return emitError() << "expects a gap behind panels alone";
  if (layout.isReversed && layout.kind != Layout::Interleaved)
    return emitError() << "expects reversed channels of interleaved pixels";
  bool isInteger = layout.element.isSignlessInteger(8) ||
                   layout.element.isSignlessInteger(32);
  if (!layout.element.isF32() && !(layout.kind == Layout::Panels && isInteger))
    return emitError() << "expects elements of f32, of panels also i8 or i32, "
                          "but got "
                       << layout.element;
  // Far from 2^63, so that sums and products of bytes fit, too.
  constexpr int64_t mostElements = int64_t(1) << 40;
  int64_t height = layout.getPaddedHeight(), width = layout.getPaddedWidth();
  int64_t elements =
      layout.kind == Layout::Panels
          ? (getPanelCount(layout.channels) + layout.gap) * kPanel
          : layout.channels;
  if (height > mostElements / width / elements)
    return emitError() << "expects at most " << mostElements
                       << " elements, but got " << height << "x" << width << "x"
                       << elements << ", border included";
  return success();
}

//===----------------------------------------------------------------------===//
// BandsAttr
//===----------------------------------------------------------------------===//

/// <layers = n, rows = n, in_place>
Attribute BandsAttr::parse(AsmParser &parser, Type) {
  int64_t layers, rows;
  if (parser.parseLess() || parser.parseKeyword("layers") ||
      parser.parseEqual() || parser.parseInteger(layers) ||
      parser.parseComma() || parser.parseKeyword("rows") ||
      parser.parseEqual() || parser.parseInteger(rows))
    return {};
  bool isInPlace = succeeded(parser.parseOptionalComma());
  if ((isInPlace && parser.parseKeyword("in_place")) || parser.parseGreater())
    return {};
  return parser.getChecked<BandsAttr>(parser.getContext(), layers, rows,
                                      isInPlace);
}

void BandsAttr::print(AsmPrinter &printer) const {
  printer << "<layers = " << getLayers() << ", rows = " << getRows()
          << (getInPlace() ? ", in_place>" : ">");
}

LogicalResult BandsAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                int64_t layers, int64_t rows, bool inPlace) {
  if (layers < 2)
    return emitError() << "expects at least 2 layers, but got " << layers;
  // In place, the first two rows of a share overwrite what the share above it
  // reads last; so the rows that are computed before are those of one band.
  int64_t least = inPlace ? 2 : 1;
  if (rows < least)
    return emitError() << "expects bands of at least " << least
                       << " rows, but got " << rows;
  return success();
}

//===----------------------------------------------------------------------===//
// At ops
//===----------------------------------------------------------------------===//

/// Checks that `attr` is a layout of a value of `type`, NCHW or NC; `channels`
/// are those of its pixels, alpha included.
static LogicalResult
verifyLayout(Attribute attr, Type type, std::optional<int64_t> channels,
             function_ref<InFlightDiagnostic()> emitError) {
  auto layout = dyn_cast<LayoutAttr>(attr);
  if (!layout)
    return emitError() << "expects " << kLayoutAttr
                       << " to be a #mobileone.layout, but got " << attr;
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || !tensor.hasStaticShape() ||
      (tensor.getRank() != 4 && tensor.getRank() != 2))
    return emitError() << "expects " << kLayoutAttr
                       << " for a tensor NCHW or NC, but got " << type;
  ArrayRef<int64_t> shape = tensor.getShape();
  int64_t height = shape.size() == 4 ? shape[2] : 1;
  int64_t width = shape.size() == 4 ? shape[3] : 1;
  const Layout &value = layout.getValue();
  if (value.height != height || value.width != width ||
      value.channels != channels.value_or(shape[1]))
    return emitError() << "expects a layout of " << height << "x" << width
                       << "x" << channels.value_or(shape[1]) << ", but got "
                       << attr;
  return success();
}

LogicalResult MobileOneDialect::verifyOperationAttribute(Operation *op,
                                                         NamedAttribute attr) {
  auto emitError = [op] { return op->emitOpError(); };
  bool isOfPlan = llvm::is_contained({kLayoutAttr, kPackingAttr, kBandsAttr},
                                     attr.getName());
  if (op->getDialect() == this && !isOfPlan)
    return emitError() << "expects " << kLayoutAttr << ", " << kPackingAttr
                       << " or " << kBandsAttr << ", but got "
                       << attr.getName();
  if (attr.getName() == kLayoutAttr) {
    if (op->getNumResults() != 1 || op->getDialect() != this)
      return emitError() << "expects " << kLayoutAttr
                         << " at an op of this dialect with one result";
    auto read = dyn_cast<ReadImageOp>(op);
    return verifyLayout(
        attr.getValue(), op->getResult(0).getType(),
        read ? std::optional(read.getImage().getType().getDimSize(3))
             : std::nullopt,
        emitError);
  }
  if (attr.getName() == kScheduleAttr && !isa<ScheduleAttr>(attr.getValue()))
    return emitError() << "expects " << kScheduleAttr
                       << " to be a #mobileone.schedule, but got "
                       << attr.getValue();
  if (attr.getName() == kPackingAttr &&
      !(isa<ConvOp>(op) && isa<PackingAttr>(attr.getValue())))
    return emitError() << "expects " << kPackingAttr
                       << " to be a #mobileone.packing at a convolution, but "
                          "got "
                       << attr.getValue();
  if (attr.getName() == kBandsAttr &&
      !(isa<BlockOp>(op) && isa<BandsAttr>(attr.getValue())))
    return emitError() << "expects " << kBandsAttr
                       << " to be a #mobileone.bands at a block, but got "
                       << attr.getValue();
  return success();
}

LogicalResult MobileOneDialect::verifyRegionArgAttribute(Operation *op,
                                                         unsigned,
                                                         unsigned argument,
                                                         NamedAttribute attr) {
  auto function = dyn_cast<FunctionOpInterface>(op);
  if (attr.getName() != kLayoutAttr || !function)
    return success();
  return verifyLayout(attr.getValue(), function.getArgumentTypes()[argument],
                      std::nullopt, [op] { return op->emitOpError(); });
}

LogicalResult
MobileOneDialect::verifyRegionResultAttribute(Operation *op, unsigned, unsigned,
                                              NamedAttribute attr) {
  if (attr.getName() != kOutputNameAttr || isa<StringAttr>(attr.getValue()))
    return success();
  return op->emitOpError("expects ")
         << kOutputNameAttr << " to be a string, but got " << attr.getValue();
}
