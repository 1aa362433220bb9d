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
      attach(kernel, *level, given->getAs<ArrayAttr>(kernel.getName()));
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

  /// `given` holds the schedules of the kernel's contractions, in order.
  void attach(func::FuncOp kernel, const IsaLevel &level, ArrayAttr given) {
    SmallVector<Attribute> contractions;
    kernel.walk([&](linalg::LinalgOp op) {
      if (!isChainEnd(op))
        return;
      Attribute schedule = chooseSchedule(op, level).toAttr(&getContext());
      if (findContraction(op).getNumReductionLoops()) {
        if (given && contractions.size() < given.size())
          schedule = given[contractions.size()];
        contractions.push_back(schedule);
      }
      op->setAttr("mobileone.schedule", schedule);
    });
    if (printSchedule && !contractions.empty())
      llvm::errs() << kernel.getName() << " = "
                   << ArrayAttr::get(&getContext(), contractions) << '\n';
  }
};

} // namespace
