// Finds the schedules that are fastest on the machine that this runs on.
#include "compiler/Tuning/TuneSchedules.h"

#include "compiler/Contract/KernelFunction.h"
#include "compiler/Schedule/Chain.h"
#include "compiler/Schedule/ChooseSchedule.h"
#include "compiler/Schedule/LoopDims.h"
#include "compiler/Schedule/VerifySchedule.h"
#include "compiler/Tuning/CompileKernels.h"
#include "compiler/Tuning/KernelTimer.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace mobileone;

/// Candidates of one tile size and more are not worth the time.
static constexpr size_t kTiles = 12;
/// How much less time a schedule must take than the model's choice.
static constexpr double kNoise = 0.98;

namespace {

/// Schedules of the chains of one kernel, in the order of `getScheduledOps`.
using KernelSchedule = SmallVector<Schedule>;

/// Searches the schedules of one kernel.
class KernelTuner {
public:
  KernelTuner(func::FuncOp kernel, const IsaLevel &level, Algorithm algorithm,
              ArrayRef<KernelBuffer> buffers)
      : kernel(kernel), level(level), algorithm(algorithm), timer(buffers) {}

  LogicalResult run(TunedKernel &result);

private:
  ArrayAttr toAttr(const KernelSchedule &schedule);
  FailureOr<SmallVector<double>> measure(ArrayRef<KernelSchedule> candidates);
  /// Replaces the schedule of one chain in `best` by a faster one.
  LogicalResult improve(KernelSchedule &best, size_t chain,
                        ArrayRef<Schedule> candidates);

  func::FuncOp kernel;
  const IsaLevel &level;
  Algorithm algorithm;
  KernelTimer timer;
};

} // namespace

ArrayAttr KernelTuner::toAttr(const KernelSchedule &schedule) {
  MLIRContext *context = kernel.getContext();
  return ArrayAttr::get(context,
                        llvm::map_to_vector(schedule, [&](const Schedule &s) {
                          return Attribute(ScheduleAttr::get(context, s));
                        }));
}

FailureOr<SmallVector<double>>
KernelTuner::measure(ArrayRef<KernelSchedule> candidates) {
  OwningOpRef<ModuleOp> module = ModuleOp::create(kernel.getLoc());
  for (auto [i, candidate] : llvm::enumerate(candidates)) {
    func::FuncOp clone = kernel.clone();
    clone.setName("candidate" + std::to_string(i));
    module->push_back(clone);
    for (auto [op, schedule] :
         llvm::zip_equal(getScheduledOps(clone), candidate))
      op->setAttr(kScheduleAttr,
                  ScheduleAttr::get(kernel.getContext(), schedule));
  }
  FailureOr<LinkedObject> code = compileKernels(*module, level);
  if (failed(code))
    return failure();
  SmallVector<KernelTimer::Kernel *> functions(candidates.size());
  for (auto [i, function] : llvm::enumerate(functions))
    if (llvm::Error error = code->find(
            getPackedName("candidate" + std::to_string(i)), function))
      return emitError(kernel.getLoc(), llvm::toString(std::move(error)));
  if (llvm::Error error = timer.compare(functions)) {
    InFlightDiagnostic diagnostic =
        kernel.emitError()
        << "expects the same result with every schedule, but "
        << llvm::toString(std::move(error));
    for (const KernelSchedule &candidate : candidates)
      diagnostic.attachNote() << toAttr(candidate);
    return diagnostic;
  }
  return timer.measure(functions);
}

LogicalResult KernelTuner::improve(KernelSchedule &best, size_t chain,
                                   ArrayRef<Schedule> candidates) {
  if (candidates.empty())
    return success();
  SmallVector<KernelSchedule> trials{best};
  for (const Schedule &candidate : candidates) {
    if (candidate == best[chain])
      continue;
    trials.push_back(best);
    trials.back()[chain] = candidate;
  }
  FailureOr<SmallVector<double>> seconds = measure(trials);
  if (failed(seconds))
    return failure();
  auto *fastest = llvm::min_element(*seconds);
  if (*fastest < kNoise * seconds->front())
    best = trials[fastest - seconds->begin()];
  return success();
}

