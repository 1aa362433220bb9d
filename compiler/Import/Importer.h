// From a checkpoint to a module of the mobileone dialect.
#ifndef MOBILEONE_COMPILER_IMPORT_IMPORTER_H
#define MOBILEONE_COMPILER_IMPORT_IMPORTER_H

#include "compiler/Import/Checkpoint.h"
#include "compiler/Import/Normalization.h"
#include "compiler/Import/Outputs.h"
#include "dialect/IR/MobileOneOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/MemoryBuffer.h"

namespace mobileone {

/// What the function takes.
enum class InputLayout : uint8_t {
  F32NCHW, // what the PyTorch module takes; normalized by the caller
  F32NHWC, // the same, channels last
  U8NHWC   // bytes of an image; mean and std are applied by the function
};

/// Pixels of an image.
struct ImageSize {
  int64_t height, width;
  bool operator==(const ImageSize &other) const {
    return height == other.height && width == other.width;
  }
  /// "224x224"
  std::string format() const;
  /// Reads it; none where it is no two numbers from 1 on.
  static std::optional<ImageSize> parse(llvm::StringRef text);
};

struct ImportOptions {
  /// "auto", "s0" to "s4", or the name of a .json file (see Network.h).
  std::string variant = "auto";
  ImageSize imageSize{224, 224};
  InputLayout input = InputLayout::F32NCHW;
  /// Of the pixels of U8NHWC.
  ChannelOrder order = ChannelOrder::rgb;
  /// One mean and deviation for each channel of the image. The function applies
  /// them to bytes, and recommends them for floats. ImageNet's are of colours
  /// only.
  Normalization normalization;
  /// Empty: what each head gives, or the last feature map if there is none.
  std::vector<OutputRequest> outputs;
  FeatureLayout featureLayout = FeatureLayout::NCHW;
  /// Keys that lead to the dictionary of the weights, as "model/ema".
  std::optional<std::string> key;
  /// What stands before every key of the network, as "student.".
  std::optional<std::string> stripPrefix;
  /// The heads of the network; empty: those that there are, side by side.
  std::vector<HeadRequest> heads;
  /// Of every batch norm; unset: what `variant`'s file says, else 1e-5.
  std::optional<double> bnEpsilon;
  /// Accept NaN and infinite weights.
  bool allowNonFinite = false;
  /// Empty: mobileone_<variant>.
  std::string functionName;
};

/// Reads the file `path` ("-": standard input) into a module with one function:
/// its blocks in train form, or with single convolutions for a checkpoint in
/// deploy form. On any fault of the file emits one error,
/// `FILE: tensor or entry: rule, but got value`, and returns null.
///
/// Weights that the file holds as f32 are used in place: `context` keeps what
/// was read of it until it is destroyed.
mlir::OwningOpRef<mlir::ModuleOp> importCheckpoint(llvm::StringRef path,
                                                   const ImportOptions &options,
                                                   mlir::MLIRContext *context);

/// The same for a file already opened; its identifier is the name in errors.
mlir::OwningOpRef<mlir::ModuleOp>
importCheckpoint(std::unique_ptr<llvm::MemoryBuffer> file,
                 const ImportOptions &options, mlir::MLIRContext *context);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_IMPORTER_H
