// Streams of PyTorch before 1.6.
#include "TestImport.h"

#include "CheckpointWriter.h"

using namespace mobileone;

static llvm::Expected<std::vector<Tensor>> read(std::string stream) {
  static std::string kept;
  kept = std::move(stream);
  return takeTensors(readTorchLegacy(kept));
}

static const char *const kMagic =
    "\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";

/// A stream up to and including the system information.
static std::string begin(const std::string &magic = kMagic,
                         int64_t protocol = 1001,
                         const std::string &littleEndian = "\x88") {
  return pickled::pickle(magic) + pickled::pickle(pickled::integer(protocol)) +
         pickled::pickle(
             pickled::dict({{pickled::string("little_endian"), littleEndian}}));
}

/// A state dict with a tensor for each storage.
static std::string stateDict(const std::vector<std::string> &storages) {
  std::vector<std::pair<std::string, std::string>> items;
  for (const std::string &storage : storages)
    items.emplace_back(pickled::string("t" + std::to_string(items.size())),
                       pickled::tensor(storage, 0, {1}, {1}));
  return pickled::pickle(pickled::dict(items));
}

static std::string oneFloat(const char *key) {
  return pickled::storage("FloatStorage", key, 1, /*isLegacy=*/true);
}

TEST(TorchLegacy, tensors_point_into_the_stream) {
  auto tensors =
      read(writeTorchLegacy({{"a", {2}, {1, 2}}, {"b", {1, 1}, {3}}}));
  ASSERT_TRUE(static_cast<bool>(tensors))
      << llvm::toString(tensors.takeError());
  ASSERT_EQ(tensors->size(), 2u);
  std::vector<float> scratch;
  EXPECT_EQ(readElements((*tensors)[0], scratch).vec(),
            (std::vector<float>{1, 2}));
  EXPECT_EQ(readElements((*tensors)[1], scratch).vec(),
            (std::vector<float>{3}));
}

TEST(TorchLegacy, protocols_0_and_1_write_the_magic_number_in_digits) {
  std::string stream = writeTorchLegacy({{"a", {2}, {1, 2}}});
  std::string binary = pickled::pickle(kMagic);
  ASSERT_EQ(stream.find(binary), 0u);
  stream.replace(0, binary.size(), "L119547037146038801333356L\n.");
  EXPECT_TRUE(isCheckpoint(stream));
  // Such a file may begin with nothing but text.
  EXPECT_TRUE(isCheckpoint(stream.substr(0, 27)));
  auto tensors = takeTensors(readCheckpoint(stream));
  EXPECT_TRUE(static_cast<bool>(tensors))
      << llvm::toString(tensors.takeError());
}

TEST(TorchLegacy, storages_of_every_element_type_are_passed) {
  const std::pair<const char *, size_t> types[] = {
      {"BFloat16Storage", 2},       {"HalfStorage", 2},
      {"BoolStorage", 1},           {"ComplexFloatStorage", 8},
      {"ComplexDoubleStorage", 16}, {"QInt8Storage", 1},
      {"QUInt8Storage", 1},         {"QInt32Storage", 4},
      {"QUInt4x2Storage", 1},       {"QUInt2x4Storage", 1},
      {"UntypedStorage", 1}};
  for (auto [type, bytes] : types) {
    auto tensors =
        read(begin() +
             stateDict({pickled::storage(type, "0", 1, /*isLegacy=*/true),
                        oneFloat("1")}) +
             pickled::pickle("](" + pickled::string("0") +
                             pickled::string("1") + "e") +
             littleEndian(1, 8) + std::string(bytes, 'x') + littleEndian(1, 8) +
             "1234");
    EXPECT_TRUE(static_cast<bool>(tensors))
        << type << ": " << llvm::toString(tensors.takeError());
  }
}

TEST(TorchLegacy, other_streams_are_refused) {
  expectRefusal(read("\x80\2N."), {"magic number: ", "None"});
  expectRefusal(read(begin("\x8a\x0a" + std::string(10, '\1'))),
                {"magic number: ", "large integer"});
  expectRefusal(read(begin(kMagic, 1000)), {"protocol version: ", "1001"});
  expectRefusal(read(begin(kMagic, 1001, "\x89")),
                {"system information: ", "False"});
  expectRefusal(read(begin(kMagic, 1001, "N")),
                {"system information: ", "None"});
  expectRefusal(read(begin()), {"state dict: ", "STOP"});
}

TEST(TorchLegacy, damaged_storages_are_refused) {
  std::string whole = writeTorchLegacy({{"a", {2}, {1, 2}}});
  expectRefusal(read(whole + "x"), {"1 bytes after it"});
  expectRefusal(read(whole.substr(0, whole.size() - 1)),
                {"storage '0': ", "expects 8 bytes", "after 7"});
  expectRefusal(read(whole.substr(0, whole.size() - 9)),
                {"storage '0': ", "element count"});
  whole[whole.size() - 16] = 3;
  expectRefusal(read(whole), {"storage '0': ", "2 elements", "got 3"});

  std::string keys = pickled::string("0"), one = littleEndian(1, 8) + "1234";
  expectRefusal(
      read(begin() + stateDict({oneFloat("0")}) + pickled::pickle("N")),
      {"storage keys: ", "a list"});
  expectRefusal(
      read(begin() + stateDict({oneFloat("0")}) + pickled::pickle("](K\1e")),
      {"storage keys: ", "integer 1"});
  expectRefusal(read(begin() + stateDict({oneFloat("1")}) +
                     pickled::pickle("](" + keys + "e") + one),
                {"storage keys: ", "'0'"});
  expectRefusal(read(begin() + stateDict({oneFloat("0")}) +
                     pickled::pickle("](" + keys + keys + "e") + one + one),
                {"storage '0': ", "twice"});
  expectRefusal(read(begin() + stateDict({oneFloat("0"), oneFloat("1")}) +
                     pickled::pickle("](" + keys + "e") + one),
                {"storage '1': ", "its bytes"});
  expectRefusal(
      read(begin() +
           stateDict({oneFloat("0"), pickled::storage("FloatStorage", "0", 2,
                                                      /*isLegacy=*/true)}) +
           pickled::pickle("](" + keys + "e") + one),
      {"storage '0': ", "got two"});
}
