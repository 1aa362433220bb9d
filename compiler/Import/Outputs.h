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
  /// a block, or empty for the last one. Of logits and softmax: the name of a
  /// head, or empty for each.
  std::string part = {};

  bool operator==(const OutputRequest &other) const {
    return kind == other.kind && part == other.part;
  }
};

/// A result as a network has it.
struct NetworkOutput {
  OutputRequest::Kind kind;
  size_t index = 0;      // of the block or the head
  std::string name = {}; // empty: called by what it is
};

/// Whether `word` is a kind of output, and so no name of a head.
bool namesKind(llvm::StringRef word);

/// A head that the user has chosen.
struct HeadRequest {
  std::string name; // empty: by its key
  std::string key;  // of its layer, below the network's prefix or in full
};

/// How feature maps lie in memory.
enum class FeatureLayout : uint8_t {
  NCHW, // as PyTorch has them
  NHWC  // channels last
};

/// Reads {"logits", "features=stem", "1", "4"}: kinds, and behind features= the
/// levels of one map after the other, behind logits= and softmax= the heads.
llvm::Expected<std::vector<OutputRequest>>
parseOutputs(llvm::ArrayRef<std::string> words);

/// Words that parseOutputs() reads, with commas between.
std::string formatOutputs(llvm::ArrayRef<OutputRequest> outputs);

/// Whether one of them needs a classifier.
bool wantsClasses(llvm::ArrayRef<OutputRequest> outputs);

/// The results of `network` that are asked for; an error with the levels and
/// heads that there are, or of names that an object cannot tell apart. Without
/// a request: what each head gives, or the last map if there is none.
llvm::Expected<std::vector<NetworkOutput>>
findOutputs(const NetworkSpec &network, llvm::ArrayRef<OutputRequest> requests);

/// Reads "yaw=fc_yaw,fc_pitch".
llvm::Expected<std::vector<HeadRequest>> parseHeads(llvm::StringRef text);

/// What parseHeads() reads.
std::string formatHeads(llvm::ArrayRef<HeadRequest> heads);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_OUTPUTS_H
