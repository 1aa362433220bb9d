// Attaches to every chain of linalg ops the schedule of its loops.
#include "compiler/Contract/KernelFunction.h"
#include "compiler/Schedule/Chain.h"
#include "compiler/Schedule/ChooseSchedule.h"
#include "compiler/Schedule/ChooseSums.h"
#include "compiler/Schedule/Passes.h"
#include "compiler/Schedule/ScheduleFile.h"
#include "compiler/Schedule/VerifySchedule.h"

namespace mobileone {
#define GEN_PASS_DEF_MOBILEONESCHEDULEKERNELSPASS
#include "compiler/Schedule/Passes.h.inc"
} // namespace mobileone

using namespace mlir;
using namespace mobileone;

namespace {

struct ScheduleKernelsPass
    : mobileone::impl::MobileOneScheduleKernelsPassBase<ScheduleKernelsPass> {
  using MobileOneScheduleKernelsPassBase::MobileOneScheduleKernelsPassBase;

  void runOnOperation() override {
    FailureOr<const IsaLevel *> found =
        getIsaLevel(getOperation().getLoc(), isa);
    if (failed(found))
      return signalPassFailure();
    const IsaLevel *level = *found;
    FailureOr<DictionaryAttr> given = DictionaryAttr::get(&getContext());
    if (!file.empty())
      given = readSchedules(file, *level, getOperation().getLoc());
    if (failed(given))
      return signalPassFailure();
    SmallVector<linalg::LinalgOp> chosen;
    for (auto kernel : getOperation().getOps<func::FuncOp>())
      if (failed(attach(kernel, *level, given->get(kernel.getName()), chosen)))
        return signalPassFailure();
    chooseSums(getOperation(), chosen, algorithm);
    SmallVector<KernelSchedules> kernels = collect();
    for (NamedAttribute entry : *given)
      if (!llvm::is_contained(
              llvm::map_range(kernels, std::mem_fn(&KernelSchedules::name)),
              entry.getName())) {
        emitError(getOperation().getLoc())
            << file << ": expects names of kernels of this network, but got "
            << entry.getName();
        return signalPassFailure();
      }
    if (printSchedule) {
      llvm::errs() << kSchedulesOf << level->name << ".\n";
      writeSchedules(llvm::errs(), kernels);
    }
  }

  /// `given` holds the schedules of `getScheduledOps`. Ops whose schedules are
  /// neither given nor in the IR go to `chosen`.
  LogicalResult attach(func::FuncOp kernel, const IsaLevel &level,
                       Attribute given,
                       SmallVectorImpl<linalg::LinalgOp> &chosen) {
    WalkResult verified = kernel.walk(
        [](linalg::LinalgOp op) { return WalkResult(verifyKernelOp(op)); });
    if (verified.wasInterrupted())
      return failure();
    SmallVector<linalg::LinalgOp> own;
    WalkResult attached = kernel.walk([&](linalg::LinalgOp op) {
      if (!isChainEnd(op))
        return WalkResult::advance();
      if (op->hasAttr(kScheduleAttr)) {
        FailureOr<Schedule> own = getSchedule(op);
        return WalkResult(success(
            succeeded(own) && succeeded(verifyRegisters(op, *own, level, [&] {
              return op.emitOpError();
            }))));
      }
      own.push_back(op);
      op->setAttr(kScheduleAttr,
                  ScheduleAttr::get(&getContext(),
                                    chooseSchedule(op, level, algorithm)));
      return WalkResult::advance();
    });
    if (attached.wasInterrupted())
      return failure();
    if (!given) {
      llvm::append_range(chosen, own);
      return success();
    }
    SmallVector<linalg::LinalgOp> main = getScheduledOps(kernel);
    return main.empty() ? success() : replace(kernel, main, level, given);
  }

  /// All schedules, by kernel.
  SmallVector<KernelSchedules> collect() {
    SmallVector<KernelSchedules> kernels;
    for (auto kernel : getOperation().getOps<func::FuncOp>()) {
      ArrayAttr schedules = getSchedules(kernel);
      if (schedules.empty())
        continue;
      auto rows = kernel->getAttrOfType<IntegerAttr>(kBandRowsAttr);
      kernels.push_back(
          {kernel.getNameAttr(), schedules, rows ? rows.getInt() : 0});
    }
    return kernels;
  }

  /// Gives `ops` of `kernel` the schedules of a file.
  LogicalResult replace(func::FuncOp kernel, ArrayRef<linalg::LinalgOp> ops,
                        const IsaLevel &level, Attribute given) {
    auto emitError = [&] {
      return mlir::emitError(kernel.getLoc())
             << file << ": " << kernel.getName() << " ";
    };
    auto schedules = dyn_cast<ArrayAttr>(given);
    if (!schedules || schedules.size() != ops.size())
      return emitError() << "expects a list of " << ops.size()
                         << " schedules, but got " << given;
    for (auto [op, attr] : llvm::zip_equal(ops, schedules)) {
      auto schedule = dyn_cast<ScheduleAttr>(attr);
      if (!schedule)
        return emitError() << "expects a #mobileone.schedule, as "
                              "--print-schedule and --tune write it, but got "
                           << attr;
      if (failed(verifySchedule(op, schedule.getValue(), emitError)) ||
          failed(verifyRegisters(op, schedule.getValue(), level, emitError)))
        return failure();
      op->setAttr(kScheduleAttr, attr);
    }
    return success();
  }
};

} // namespace
