// The writers know nothing of the readers' code but the list of slots.
#include "CheckpointWriter.h"

#include "compiler/Import/Tensor.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CRC.h"
#include <cassert>

using namespace llvm;
using namespace mobileone;

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

std::vector<NamedTensor> mobileone::makeTensors(const NetworkSpec &network,
                                                StringRef layout, Form form) {
  std::vector<NamedTensor> tensors;
  for (const KeyLayout &candidate : getLayouts()) {
    if (candidate.name != layout)
      continue;
    for (const Slot &slot : listSlots(network, candidate, form)) {
      NamedTensor tensor{slot.key, {slot.shape.begin(), slot.shape.end()}, {}};
      int64_t count = 1;
      for (int64_t extent : tensor.shape)
        count *= extent;
      uint32_t state = crc32(arrayRefFromStringRef(slot.name));
      for (int64_t i = 0; i < count; ++i) {
        state = state * 1664525 + 1013904223;
        // Sixteenths in 0..4, and above 0 as variances must be.
        tensor.values.push_back(static_cast<float>((state >> 26) + 1) / 16);
      }
      tensors.push_back(std::move(tensor));
    }
  }
  assert(!tensors.empty() && "a layout of this name");
  return tensors;
}

StringRef mobileone::getTinyJson() {
  return R"({"stem": 16, "widths": [16, 32, 32, 48], "pairs": [1, 1, 2, 1],
             "branches": [2, 1, 1, 1], "se_pairs": [0, 0, 1, 0],
             "classes": 3})";
}

std::string mobileone::littleEndian(uint64_t value, unsigned width) {
  std::string bytes;
  for (unsigned i = 0; i < width; ++i, value >>= 8)
    bytes += static_cast<char>(value);
  return bytes;
}

static std::string getBytes(const NamedTensor &tensor) {
  std::string bytes;
  for (float value : tensor.values)
    bytes += littleEndian(bit_cast<uint32_t>(value), 4);
  return bytes;
}

//===----------------------------------------------------------------------===//
// Safetensors
//===----------------------------------------------------------------------===//

std::string mobileone::writeSafeTensors(const std::string &header,
                                        const std::string &data) {
  return littleEndian(header.size(), 8) + header + data;
}

