// The assembly format of schedules, and what is wrong in any of them.
#include "dialect/IR/MobileOneAttrs.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace mobileone;

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

static std::string getName(Loop loop) {
  switch (loop.role) {
  case Loop::Pixels:
    return "pixels" + std::to_string(loop.index);
  case Loop::Panels:
    return "panels";
  case Loop::Lanes:
    return "lanes";
  case Loop::Depth:
    return "depth" + std::to_string(loop.index);
  }
  llvm_unreachable("unknown role");
}

static std::string getNames(ArrayRef<Loop> loops) {
  return llvm::join(llvm::map_range(loops, getName), ", ");
}

void ScheduleAttr::print(AsmPrinter &printer) const {
  const Schedule &schedule = getValue();
  const PerLoop &tile = schedule.tile;
  printer << '<';
  auto printList = [&](StringRef name, ArrayRef<int64_t> numbers) {
    if (!numbers.empty())
      printer << name << " = [" << numbers << "], ";
  };
  printList("pixels", tile.pixels);
  if (tile.panels)
    printer << "panels = " << *tile.panels << ", ";
  printer << "lanes = " << tile.lanes << ", ";
  printList("depth", tile.depth);
  printer << "order = [" << getNames(schedule.order) << ']';
  if (schedule.split)
    printer << ", split = " << getName(*schedule.split);
  if (const auto &strassen = schedule.strassen)
    printer << ", algorithm = strassen<rows = " << strassen->rows
            << ", levels = " << strassen->levels << ", sums = "
            << (strassen->sums == Strassen::Run ? "run" : "compile") << '>';
  if (schedule.hoistInvariants)
    printer << ", hoist";
  if (schedule.prefetch)
    printer << ", prefetch";
  if (schedule.byElement)
    printer << ", by_element";
  printer << '>';
}

//===----------------------------------------------------------------------===//
// Parsing
//===----------------------------------------------------------------------===//

static constexpr StringLiteral kFields[] = {
    "pixels", "panels", "lanes", "depth", "order", "split", "algorithm"};

static ParseResult parseNumbers(AsmParser &parser,
                                SmallVectorImpl<int64_t> &numbers) {
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&] {
    return parser.parseInteger(numbers.emplace_back());
  });
}

static ParseResult parseLoop(AsmParser &parser, Loop &loop) {
  SMLoc loc = parser.getCurrentLocation();
  StringRef name;
  if (parser.parseKeyword(&name))
    return failure();
  StringRef number = name;
  loop = {Loop::Pixels};
  if (name == "panels")
    loop = {Loop::Panels};
  else if (name == "lanes")
    loop = {Loop::Lanes};
  else if (!number.consume_front("pixels") ||
           number.getAsInteger(10, loop.index))
    return parser.emitError(
               loc, "expects panels, lanes, pixels0, pixels1 or so, but got ")
           << name;
  return success();
}

static ParseResult parseOrder(AsmParser &parser, SmallVectorImpl<Loop> &order) {
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&] {
    order.push_back({});
    return parseLoop(parser, order.back());
  });
}

/// The name of a field that is not among `seen` yet.
static ParseResult parseFieldName(AsmParser &parser, llvm::StringSet<> &seen,
                                  StringRef &name) {
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseKeyword(&name))
    return failure();
  if (!seen.insert(name).second)
    return parser.emitError(loc, "expects each field once, but got ")
           << name << " again";
  return success();
}

/// One of the fields between the brackets of strassen<>; `seen` are those
/// before.
static ParseResult parseStrassenField(AsmParser &parser,
                                      llvm::StringSet<> &seen,
                                      Strassen &strassen) {
  SMLoc loc = parser.getCurrentLocation();
  StringRef name;
  if (parseFieldName(parser, seen, name))
    return failure();
  if (name != "rows" && name != "levels" && name != "sums")
    return parser.emitError(loc, "expects rows, levels or sums, but got ")
           << name;
  if (parser.parseEqual())
    return failure();
  if (name != "sums")
    return parser.parseInteger(name == "rows" ? strassen.rows
                                              : strassen.levels);
  loc = parser.getCurrentLocation();
  StringRef sums;
  if (parser.parseKeyword(&sums))
    return failure();
  if (sums != "run" && sums != "compile")
    return parser.emitError(loc, "expects run or compile, but got ") << sums;
  strassen.sums = sums == "run" ? Strassen::Run : Strassen::Compile;
  return success();
}

