// Networks that a JSON file describes.
#ifndef MOBILEONE_COMPILER_IMPORT_NETWORKFILE_H
#define MOBILEONE_COMPILER_IMPORT_NETWORKFILE_H

#include "compiler/Import/Network.h"

namespace mobileone {

/// Reads a network in outline, {"stem": 32, "widths": [32, 64, 128, 512],
/// "pairs": [2, 4, 6, 1], "branches": 1}, or block by block, {"blocks":
/// [{"width": 32, "stride": 2}, {"kernel": 3, "stride": 2}, ...]}.
/// docs/Checkpoints.md says what else may be there, docs/network.schema.json
/// the same for editors. Errors name the place: "blocks[1].stride: expects
/// ...".
llvm::Expected<NetworkSpec> parseNetwork(llvm::StringRef json);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_NETWORKFILE_H