std::string
mobileone::writeSafeTensors(const std::vector<NamedTensor> &tensors) {
  std::string header = "{", data;
  for (const NamedTensor &tensor : tensors) {
    std::string bytes = getBytes(tensor);
    auto sizes = map_range(tensor.shape,
                           [](int64_t size) { return std::to_string(size); });
    header += (header.size() > 1 ? ",\"" : "\"") + tensor.name +
              R"(":{"dtype":"F32","shape":[)" + join(sizes, ",") +
              R"(],"data_offsets":[)" + std::to_string(data.size()) + "," +
              std::to_string(data.size() + bytes.size()) + "]}";
    data += bytes;
  }
  header += "}";
  header.resize(alignTo(header.size(), 8), ' ');
  return writeSafeTensors(header, data);
}

//===----------------------------------------------------------------------===//
// Zip
//===----------------------------------------------------------------------===//

std::string mobileone::writeZip(const std::vector<ZipMember> &members,
                                const std::string &comment) {
  std::string body, directory;
  for (const ZipMember &member : members) {
    std::string sizes =
        littleEndian(
            member.crc.value_or(crc32(arrayRefFromStringRef(member.data))), 4) +
        littleEndian(member.storedSize.value_or(member.data.size()), 4) +
        littleEndian(member.size.value_or(member.data.size()), 4);
    std::string localName = member.localName.value_or(member.name);
    std::string format = littleEndian(20, 2) + littleEndian(member.flags, 2) +
                         littleEndian(member.method, 2) + littleEndian(0, 4);
    directory += "PK\1\2" + littleEndian(20, 2) + format + sizes +
                 littleEndian(member.name.size(), 2) + littleEndian(0, 12) +
                 littleEndian(body.size(), 4) + member.name;
    // Pads the data to a multiple of 64, as PyTorch does.
    std::string local =
        "PK\3\4" + format + sizes + littleEndian(localName.size(), 2);
    size_t begin = body.size() + local.size() + 2 + localName.size() + 4;
    size_t padding = alignTo(begin, 64) - begin;
    body += local + littleEndian(padding + 4, 2) + localName + "FB" +
            littleEndian(padding, 2) + std::string(padding, 'Z') + member.data;
  }
  return body + directory + "PK\5\6" + littleEndian(0, 4) +
         littleEndian(members.size(), 2) + littleEndian(members.size(), 2) +
         littleEndian(directory.size(), 4) + littleEndian(body.size(), 4) +
         littleEndian(comment.size(), 2) + comment;
}

/// {name: tensor, ...}, each in a storage named by its number.
static std::string pickleTensors(const std::vector<NamedTensor> &tensors,
                                 bool isLegacy) {
  std::vector<std::pair<std::string, std::string>> items;
  for (auto [i, tensor] : enumerate(tensors)) {
    SmallVector<int64_t, 4> strides = getDenseStrides(tensor.shape);
    items.emplace_back(
        pickled::string(tensor.name),
        pickled::tensor(pickled::storage("FloatStorage", std::to_string(i),
                                         tensor.values.size(), isLegacy),
                        /*offset=*/0, tensor.shape,
                        {strides.begin(), strides.end()}));
  }
  return pickled::pickle(pickled::dict(items));
}

std::vector<ZipMember>
mobileone::makeTorchMembers(const std::vector<NamedTensor> &tensors) {
  std::vector<ZipMember> members;
  members.push_back(
      {"archive/data.pkl", pickleTensors(tensors, /*isLegacy=*/false)});
  members.push_back({"archive/byteorder", "little"});
  for (auto [i, tensor] : enumerate(tensors))
    members.push_back({"archive/data/" + std::to_string(i), getBytes(tensor)});
  members.push_back({"archive/version", "3\n"});
  return members;
}

std::string
mobileone::writeTorchLegacy(const std::vector<NamedTensor> &tensors) {
  std::string keys, data;
  for (auto [i, tensor] : enumerate(tensors)) {
    keys += pickled::string(std::to_string(i));
    data += littleEndian(tensor.values.size(), 8) + getBytes(tensor);
  }
  return pickled::pickle("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19") +
         pickled::pickle(pickled::integer(1001)) +
         pickled::pickle(
             pickled::dict({{pickled::string("little_endian"), "\x88"}})) +
         pickleTensors(tensors, /*isLegacy=*/true) +
         pickled::pickle("](" + keys + "e") + data;
}

//===----------------------------------------------------------------------===//
// Pickles
//===----------------------------------------------------------------------===//

std::string pickled::string(StringRef text) {
  return "X" + littleEndian(text.size(), 4) + text.str();
}

std::string pickled::integer(int64_t value) {
  return "\x8a\x08" + littleEndian(static_cast<uint64_t>(value), 8);
}

std::string pickled::tuple(const std::vector<std::string> &items) {
  return "(" + join(items, "") + "t";
}

std::string
pickled::dict(const std::vector<std::pair<std::string, std::string>> &items) {
  std::string text = "}(";
  for (const auto &[key, value] : items)
    text += key + value;
  return text + "u";
}

std::string pickled::global(StringRef module, StringRef name) {
  return ("c" + module + "\n" + name + "\n").str();
}

std::string pickled::call(const std::string &callee, const std::string &args) {
  return callee + args + "R";
}

std::string pickled::storage(StringRef type, StringRef key, int64_t count,
                             bool isLegacy) {
  std::vector<std::string> id = {string("storage"), global("torch", type),
                                 string(key), string("cpu"), integer(count)};
  if (isLegacy)
    id.push_back("N");
  return tuple(id) + "Q";
}

std::string pickled::tensor(const std::string &storage, int64_t offset,
                            const std::vector<int64_t> &shape,
                            const std::vector<int64_t> &strides) {
  auto sizes = [](const std::vector<int64_t> &values) {
    std::vector<std::string> items;
    for (int64_t value : values)
      items.push_back(integer(value));
    return tuple(items);
  };
  std::string hooks = call(global("collections", "OrderedDict"), ")");
  return call(global("torch._utils", "_rebuild_tensor_v2"),
              tuple({storage, integer(offset), sizes(shape), sizes(strides),
                     "\x89", hooks}));
}

std::string pickled::pickle(const std::string &body) {
  return "\x80\x02" + body + ".";
}
