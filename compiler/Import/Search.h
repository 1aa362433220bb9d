// Finds the one network that a file holds.
#ifndef MOBILEONE_COMPILER_IMPORT_SEARCH_H
#define MOBILEONE_COMPILER_IMPORT_SEARCH_H

#include "compiler/Import/Matching.h"

namespace mobileone {

/// What is asked for; see ImportOptions. No MLIR: the fuzzers link none.
struct SearchOptions {
  std::string variant = "auto";
  std::optional<std::string> key, stripPrefix;
  bool wantsHeads = true;
  std::vector<HeadRequest> heads = {};
};

struct FoundNetwork {
  MatchedNetwork network; // points into the dictionaries
  /// What a user should know of the choice and of what is left out, or "".
  std::string remark;
};

/// The network in `dicts` that `options` ask for. Averaged weights go before
/// raw ones; several networks that no rule orders are an error that lists them.
llvm::Expected<FoundNetwork> findNetwork(llvm::ArrayRef<StateDict> dicts,
                                         const SearchOptions &options);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_SEARCH_H
