// Attaches to every chain of linalg ops the schedule of its loops.
#include "compiler/Codegen/Passes.h"
#include "compiler/Codegen/Schedule.h"
#include "mlir/AsmParser/AsmParser.h"
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
      return getOperation().emitError()
             << file << ": " << buffer.getError().message();
    auto attr = dyn_cast_or_null<DictionaryAttr>(
        parseAttribute((*buffer)->getBuffer(), &getContext()));
    if (!attr)
      return getOperation().emitError()
             << file << ": expects {kernel = [{order = ..., tile = ...}], ...}";
    return attr;
  }

  /// `given` holds the schedules of the kernel's chains with a reduction, or
  /// of all its chains where none has one, in order.
  LogicalResult attach(func::FuncOp kernel, const IsaLevel &level,
                       Attribute given) {
    WalkResult verified = kernel.walk(
        [](linalg::LinalgOp op) { return WalkResult(verifyKernelOp(op)); });
    if (verified.wasInterrupted())
      return failure();
    SmallVector<linalg::LinalgOp> all, main;
    kernel.walk([&](linalg::LinalgOp op) {
      if (!isChainEnd(op))
        return;
      all.push_back(op);
      if (findContraction(op).getNumReductionLoops())
        main.push_back(op);
      op->setAttr(kScheduleAttr,
                  chooseSchedule(op, level).toAttr(&getContext()));
    });
    if (main.empty())
      main = all;
    if (given) {
      auto schedules = dyn_cast<ArrayAttr>(given);
      if (!schedules || schedules.size() != main.size())
        return kernel.emitError()
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
