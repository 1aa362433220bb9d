// What a network's function is to return.
#ifndef MOBILEONE_COMPILER_IMPORT_OUTPUTS_H
#define MOBILEONE_COMPILER_IMPORT_OUTPUTS_H

#include "compiler/Import/Network.h"

namespace mobileone {

/// One result of the function.
struct OutputRequest {
  // Numbered as mobileone_output_kind of runtime/mobileone.h.
  enum Kind : uint8_t {
    Logits,    // of the classifier
    Softmax,   // their probabilities
    Embedding, // the mean of each channel of the last block's result
    Features   // the result of the block `level`
  };

  Kind kind;
  /// Of features: "stem", "1" to "4" for the last block of a stage, the name of
  /// a block, or empty for the last one.
  std::string level = {};

  bool operator==(const OutputRequest &other) const {
    return kind == other.kind && level == other.level;
  }
};

/// How feature maps lie in memory.
enum class FeatureLayout : uint8_t {
  NCHW, // as PyTorch has them
  NHWC  // channels last
};

/// Reads {"logits", "features=stem", "1", "4"}: kinds, and behind features= the
/// levels of one map after the other.
llvm::Expected<std::vector<OutputRequest>>
parseOutputs(llvm::ArrayRef<std::string> words);

/// Words that parseOutputs() reads, with commas between.
std::string formatOutputs(llvm::ArrayRef<OutputRequest> outputs);

/// Whether one of them needs a classifier.
bool wantsClasses(llvm::ArrayRef<OutputRequest> outputs);

/// The place of the block `level` in `network`, whose result is a map; an error
/// with the levels that there are.
llvm::Expected<size_t> findLevel(const NetworkSpec &network,
                                 llvm::StringRef level);

/// What a map is called: "stem", "stage2" for the last block of a stage, else
/// as its block.
std::string nameLevel(const NetworkSpec &network, size_t block);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_OUTPUTS_H
