// Writes small checkpoints in memory, whole or damaged, for the tests.
#ifndef MOBILEONE_TEST_COMPILER_IMPORT_CHECKPOINTWRITER_H
#define MOBILEONE_TEST_COMPILER_IMPORT_CHECKPOINTWRITER_H

#include "compiler/Import/Layouts.h"
#include <optional>
#include <string>
#include <vector>

namespace mobileone {

/// A dense f32 tensor.
struct NamedTensor {
  std::string name;
  std::vector<int64_t> shape;
  std::vector<float> values;
};

/// Every tensor that `network` needs. The values depend on the tensor's place
/// in the network only, not on the layout; variances are positive.
std::vector<NamedTensor> makeTensors(const NetworkSpec &network,
                                     llvm::StringRef layout, Form form);

/// A network small enough for tests, with every kind of block: {"stem": 16,
/// "widths": [16, 32, 32, 48], "pairs": [1, 1, 2, 1], "branches": [2, 1, 1, 1],
/// "se_pairs": [0, 0, 1, 0], "classes": 3}.
llvm::StringRef getTinyJson();

//===----------------------------------------------------------------------===//
// Containers
//===----------------------------------------------------------------------===//

/// Zero beyond the eighth byte.
std::string littleEndian(uint64_t value, unsigned width);

/// Length, header and data, whether they fit together or not.
std::string writeSafeTensors(const std::string &header,
                             const std::string &data);
std::string writeSafeTensors(const std::vector<NamedTensor> &tensors);

/// A zip archive. Each field of an entry can be wrong.
struct ZipMember {
  std::string name, data;
  std::optional<uint32_t> crc = {}, size = {}, storedSize = {};
  uint16_t method = 0, flags = 0;
  std::optional<std::string> localName = {};
};
std::string writeZip(const std::vector<ZipMember> &members,
                     const std::string &comment = "");

/// The members of a PyTorch archive, for writeZip.
std::vector<ZipMember>
makeTorchMembers(const std::vector<NamedTensor> &tensors);

std::string writeTorchLegacy(const std::vector<NamedTensor> &tensors);

//===----------------------------------------------------------------------===//
// Pickles, of protocol 2
//===----------------------------------------------------------------------===//

namespace pickled {

std::string string(llvm::StringRef text);
std::string integer(int64_t value);
std::string tuple(const std::vector<std::string> &items);
std::string dict(const std::vector<std::pair<std::string, std::string>> &items);
std::string global(llvm::StringRef module, llvm::StringRef name);
/// `callee` called with the tuple `args`.
std::string call(const std::string &callee, const std::string &args);
std::string storage(llvm::StringRef type, llvm::StringRef key, int64_t count,
                    bool isLegacy = false);
std::string tensor(const std::string &storage, int64_t offset,
                   const std::vector<int64_t> &shape,
                   const std::vector<int64_t> &strides);
/// Header, `body`, STOP.
std::string pickle(const std::string &body);

} // namespace pickled
} // namespace mobileone

#endif // MOBILEONE_TEST_COMPILER_IMPORT_CHECKPOINTWRITER_H