static ParseResult parseAlgorithm(AsmParser &parser,
                                  std::optional<Strassen> &strassen) {
  SMLoc loc = parser.getCurrentLocation();
  StringRef name;
  if (parser.parseKeyword(&name))
    return failure();
  if (name == "classical")
    return success();
  if (name != "strassen")
    return parser.emitError(loc, "expects classical or strassen, but got ")
           << name;
  strassen.emplace();
  llvm::StringSet<> seen;
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::LessGreater, [&] {
    return parseStrassenField(parser, seen, *strassen);
  });
}

/// What stands behind the field's name.
static ParseResult parseValue(AsmParser &parser, StringRef name,
                              Schedule &schedule) {
  PerLoop &tile = schedule.tile;
  if (parser.parseEqual())
    return failure();
  if (name == "pixels")
    return parseNumbers(parser, tile.pixels);
  if (name == "panels")
    return parser.parseInteger(tile.panels.emplace());
  if (name == "lanes")
    return parser.parseInteger(tile.lanes);
  if (name == "depth")
    return parseNumbers(parser, tile.depth);
  if (name == "order")
    return parseOrder(parser, schedule.order);
  if (name == "algorithm")
    return parseAlgorithm(parser, schedule.strassen);
  return parseLoop(parser, schedule.split.emplace());
}

Attribute ScheduleAttr::parse(AsmParser &parser, Type) {
  Schedule schedule;
  llvm::StringSet<> seen;
  auto parseField = [&]() -> ParseResult {
    SMLoc loc = parser.getCurrentLocation();
    StringRef name;
    if (parseFieldName(parser, seen, name))
      return failure();
    if (llvm::is_contained(kFields, name))
      return parseValue(parser, name, schedule);
    bool *flag = llvm::StringSwitch<bool *>(name)
                     .Case("hoist", &schedule.hoistInvariants)
                     .Case("prefetch", &schedule.prefetch)
                     .Case("by_element", &schedule.byElement)
                     .Default(nullptr);
    if (!flag)
      return parser.emitError(loc, "expects ")
             << llvm::join(ArrayRef(kFields), ", ")
             << ", hoist, prefetch or by_element, but got " << name;
    *flag = true;
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::LessGreater,
                                     parseField))
    return {};
  return parser.getChecked<ScheduleAttr>(parser.getContext(), schedule);
}

//===----------------------------------------------------------------------===//
// Verifying
//===----------------------------------------------------------------------===//

LogicalResult ScheduleAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                   Schedule schedule) {
  const PerLoop &tile = schedule.tile;
  SmallVector<Loop> loops = tile.getResultLoops(), all = loops;
  for (unsigned i = 0; i != tile.depth.size(); ++i)
    all.push_back({Loop::Depth, i});
  for (Loop loop : all)
    if (tile[loop] < 1)
      return emitError() << "expects a size of at least 1, but got "
                         << getName(loop) << " = " << tile[loop];
  SmallVector<Loop> sorted = schedule.order;
  llvm::sort(sorted, [](Loop a, Loop b) {
    return std::tie(a.role, a.index) < std::tie(b.role, b.index);
  });
  if (sorted != loops)
    return emitError() << "expects an order that names each of "
                       << getNames(loops) << " once, but got ["
                       << getNames(schedule.order) << "]";
  if (schedule.split &&
      !llvm::is_contained(tile.getVectorLoops(), *schedule.split))
    return emitError() << "expects to split pixels or panels of the tile, but "
                          "got "
                       << getName(*schedule.split);
  if (const auto &strassen = schedule.strassen) {
    if (strassen->rows < 1)
      return emitError() << "expects bands of at least 1 row, but got "
                         << strassen->rows;
    if (strassen->levels != 1 && strassen->levels != 2)
      return emitError() << "expects 1 or 2 levels of Strassen's algorithm, "
                            "but got "
                         << strassen->levels;
    if (strassen->levels == 2 && strassen->sums == Strassen::Run)
      return emitError() << "expects sums = compile for 2 levels, but got run";
  }
  return success();
}
