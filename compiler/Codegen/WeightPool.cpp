// The weights of an object as bytes.
#include "compiler/Codegen/WeightPool.h"

#include "compiler/Codegen/BufferAlignment.h"
#include "dialect/IR/Weights.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace mobileone;

FailureOr<int64_t> WeightPool::place(ElementsAttr values) {
  if (auto entry = known.find(values); entry != known.end())
    return entry->second;
  SmallVector<char, 0> packed = packWeights(values);
  StringRef data(packed.data(), packed.size());
  SmallVector<Room, 1> &alike =
      rooms[llvm::xxh3_64bits(ArrayRef(data.bytes_begin(), data.size()))];
  for (const Room &room : alike)
    if (data == StringRef(bytes.data() + room.offset, room.size))
      return known[values] = room.offset;
  auto offset = static_cast<int64_t>(bytes.size());
  if (offset + static_cast<int64_t>(data.size()) > kMaxBytes)
    return failure();
  alike.push_back({offset, static_cast<int64_t>(data.size())});
  bytes.append(data.begin(), data.end());
  bytes.resize(llvm::alignTo(bytes.size(), kBufferAlignment), 0);
  return known[values] = offset;
}
