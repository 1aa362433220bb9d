// Reads safetensors: a length, a JSON header, the bytes of the tensors.
#include "compiler/Import/Checkpoint.h"
#include "compiler/Import/JsonText.h"
#include "compiler/Import/Refusal.h"
#include "llvm/Support/Endian.h"

using namespace llvm;
using namespace mobileone;

static constexpr StringLiteral kHeader = "header";

/// A JSON tree takes some twenty times the text's memory. MobileOne's longest
/// header has 170 KB.
static constexpr uint64_t kMaxHeaderBytes = 4 << 20;

/// Header, tensor, shape.
static constexpr size_t kMaxDepth = 3;

/// An array of non-negative integers.
static std::optional<SmallVector<int64_t, 4>>
getSizes(const json::Array *array) {
  if (!array)
    return std::nullopt;
  SmallVector<int64_t, 4> sizes;
  for (const json::Value &value : *array) {
    std::optional<int64_t> size = value.getAsInteger();
    if (!size || *size < 0)
      return std::nullopt;
    sizes.push_back(*size);
  }
  return sizes;
}

namespace {
/// The bytes of a tensor, whatever their type.
struct Range {
  StringRef name, bytes;
};
} // namespace

/// Reads one entry of the header into `dict`, and its place into `ranges`.
static Error readEntry(StringRef name, const json::Value &value, StringRef data,
                       StateDict &dict, std::vector<Range> &ranges) {
  const json::Object *entry = value.getAsObject();
  if (!entry)
    return refuse(name, "expects an object, but got another JSON value");
  std::optional<StringRef> typeName = entry->getString("dtype");
  std::optional<SmallVector<int64_t, 4>> shape =
      getSizes(entry->getArray("shape"));
  std::optional<SmallVector<int64_t, 4>> range =
      getSizes(entry->getArray("data_offsets"));
  if (!typeName || !shape || !range || range->size() != 2)
    return refuse(name, "expects 'dtype', a 'shape' of sizes and two "
                        "'data_offsets', but got something else");
  int64_t begin = (*range)[0], end = (*range)[1];
  if (begin > end)
    return refuse(name, "expects a range that begins before it ends, but got " +
                            Twine(begin) + ".." + Twine(end));
  if (static_cast<uint64_t>(end) > data.size())
    return refuse(name, "expects a range inside the file's " +
                            Twine(data.size()) +
                            " bytes of data, but got one that ends past the "
                            "file, at " +
                            Twine(end));
  ranges.push_back({name, data.slice(begin, end)});
  const ElementType *type = ElementType::findSafeTensors(*typeName);
  if (!type) {
    // Of a tensor beside the network it does not matter.
    dict.faults.push_back(
        {name.str(),
         (name + ": expects a known element type, but got " + *typeName).str(),
         /*isTensor=*/true});
    return Error::success();
  }
  Expected<int64_t> count = countElements(name, *shape);
  if (!count)
    return count.takeError();
  // Compares counts, since bytes might overflow.
  int64_t bytes = end - begin;
  if (bytes % type->byteWidth != 0 || bytes / type->byteWidth != *count)
    return refuse(name, "expects " + Twine(*count) + " elements of " +
                            type->name + " (" + Twine(type->byteWidth) +
                            " bytes each, shape " + formatShape(*shape) +
                            "), but got a range of " + Twine(bytes) + " bytes");
  Expected<Tensor> tensor =
      createTensor(name, *type, *shape, getDenseStrides(*shape),
                   /*offset=*/0, ranges.back().bytes);
  if (!tensor)
    return tensor.takeError();
  dict.tensors.push_back(std::move(*tensor));
  return Error::success();
}

/// Every byte of the data belongs to exactly one tensor.
static Error checkCoverage(std::vector<Range> ranges, StringRef data) {
  // Where two begin together the one without bytes stands first.
  llvm::sort(ranges, [](const Range &a, const Range &b) {
    return std::tuple(a.bytes.data(), a.bytes.size(), a.name) <
           std::tuple(b.bytes.data(), b.bytes.size(), b.name);
  });
  size_t covered = 0;
  for (const Range &range : ranges) {
    size_t begin = range.bytes.data() - data.data();
    if (begin < covered)
      return refuse(range.name, "expects bytes of its own, but got a range "
                                "from " +
                                    Twine(begin) +
                                    " that overlaps another up to " +
                                    Twine(covered));
    if (begin > covered)
      return refuse(range.name, "expects no gap before its bytes, but got "
                                "bytes " +
                                    Twine(covered) + ".." + Twine(begin) +
                                    " that belong to no tensor");
    covered += range.bytes.size();
  }
  if (covered < data.size())
    return refuse("", "expects the last tensor to end the file, but got " +
                          Twine(data.size() - covered) + " bytes after it");
  return Error::success();
}

Expected<std::vector<StateDict>> mobileone::readSafeTensors(StringRef file) {
  if (file.size() < sizeof(uint64_t))
    return refuse("", "expects the 8-byte header length of safetensors, but "
                      "got a file of " +
                          Twine(file.size()) + " bytes");
  uint64_t length = support::endian::read64le(file.data());
  StringRef rest = file.drop_front(sizeof(uint64_t));
  if (length > rest.size())
    return refuse(kHeader, "expects a length inside the file (" +
                               Twine(rest.size()) + " bytes follow), but got " +
                               Twine(length) +
                               " (neither safetensors nor a PyTorch file?)");
  if (length > kMaxHeaderBytes)
    return refuse(kHeader, "expects at most " + Twine(kMaxHeaderBytes) +
                               " bytes, but got " + Twine(length));
  StringRef text = rest.take_front(length), data = rest.drop_front(length);
  Expected<json::Value> header = parseJson(kHeader, text, kMaxDepth);
  if (!header)
    return header.takeError();
  const json::Object *entries = header->getAsObject();
  if (!entries)
    return refuse(kHeader, "expects a JSON object, but got another value");

  std::vector<StateDict> dicts(1);
  std::vector<Range> ranges;
  for (const auto &[key, value] : *entries) {
    if (key == "__metadata__")
      continue;
    if (Error error = readEntry(key, value, data, dicts.front(), ranges))
      return std::move(error);
  }
  // The header is a hash table, which has lost the order of the file: that of
  // the data is left.
  llvm::sort(dicts.front().tensors, [](const Tensor &a, const Tensor &b) {
    return std::tuple(a.storage.data(), StringRef(a.name)) <
           std::tuple(b.storage.data(), StringRef(b.name));
  });
  llvm::sort(dicts.front().faults,
             [](const Fault &a, const Fault &b) { return a.name < b.name; });
  if (Error error = checkCoverage(std::move(ranges), data))
    return std::move(error);
  return dicts;
}
