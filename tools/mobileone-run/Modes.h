// What mobileone-run can do with a model; one function each.
#ifndef MOBILEONE_TOOLS_MOBILEONE_RUN_MODES_H
#define MOBILEONE_TOOLS_MOBILEONE_RUN_MODES_H

#include "ImageModel.h"
#include "tools/Output/OutputSet.h"

#include <optional>
#include <vector>

namespace mobileone::run {

/// `--input X.npy --output Y.npy`: runs the images of one array, which stand
/// behind each other in its first dimension.
llvm::Error runTensors(LoadedModel &model, llvm::StringRef inputPath,
                       llvm::StringRef outputPath, OutputSet &outputs);

/// `--image`: prints the best classes of each image.
struct ClassifyOptions {
  std::vector<std::string> images;
  std::string labels; // a file, or empty
  uint32_t top = 5;
  ImageOptions preparation;
  bool json = false;
};
llvm::Error classify(LoadedModel &model, const ClassifyOptions &options);

/// `--eval`: counts how often the right class is the best, or among the best
/// five.
struct EvaluateOptions {
  std::string folder;
  uint32_t limit = 0; // 0: all images
  ImageOptions preparation;
  bool json = false;
};
llvm::Error evaluate(LoadedModel &model, const EvaluateOptions &options);

/// `--bench`: prints latency and speed.
llvm::Error bench(LoadedModel &model, uint32_t rounds, bool json);

/// `--profile`: writes an HTML page of what each layer takes. The object must
/// be compiled with --instrument=layers.
llvm::Error profile(LoadedModel &model, llvm::StringRef path, uint32_t rounds,
                    OutputSet &outputs, bool json);

/// `--verify`: compares the object with the network of the checkpoint that it
/// was made from, run in float64, on the images of an array or on random ones.
/// Fails if they differ by more than rounding. An object compiled with
/// --instrument=tensors is compared layer by layer, too.
struct VerifyOptions {
  std::string checkpoint;
  std::string input; // an array, or empty
  // See ImportOptions.
  std::string variant = "auto";
  std::optional<std::string> key, stripPrefix;
  std::optional<std::string> heads; // for parseHeads()
  std::optional<double> bnEpsilon;
  bool json = false;
};
llvm::Error verify(LoadedModel &model, const VerifyOptions &options);

} // namespace mobileone::run

#endif // MOBILEONE_TOOLS_MOBILEONE_RUN_MODES_H
