// Reads the images that int8 is calibrated by.
#ifndef MOBILEONE_TOOLS_MOBILEONE_OPT_READCALIBRATION_H
#define MOBILEONE_TOOLS_MOBILEONE_OPT_READCALIBRATION_H

#include "compiler/Driver/CompileRequest.h"
#include "mlir/IR/BuiltinOps.h"

namespace mobileone {

/// Gives `request` the images of `path` as inputs of the network in `module`:
/// the arrays of a .npy file, or the JPEG and PNG files of a folder, in the
/// order of their names, each resized and cropped as mobileone-run does.
/// Nothing where `path` is empty. Prints an error that names the file.
mlir::LogicalResult readCalibration(llvm::StringRef path, mlir::ModuleOp module,
                                    CompileRequest &request);

} // namespace mobileone

#endif // MOBILEONE_TOOLS_MOBILEONE_OPT_READCALIBRATION_H
