// Networks for several image sizes.
#ifndef MOBILEONE_COMPILER_DRIVER_IMAGESIZES_H
#define MOBILEONE_COMPILER_DRIVER_IMAGESIZES_H

#include "compiler/Driver/CompileHooks.h"
#include "compiler/Driver/CompileRequest.h"
#include "mlir/IR/OwningOpRef.h"

namespace mobileone {

/// "224x224,448x448"
std::string formatSizes(llvm::ArrayRef<ImageSize> sizes);

/// An error unless `request` makes an object, in whatever form, where it is for
/// several sizes.
llvm::Error checkImageSizes(const CompileRequest &request);

/// Gives `network`, of `mobileone` ops that are not planned, the shapes of
/// `size`.
mlir::LogicalResult setImageSize(mlir::ModuleOp network, const ImageSize &size,
                                 CompileHooks &hooks);

/// Appends copies of `network` with the shapes of `sizes`.
mlir::LogicalResult
copyForSizes(mlir::ModuleOp network, llvm::ArrayRef<ImageSize> sizes,
             CompileHooks &hooks,
             llvm::SmallVectorImpl<mlir::OwningOpRef<mlir::ModuleOp>> &copies);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_DRIVER_IMAGESIZES_H