LogicalResult KernelTuner::run(TunedKernel &result) {
  SmallVector<linalg::LinalgOp> ops = getScheduledOps(kernel);
  KernelSchedule model;
  for (linalg::LinalgOp op : ops)
    model.push_back(chooseSchedule(op, level, algorithm));
  KernelSchedule best = model;
  for (auto [chain, op] : llvm::enumerate(ops)) {
    SmallVector<Schedule> tiles = rankSchedules(op, level),
                          strassen = rankStrassen(op, 1, tiles.front(), level);
    if (algorithm == Algorithm::Classical)
      strassen.clear();
    if (algorithm == Algorithm::Strassen && !strassen.empty())
      tiles.clear();
    for (SmallVector<Schedule> *candidates : {&tiles, &strassen}) {
      candidates->truncate(std::min(candidates->size(), kTiles));
      if (failed(improve(best, chain, *candidates)))
        return failure();
    }
    LoopNest nest = getLoopNest(findContraction(op));
    if (!best[chain].strassen &&
        failed(improve(best, chain, getLoopVariants(nest, best[chain]))))
      return failure();
  }
  // Of many times the least is lucky: once more, one against one.
  FailureOr<SmallVector<double>> seconds = measure({model, best});
  if (failed(seconds))
    return failure();
  bool isFaster = (*seconds)[1] < kNoise * (*seconds)[0];
  result.schedules = toAttr(isFaster ? best : model);
  result.modelSeconds = (*seconds)[0];
  result.fastestSeconds = (*seconds)[isFaster];
  return success();
}

/// What the called kernel takes.
static FailureOr<SmallVector<KernelBuffer>> getBuffers(func::CallOp call) {
  SmallVector<KernelBuffer> buffers;
  MemRefType image; // the caller's; the distance of its rows follows it
  for (Value operand : call.getOperands()) {
    if (operand.getType().isIndex()) {
      if (!image)
        break; // a range of units
      buffers.push_back({.number = image.getShape().back()}); // dense rows
      image = {};
      continue;
    }
    auto type = dyn_cast<ShapedType>(operand.getType());
    if (!type || !type.hasStaticShape() ||
        !(type.getElementType().isF32() || type.getElementType().isInteger(8)))
      return call.emitOpError("expects tensors of f32 or bytes, but got ")
             << operand.getType();
    image = dyn_cast<MemRefType>(type);
    int64_t bits = type.getNumElements() * type.getElementTypeBitWidth();
    buffers.push_back({operand.getDefiningOp<arith::ConstantOp>() != nullptr,
                       type.getElementType().isF32(),
                       static_cast<size_t>(bits / 8)});
  }
  return buffers;
}

FailureOr<SmallVector<TunedKernel>>
mobileone::tuneSchedules(ModuleOp module, const IsaLevel &level,
                         Algorithm algorithm,
                         function_ref<void(size_t, size_t)> progress) {
  llvm::MapVector<StringRef, SmallVector<func::CallOp>> calls;
  module.walk([&](func::CallOp call) {
    if (!call.getNumResults())
      return; // a hook of a layer
    // One worker has no share whose rows another one would overwrite.
    auto kernel = module.lookupSymbol<func::FuncOp>(call.getCallee());
    unsigned result = kernel.getNumArguments() - 3;
    if (!kernel->hasAttr(kUnitsAttr) ||
        !kernel.getArgAttr(result, kShareBytesAttr))
      calls[call.getCallee()].push_back(call);
  });
  if (calls.empty())
    return emitError(module.getLoc(),
                     "expects a network that calls kernels to tune");
  SmallVector<TunedKernel> kernels;
  for (auto &[name, callers] : calls) {
    progress(kernels.size(), calls.size());
    auto kernel = module.lookupSymbol<func::FuncOp>(name);
    auto buffers = getBuffers(callers.front());
    if (failed(buffers))
      return failure();
    TunedKernel result{
        kernel.getNameAttr(), {}, static_cast<unsigned>(callers.size()), 0, 0};
    if (failed(KernelTuner(kernel, level, algorithm, *buffers).run(result)))
      return failure();
    kernels.push_back(result);
  }
  progress(kernels.size(), calls.size());
  return kernels;
}
