// Attaches to every chain of linalg ops the schedule of its loops.
#include "compiler/Codegen/Passes.h"
#include "compiler/Codegen/Schedule.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/MemoryBuffer.h"

namespace mobileone {
#define GEN_PASS_DEF_MOBILEONESCHEDULEKERNELSPASS
#include "compiler/Codegen/Passes.h.inc"
} // namespace mobileone

using namespace mlir;
using namespace mobileone;

namespace {

struct ScheduleKernelsPass
    : mobileone::impl::MobileOneScheduleKernelsPassBase<ScheduleKernelsPass> {
  using MobileOneScheduleKernelsPassBase::MobileOneScheduleKernelsPassBase;

  void runOnOperation() override {
    const IsaLevel *level = findIsaLevel(isa);
    if (!level) {
      getOperation().emitError("expects a known ISA level, but got ") << isa;
      return signalPassFailure();
    }
    FailureOr<DictionaryAttr> given = readFile();
    if (failed(given))
      return signalPassFailure();
    for (auto kernel : getOperation().getOps<func::FuncOp>())
      if (failed(attach(kernel, *level, given->get(kernel.getName()))))
        return signalPassFailure();
  }

  /// The schedules in the file, by kernel; empty without a file.
  FailureOr<DictionaryAttr> readFile() {
    auto none = DictionaryAttr::get(&getContext());
    if (file.empty())
      return none;
    auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/true);
    if (!buffer)
      return emitError(getOperation().getLoc())
             << file << ": " << buffer.getError().message();
    // As the attribute of an op: comments may stand anywhere, and the parser's
    // errors name file and line.
    std::string op = ("module attributes {" + kScheduleAttr + " = " +
                      (*buffer)->getBuffer() + "\n} {}")
                         .str();
    auto parsed = parseSourceString<ModuleOp>(
        op, ParserConfig(&getContext(), /*verifyAfterParse=*/false), file);
    auto attr = parsed ? (*parsed)->getAttrOfType<DictionaryAttr>(kScheduleAttr)
                       : nullptr;
    if (!attr)
      return emitError(getOperation().getLoc())
             << file << ": expects {kernel = [{order = ..., tile = ...}], ...}";
    return attr;
  }

  /// `given` holds the schedules of `getScheduledOps`.
  LogicalResult attach(func::FuncOp kernel, const IsaLevel &level,
                       Attribute given) {
    WalkResult verified = kernel.walk(
        [](linalg::LinalgOp op) { return WalkResult(verifyKernelOp(op)); });
    if (verified.wasInterrupted())
      return failure();
    kernel.walk([&](linalg::LinalgOp op) {
      if (isChainEnd(op) && !op->hasAttr(kScheduleAttr))
        op->setAttr(kScheduleAttr,
                    rankSchedules(op, level).front().toAttr(&getContext()));
    });
    SmallVector<linalg::LinalgOp> main = getScheduledOps(kernel);
    if (given) {
      auto schedules = dyn_cast<ArrayAttr>(given);
      if (!schedules || schedules.size() != main.size())
        return emitError(kernel.getLoc())
               << file << ": expects " << main.size() << " schedules for "
               << kernel.getName() << ", but got " << given;
      for (auto [op, schedule] : llvm::zip_equal(main, schedules))
        op->setAttr(kScheduleAttr, schedule);
    }
    if (printSchedule && !main.empty()) {
      // A comment: buffers have this height already, a file cannot change it.
      if (auto rows = kernel->getAttrOfType<IntegerAttr>(kBandRowsAttr))
        llvm::errs() << "// bands of " << rows.getInt() << " rows\n";
      llvm::errs() << kernel.getName() << " = "
                   << ArrayAttr::get(&getContext(),
                                     llvm::map_to_vector(
                                         main,
                                         [](linalg::LinalgOp op) {
                                           return op->getAttr(kScheduleAttr);
                                         }))
                   << '\n';
    }
    return success();
  }
};

} // namespace
