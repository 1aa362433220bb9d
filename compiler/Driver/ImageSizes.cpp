// Makes networks for several image sizes of one.
#include "compiler/Driver/ImageSizes.h"

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
  if (request.tune)
    return llvm::createStringError(
        "--tune expects one --image-size, whose kernels it times, but got " +
        formatSizes(sizes));
  // Stages are of one network.
  if (request.emit >= EmitKind::LlvmIr)
    return llvm::Error::success();
  return llvm::createStringError("--image-size expects one size where no "
                                 "object is made, but got " +
                                 formatSizes(sizes));
}

/// Whether a pass would change nothing, as of a checkpoint read for its size.
static bool hasImageSize(ModuleOp network, const ImageSize &size) {
  for (auto function : network.getOps<func::FuncOp>()) {
    if (function.isDeclaration() || function.getNumArguments() != 1)
      return false;
    BlockArgument image = function.getArgument(0);
    auto type = dyn_cast<RankedTensorType>(image.getType());
    unsigned rows = getDimOfRows(image);
    if (!type || type.getRank() != 4 || type.getDimSize(rows) != size.height ||
        type.getDimSize(rows + 1) != size.width)
      return false;
  }
  return true;
}

LogicalResult mobileone::setImageSize(ModuleOp network, const ImageSize &size,
                                      CompileHooks &hooks) {
  if (hasImageSize(network, size))
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
