// Makes networks for several image sizes of one.
#include "compiler/Driver/ImageSizes.h"

#include "compiler/Object/ModelInfo.h"
#include "dialect/IR/MobileOneOps.h"
#include "dialect/Transforms/Passes.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mobileone;

std::string mobileone::formatSizes(llvm::ArrayRef<ImageSize> sizes) {
  return llvm::join(
      llvm::map_range(sizes,
                      [](const ImageSize &size) { return size.format(); }),
      ",");
}

llvm::Error mobileone::checkImageSizes(const CompileRequest &request) {
  llvm::ArrayRef<ImageSize> sizes = request.imageSizes;
  if (sizes.size() < 2)
    return llvm::Error::success();
  for (auto [i, size] : llvm::enumerate(sizes))
    if (llvm::is_contained(sizes.take_front(i), size))
      return llvm::createStringError("--image-size expects each size once, but "
                                     "got " +
                                     size.format() + " twice");
  // Schedules are of kernels, by name, of which each network has its own.
  for (auto [flag, isGiven] :
       {std::pair("--tune", request.tune),
        std::pair("--schedule", !request.schedule.empty()),
        std::pair("--print-schedule", request.printSchedule),
        std::pair("--print-memory-plan", request.printMemoryPlan)})
    if (isGiven)
      return llvm::createStringError(llvm::Twine(flag) +
                                     " expects one --image-size, but got " +
                                     formatSizes(sizes));
  // Stages are of one network.
  if (request.emit >= EmitKind::LlvmIr)
    return llvm::Error::success();
  return llvm::createStringError("--image-size expects one size where no "
                                 "object is made, but got " +
                                 formatSizes(sizes));
}

/// Whether a pass would change nothing, as of a checkpoint read for its size.
static bool hasImageSize(func::FuncOp network, const ImageSize &size) {
  if (network.getNumArguments() != 1)
    return false;
  BlockArgument image = network.getArgument(0);
  auto type = dyn_cast<RankedTensorType>(image.getType());
  unsigned rows = getDimOfRows(image);
  return type && type.getRank() == 4 && type.getDimSize(rows) == size.height &&
         type.getDimSize(rows + 1) == size.width;
}

LogicalResult mobileone::setImageSize(ModuleOp network, const ImageSize &size,
                                      CompileHooks &hooks) {
  FailureOr<func::FuncOp> function = findNetwork(network);
  if (failed(function))
    return failure();
  if (hasImageSize(*function, size))
    return success();
  MobileOneSetImageSizePassOptions options;
  options.height = size.height;
  options.width = size.width;
  return hooks.runPasses(network, "image-size." + size.format(),
                         [&](PassManager &pm) {
                           pm.addNestedPass<func::FuncOp>(
                               createMobileOneSetImageSizePass(options));
                         });
}

LogicalResult
mobileone::copyForSizes(ModuleOp network, llvm::ArrayRef<ImageSize> sizes,
                        CompileHooks &hooks,
                        llvm::SmallVectorImpl<OwningOpRef<ModuleOp>> &copies) {
  for (const ImageSize &size : sizes)
    if (failed(
            setImageSize(*copies.emplace_back(network.clone()), size, hooks)))
      return failure();
  return success();
}
