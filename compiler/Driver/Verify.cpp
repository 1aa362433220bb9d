// Compares an object with its network before anybody gets it.
#include "compiler/Driver/Verify.h"

#include "compiler/Execution/ModelInput.h"
#include "compiler/Object/ModelInfo.h"

#include <fmt/format.h>

using namespace mlir;
using namespace mobileone;

/// The levels of the object that this CPU has.
static SmallVector<const IsaLevel *>
getOwnLevels(ArrayRef<const IsaLevel *> all) {
  return llvm::filter_to_vector(
      all, [](const IsaLevel *level) { return level->isOnHost(); });
}

llvm::Error mobileone::checkVerification(const CompileRequest &request) {
  if (!isLinkable(request.emit))
    return llvm::createStringError(
        "--verify expects an object to run: -o NAME.o, NAME.a or NAME.so");
  const Target *host = findHostTarget();
  auto isLikeHost = [&](const llvm::Triple &triple) {
    const llvm::Triple own = host->getTriple();
    return triple.getArch() == own.getArch() &&
           triple.getObjectFormat() == own.getObjectFormat();
  };
  if (!host || !isLikeHost(request.target->getTriple()))
    return llvm::createStringError(
        "--verify expects a target that this machine can run, but got " +
        request.target->name);
  if (!getOwnLevels(request.levels).empty())
    return llvm::Error::success();
  const IsaLevel *best = findHostIsaLevel();
  return llvm::createStringError(
      "--verify expects a level that this CPU has, up to " +
      (best ? best->name : "none") + ", but got " +
      request.levels.front()->name);
}

namespace {

/// The comparison of one object, size by size.
class Verification {
public:
  Verification(LoadedModel &model, const CompileRequest &request,
               CompileHooks &hooks, size_t sizes)
      : model(model), request(request), hooks(hooks),
        total(sizes * request.verifiedImages),
        result{request.source,
               request.verifiedImages,
               sizes,
               getOwnLevels(request.levels),
               {}} {}

  /// Compares with `network` on images of the size that the model has chosen.
  LogicalResult compare(func::FuncOp network);

  const VerifiedObject &getResult() const { return result; }

private:
  /// Compares one image at one level.
  llvm::Error include(Comparison &comparison, const IsaLevel &level,
                      const char *image, const ReferenceResult &expected);

  LoadedModel &model;
  const CompileRequest &request;
  CompileHooks &hooks;
  size_t done = 0, total; // images of all sizes
  VerifiedObject result;
};

} // namespace

static InFlightDiagnostic fail(Operation *op, const Twine &message) {
  return emitError(UnknownLoc::get(op->getContext()), "--verify: " + message);
}

llvm::Error Verification::include(Comparison &comparison, const IsaLevel &level,
                                  const char *image,
                                  const ReferenceResult &expected) {
  if (llvm::Error error =
          model.chooseIsa(static_cast<mobileone_isa_level>(level.number)))
    return error;
  if (llvm::Error error = comparison.check(expected))
    return error;
  if (llvm::Error error = comparison.include(image, expected))
    return error;
  return comparison.judge();
}

LogicalResult Verification::compare(func::FuncOp network) {
  Reference reference(network, model);
  const unsigned count = request.verifiedImages;
  const ModelInput images = ModelInput::makeRandom(model, count);
  std::vector<Comparison> comparisons(result.levels.size(), Comparison(model));
  for (unsigned image = 0; image < count; ++image) {
    hooks.showVerifying(done++, total);
    FailureOr<ReferenceResult> expected = reference.run(images[image]);
    if (failed(expected))
      return failure();
    for (auto [level, comparison] : llvm::zip_equal(result.levels, comparisons))
      if (llvm::Error error =
              include(comparison, *level, images[image], *expected))
        return fail(
            network,
            fmt::format("{}, random image {} of {}{}: {}", level->name.str(),
                        image + 1, count,
                        model.hasSizes() ? " of " + model.describeSize() : "",
                        llvm::toString(std::move(error))));
  }
  for (const Comparison &comparison : comparisons)
    result.distance.include(comparison.getDistance());
  return success();
}

LogicalResult mobileone::verify(ArrayRef<OwningOpRef<ModuleOp>> networks,
                                StringRef object, StringRef weights,
                                const CompileRequest &request,
                                CompileHooks &hooks) {
  // As a mapped file lies in memory.
  auto aligned = llvm::WritableMemoryBuffer::getNewUninitMemBuffer(
      weights.size(), "", llvm::Align(64));
  llvm::copy(weights, aligned->getBufferStart());
  auto model = LoadedModel::load(
      llvm::MemoryBuffer::getMemBuffer(object, "the object",
                                       /*RequiresNullTerminator=*/false),
      /*threads=*/1, aligned->getBuffer());
  if (!model)
    return fail(**networks.begin(), toString(model.takeError()));
  Verification verification(**model, request, hooks, networks.size());
  for (auto [i, network] : llvm::enumerate(networks)) {
    if (i > 0)
      (*model)->chooseSize(request.imageSizes[i].height,
                           request.imageSizes[i].width);
    FailureOr<func::FuncOp> function = findNetwork(*network);
    if (failed(function) || failed(verification.compare(*function)))
      return failure();
  }
  hooks.showVerified(verification.getResult());
  return success();
}
