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
      for (linalg::LinalgOp op : kernel.getOps<linalg::LinalgOp>())
        if (isChainEnd(op))
          attach(kernel, op, *level, *given);
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
             << file << ": expects {kernel = {tile = ..., order = ...}, ...}";
    return attr;
  }

  /// A file's schedule is for the kernel's contraction, or its last op.
  void attach(func::FuncOp kernel, linalg::LinalgOp op, const IsaLevel &level,
              DictionaryAttr given) {
    bool isMain = findContraction(op).getNumReductionLoops() ||
                  llvm::none_of(kernel.getOps<linalg::LinalgOp>(),
                                [](linalg::LinalgOp other) {
                                  return other.getNumReductionLoops();
                                });
    Attribute schedule;
    if (isMain)
      schedule = given.get(kernel.getName());
    if (!schedule)
      schedule = chooseSchedule(op, level).toAttr(&getContext());
    op->setAttr("mobileone.schedule", schedule);
    if (printSchedule && isMain)
      llvm::errs() << kernel.getName() << " = " << schedule << '\n';
  }
};

} // namespace
