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

static Expected<Tensor> readTensor(StringRef name, const json::Value &value,
                                   StringRef data) {
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
  const ElementType *type = ElementType::findSafeTensors(*typeName);
  if (!type)
    return refuse(name, "expects a known element type, but got " + *typeName);
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
  return createTensor(name, *type, *shape, getDenseStrides(*shape),
                      /*offset=*/0, data.slice(begin, end));
}

/// Every byte of the data belongs to exactly one tensor.
static Error checkCoverage(ArrayRef<Tensor> tensors, StringRef data) {
  std::vector<const Tensor *> sorted;
  for (const Tensor &tensor : tensors)
    sorted.push_back(&tensor);
  // Where two begin together the one without bytes stands first.
  llvm::sort(sorted, [](const Tensor *a, const Tensor *b) {
    return std::pair(a->storage.data(), a->storage.size()) <
           std::pair(b->storage.data(), b->storage.size());
  });
  size_t covered = 0;
  for (const Tensor *tensor : sorted) {
    size_t begin = tensor->storage.data() - data.data();
    if (begin < covered)
      return refuse(tensor->name, "expects bytes of its own, but got a range "
                                  "from " +
                                      Twine(begin) +
                                      " that overlaps another up to " +
                                      Twine(covered));
    if (begin > covered)
      return refuse(tensor->name, "expects no gap before its bytes, but got "
                                  "bytes " +
                                      Twine(covered) + ".." + Twine(begin) +
                                      " that belong to no tensor");
    covered += tensor->storage.size();
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

  std::vector<Tensor> tensors;
  for (const auto &[key, value] : *entries) {
    if (key == "__metadata__")
      continue;
    Expected<Tensor> tensor = readTensor(key, value, data);
    if (!tensor)
      return tensor.takeError();
    tensors.push_back(std::move(*tensor));
  }
  // The header is a hash table: give it an order for reproducible messages.
  llvm::sort(tensors,
             [](const Tensor &a, const Tensor &b) { return a.name < b.name; });
  if (Error error = checkCoverage(tensors, data))
    return std::move(error);
  std::vector<StateDict> dicts;
  dicts.push_back({"", std::move(tensors), {}});
  return dicts;
}
