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
  if (!host ||
      host->getTriple().getArch() != request.target->getTriple().getArch())
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

LogicalResult mobileone::verify(ModuleOp network, StringRef object,
                                StringRef weights,
                                const CompileRequest &request,
                                CompileHooks &hooks) {
  auto fail = [&](const Twine &where, llvm::Error error) {
    return emitError(UnknownLoc::get(network.getContext()),
                     "--verify: " + where + toString(std::move(error)));
  };
  // As a mapped file lies in memory.
  auto aligned = llvm::WritableMemoryBuffer::getNewUninitMemBuffer(
      weights.size(), "", llvm::Align(64));
  llvm::copy(weights, aligned->getBufferStart());
  auto model = LoadedModel::load(
      llvm::MemoryBuffer::getMemBuffer(object, "the object",
                                       /*RequiresNullTerminator=*/false),
      /*threads=*/1, aligned->getBuffer());
  if (!model)
    return fail("", model.takeError());
  FailureOr<func::FuncOp> function = findNetwork(network);
  if (failed(function))
    return failure();
  Reference reference(*function, **model);
  const unsigned count = request.verifiedImages;
  const ModelInput images = ModelInput::makeRandom(**model, count);
  VerifiedObject result{
      request.source, count, getOwnLevels(request.levels), {}};
  std::vector<Comparison> comparisons(result.levels.size(),
                                      Comparison(**model));
  for (unsigned image = 0; image < count; ++image) {
    hooks.showVerifying(image, count);
    FailureOr<ReferenceResult> expected = reference.run(images[image]);
    if (failed(expected))
      return failure();
    for (auto [level, comparison] :
         llvm::zip_equal(result.levels, comparisons)) {
      auto compare = [&, &level = level,
                      &comparison = comparison]() -> llvm::Error {
        if (llvm::Error error = (*model)->chooseIsa(
                static_cast<mobileone_isa_level>(level->number)))
          return error;
        if (llvm::Error error = comparison.check(*expected))
          return error;
        if (llvm::Error error = comparison.include(images[image], *expected))
          return error;
        return comparison.judge();
      };
      if (llvm::Error error = compare())
        return fail(fmt::format("{}, random image {} of {}: ",
                                level->name.str(), image + 1, count),
                    std::move(error));
    }
  }
  for (const Comparison &comparison : comparisons)
    result.distance.include(comparison.getDistance());
  hooks.showVerified(result);
  return success();
}
