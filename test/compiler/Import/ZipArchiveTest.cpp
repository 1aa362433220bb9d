// The zip container, and the records of PyTorch in it.
#include "TestImport.h"

#include "CheckpointWriter.h"
#include "compiler/Import/ZipArchive.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CRC.h"

using namespace mobileone;
using llvm::StringRef;

/// The data of the first member of an archive written from `members`.
static llvm::Expected<std::string>
readFirst(const std::vector<ZipMember> &members) {
  std::string file = writeZip(members);
  llvm::Expected<ZipArchive> archive = ZipArchive::open(file);
  if (!archive)
    return archive.takeError();
  llvm::Expected<StringRef> data = archive->read(archive->getEntries().front());
  if (!data)
    return data.takeError();
  return data->str();
}

static llvm::Expected<ZipArchive> open(std::string file) {
  static std::string kept;
  kept = std::move(file);
  return ZipArchive::open(kept);
}

static NamedTensor getTensor() { return {"a", {2}, {1, 2}}; }

/// The error of an archive in which one member is replaced, or added.
static llvm::Expected<std::vector<Tensor>> readWith(const ZipMember &changed) {
  static std::string file;
  std::vector<ZipMember> members = makeTorchMembers({getTensor()});
  bool isNew = true;
  for (ZipMember &member : members)
    if (member.name == changed.name) {
      member = changed;
      isNew = false;
    }
  if (isNew)
    members.push_back(changed);
  file = writeZip(members);
  return takeTensors(readTorchZip(file));
}

static llvm::Expected<std::vector<Tensor>>
readPickled(const std::string &body) {
  return readWith({"archive/data.pkl", pickled::pickle(body)});
}

TEST(ZipArchive, entries_are_found_by_name) {
  std::string file = writeZip({{"x", "first"}, {"y", ""}}, "a comment PK\5\6");
  llvm::Expected<ZipArchive> archive = ZipArchive::open(file);
  ASSERT_TRUE(static_cast<bool>(archive))
      << llvm::toString(archive.takeError());
  EXPECT_EQ(archive->getEntries().size(), 2u);
  EXPECT_EQ(archive->find("z"), nullptr);
  ASSERT_NE(archive->find("x"), nullptr);
  llvm::Expected<StringRef> data = archive->read(*archive->find("x"));
  ASSERT_TRUE(static_cast<bool>(data));
  EXPECT_EQ(*data, "first");
}

TEST(ZipArchive, damaged_entries_are_refused_by_name) {
  expectRefusal(readFirst({{"x", "data", /*crc=*/1}}), {"x: ", "CRC mismatch"});
  ZipMember member{"x", "data"};
  member.method = 8;
  expectRefusal(readFirst({member}), {"x: ", "compressed by method 8"});
  member.method = 0;
  member.flags = 1;
  expectRefusal(readFirst({member}), {"x: ", "encrypted"});
  member.flags = 0;
  member.localName = "y";
  expectRefusal(readFirst({member}), {"x: ", "header at byte 0"});
  member.localName.reset();
  member.size = 5;
  expectRefusal(readFirst({member}), {"x: ", "expects 5 stored bytes"});
  member.size = member.storedSize = 1000;
  expectRefusal(readFirst({member}), {"x: ", "inside the file"});
  expectRefusal(readFirst({{"x", "1"}, {"x", "2"}}), {"x: ", "two"});
}

TEST(ZipArchive, damaged_directories_are_refused) {
  std::string whole = writeZip({{"x", "data"}});
  size_t end = whole.size() - 22, directory = whole.find("PK\1\2");
  expectRefusal(open("PK"), {"central directory"});
  expectRefusal(open(whole.substr(0, whole.size() - 1)), {"cut short"});
  // What stands behind the end is no damage.
  EXPECT_TRUE(static_cast<bool>(open(whole + "\n")));
  EXPECT_TRUE(static_cast<bool>(open(whole + std::string(0xffff, '\0'))));
  // PyTorch looks no further, either.
  expectRefusal(open(whole + std::string(0x10000, '\0')), {"cut short"});
  expectRefusal(open(whole.substr(0, directory)), {"cut short"});
  std::string changed = whole;
  changed[directory] = 'Q';
  expectRefusal(open(changed), {"zip directory: ", "signature of entry 0"});
  changed = whole;
  changed[end + 10] = 2; // entries, of which there is room for one
  expectRefusal(open(changed), {"zip directory: ", "2 entries"});
  changed = whole;
  changed[end + 16] = 120; // offset
  expectRefusal(open(changed), {"zip directory: "});
  changed = whole;
  changed[directory + 28] = 100; // length of the name
  expectRefusal(open(changed), {"zip directory: ", "its end after 0"});
}

TEST(ZipArchive, zip64_records_are_followed) {
  // One entry whose sizes and place stand in the extra field.
  std::string data = "data";
  std::string crc =
      littleEndian(llvm::crc32(llvm::arrayRefFromStringRef(data)), 4);
  std::string body = "PK\3\4" + littleEndian(0, 10) + crc +
                     littleEndian(-1, 8) + littleEndian(1, 2) +
                     littleEndian(0, 2) + "x" + data;
  std::string extra = littleEndian(7, 2) + littleEndian(1, 2) + "?" +
                      littleEndian(1, 2) + littleEndian(24, 2) +
                      littleEndian(4, 8) + littleEndian(4, 8) +
                      littleEndian(0, 8);
  std::string directory = "PK\1\2" + littleEndian(0, 12) + crc +
                          littleEndian(-1, 8) + littleEndian(1, 2) +
                          littleEndian(extra.size(), 2) + littleEndian(0, 10) +
                          littleEndian(0xffffffff, 4) + "x" + extra;
  std::string end64 = "PK\6\6" + littleEndian(44, 8) + littleEndian(0, 12) +
                      littleEndian(1, 8) + littleEndian(1, 8) +
                      littleEndian(directory.size(), 8) +
                      littleEndian(body.size(), 8);
  auto locate = [&](uint64_t at) {
    return "PK\6\7" + littleEndian(0, 4) + littleEndian(at, 8) +
           littleEndian(1, 4);
  };
  std::string end = "PK\5\6" + littleEndian(0, 4) + littleEndian(-1, 8) +
                    littleEndian(-1, 4) + littleEndian(0, 2);
  std::string front = body + directory;
  auto archive = open(front + end64 + locate(front.size()) + end);
  ASSERT_TRUE(static_cast<bool>(archive))
      << llvm::toString(archive.takeError());
  llvm::Expected<StringRef> read = archive->read(*archive->find("x"));
  ASSERT_TRUE(static_cast<bool>(read)) << llvm::toString(read.takeError());
  EXPECT_EQ(*read, data);
  expectRefusal(open(front + end64 + locate(1) + end), {"zip64 record", "1"});
  expectRefusal(open(front + end64 + locate(-1) + end), {"zip64 record"});
}

TEST(TorchZip, a_tensor_points_into_the_file) {
  std::string file = writeZip(makeTorchMembers({getTensor()}));
  auto tensors = takeTensors(readTorchZip(file));
  ASSERT_TRUE(static_cast<bool>(tensors))
      << llvm::toString(tensors.takeError());
  ASSERT_EQ(tensors->size(), 1u);
  EXPECT_EQ(tensors->front().name, "a");
  EXPECT_GE(tensors->front().storage.data(), file.data());
  EXPECT_LT(tensors->front().storage.data(), file.data() + file.size());
}

TEST(TorchZip, archives_of_another_kind_are_refused) {
  expectRefusal(readTorchZip(writeZip({{"a/version", "3"}})), {"no data.pkl"});
  // The root folder has one level; PyTorch finds no other either.
  expectRefusal(readTorchZip(writeZip({{"a/b/data.pkl", ""}})),
                {"no data.pkl"});
  expectRefusal(readTorchZip(writeZip({{"a.npy", ""}})),
                {"no data.pkl", "NumPy arrays"});
  expectRefusal(readTorchZip(writeZip({{"model.weights.h5", ""}})),
                {"no data.pkl", "Keras"});
  expectRefusal(readTorchZip(writeZip({{"x.mlpackage/Data/x.mlmodel", ""}})),
                {"no data.pkl", "Core ML"});
  expectRefusal(readTorchZip(writeZip({{"best.pth", ""}})),
                {"no data.pkl", "unpack it"});
  expectRefusal(readWith({"other/data.pkl", "."}), {"several"});
  expectRefusal(readWith({"archive/constants.pkl", ""}), {"TorchScript"});
  expectRefusal(readWith({"archive/code/model.py", ""}), {"TorchScript"});
  expectRefusal(readWith({"archive/version", "11\n"}), {"up to 10", "11"});
  expectRefusal(readWith({"archive/version", "new"}), {"up to 10", "new"});
  expectRefusal(readWith({"archive/byteorder", "big"}), {"little", "big"});
  expectRefusal(readWith({"archive/data/0", "12345678", /*crc=*/0}),
                {"archive/data/0: ", "CRC"});
  expectRefusal(readWith({"archive/data/0", "1234567"}),
                {"archive/data/0: ", "8 bytes (2 elements of f32)", "got 7"});
}

TEST(StateDict, networks_are_found_at_any_depth) {
  std::string stem =
      pickled::tensor(pickled::storage("FloatStorage", "0", 2), 0, {2}, {1});
  std::string network =
      pickled::dict({{pickled::string("stage0.reparam_conv.weight"), stem}});
  auto wrap = [](const char *key, const std::string &value) {
    return pickled::dict({{pickled::string(key), value}});
  };
  auto listPaths = [](const std::string &body,
                      std::optional<StringRef> key = std::nullopt) {
    std::vector<ZipMember> members = makeTorchMembers({getTensor()});
    members.front().data = pickled::pickle(body);
    std::string file = writeZip(members);
    std::string paths;
    llvm::Expected<std::vector<StateDict>> dicts = readTorchZip(file, key);
    if (!dicts)
      return llvm::toString(dicts.takeError());
    for (const StateDict &dict : *dicts)
      paths += "<" + dict.path + ">";
    return paths;
  };
  EXPECT_EQ(listPaths(network), "<>");
  EXPECT_EQ(listPaths(wrap("net", network)), "<net>");
  EXPECT_EQ(listPaths(wrap("a", wrap("b", network))), "<a/b>");
  EXPECT_EQ(listPaths(wrap("models", "](" + network + network + "e")),
            "<models/0><models/1>");
  EXPECT_EQ(listPaths(pickled::dict({{pickled::string("model"), network},
                                     {pickled::string("log"), "N"},
                                     {pickled::string("ema"), network}})),
            "<model><ema>");
  // Subclasses of dict, as they are pickled by protocols from 2 on and before.
  std::string items =
      "(" + pickled::string("stage0.reparam_conv.weight") + stem + "u";
  EXPECT_EQ(listPaths(pickled::global("my", "Dict") + ")\x81" + items), "<>");
  EXPECT_EQ(
      listPaths(pickled::call(
          pickled::global("copy_reg", "_reconstructor"),
          pickled::tuple({pickled::global("my", "Dict"),
                          pickled::global("__builtin__", "dict"), network}))),
      "<>");
  // An OrderedDict of Python 2.
  EXPECT_EQ(listPaths(pickled::call(
                pickled::global("collections", "OrderedDict"),
                pickled::tuple({"](](" +
                                pickled::string("stage0.reparam_conv.weight") +
                                stem + "ee"}))),
            "<>");
  // An enum beside it, as Python 3.11 pickles its members.
  EXPECT_EQ(listPaths(pickled::dict(
                {{pickled::string("mode"),
                  pickled::call(pickled::global("__builtin__", "getattr"),
                                pickled::tuple({pickled::global("my", "Mode"),
                                                pickled::string("fast")}))},
                 {pickled::string("net"), network}})),
            "<net>");
  // A key that leads to a network finds it among any number of others.
  std::vector<std::pair<std::string, std::string>> many;
  for (int i = 0; i < 70; ++i)
    many.emplace_back(pickled::string("k" + std::to_string(i)), network);
  EXPECT_NE(listPaths(pickled::dict(many)).find("choose one by --key=PATH"),
            std::string::npos);
  EXPECT_EQ(listPaths(pickled::dict(many), "k69"), "<k69>");
  EXPECT_EQ(listPaths(wrap("a", wrap("b", network)), "a.b"), "<a/b>");
  EXPECT_EQ(listPaths(wrap("net", network), "elsewhere"), "<net>");
  // One that contains itself is visited once.
  EXPECT_EQ(listPaths("}2(" + pickled::string("me") + "2" + "u."), "<>");
  // A model instead of its state dict.
  EXPECT_NE(listPaths(wrap("model", pickled::global("my", "Net") + ")\x81"))
                .find("model: expects a state dict, but got an object of "
                      "my.Net (save model.state_dict()"),
            std::string::npos);
}

TEST(StateDict, what_is_no_tensor_is_refused_by_name) {
  auto readValue = [](const std::string &value) {
    return readPickled(pickled::dict({{pickled::string("a"), value}}));
  };
  std::string storage = pickled::storage("FloatStorage", "0", 2);
  std::string v2 = pickled::global("torch._utils", "_rebuild_tensor_v2");
  expectRefusal(readValue("N"), {"a: ", "a tensor", "None"});
  expectRefusal(readValue(v2), {"a: ", "the global torch._utils._rebuild"});
  expectRefusal(readValue(pickled::call(v2, ")")),
                {"a: ", "storage, offset, size and strides"});
  expectRefusal(readValue(pickled::call(
                    v2, pickled::tuple({storage, "K\1", "K\1", "K\1"}))),
                {"a: ", "tuples of up to 8 integers"});
  expectRefusal(readValue(pickled::tensor(storage, 0, std::vector<int64_t>(9),
                                          std::vector<int64_t>(9))),
                {"a: ", "tuples of up to 8 integers"});
  expectRefusal(readValue(pickled::tensor("K\1Q", 0, {2}, {1})),
                {"a: ", "a storage with type"});
  expectRefusal(readValue(pickled::tensor(
                    pickled::storage("QInt9Storage", "0", 2), 0, {2}, {1})),
                {"a: ", "torch.QInt9Storage"});
  expectRefusal(readValue(pickled::tensor(
                    pickled::storage("FloatStorage", "0", -1), 0, {2}, {1})),
                {"a: ", "plausible element count", "-1"});
  expectRefusal(readValue(pickled::tensor(
                    pickled::storage("DoubleStorage", "0", 1), 0, {2}, {1})),
                {"a: ", "past its end"});
  expectRefusal(readValue(pickled::tensor(
                    pickled::storage("FloatStorage", "9", 2), 0, {2}, {1})),
                {"archive/data/9: ", "storage '9'"});
  // An old view of a storage: one more item that is not None.
  expectRefusal(readValue(pickled::tensor(
                    pickled::tuple({pickled::string("storage"),
                                    pickled::global("torch", "FloatStorage"),
                                    pickled::string("0"),
                                    pickled::string("cpu"), "K\2", ")"}) +
                        "Q",
                    0, {2}, {1})),
                {"a: ", "a whole storage"});
}

TEST(StateDict, keys_that_are_long_or_repeated_are_told_once) {
  auto listFaults = [](const std::string &items) {
    std::vector<ZipMember> members = makeTorchMembers({getTensor()});
    members.front().data = pickled::pickle("}(" + items + "u");
    std::string file = writeZip(members);
    std::vector<std::string> messages;
    llvm::Expected<std::vector<StateDict>> dicts = readTorchZip(file);
    EXPECT_TRUE(static_cast<bool>(dicts));
    for (const Fault &fault : dicts->front().faults)
      messages.push_back(fault.message);
    return messages;
  };
  auto repeat = [](const std::string &key) {
    std::string items = pickled::string(key) + "q\1N";
    for (int i = 0; i < 1000; ++i)
      items += "h\1N";
    return items;
  };
  std::vector<std::string> faults = listFaults(repeat("a"));
  ASSERT_EQ(faults.size(), 2u);
  expectWords(faults[0], {"a: expects a tensor, but got None"});
  expectWords(faults[1], {"a: ", "twice"});
  faults = listFaults(repeat(std::string(20'000, 'a')));
  ASSERT_EQ(faults.size(), 2u);
  for (const std::string &fault : faults) {
    EXPECT_LT(fault.size(), 300u);
    expectWords(fault, {"a key of at most 200 characters", "20000"});
  }
}

TEST(StateDict, dicts_of_another_form_are_refused) {
  std::string tensor =
      pickled::tensor(pickled::storage("FloatStorage", "0", 2), 0, {2}, {1});
  // A number is no name of a tensor.
  auto numbered = readPickled(pickled::dict({{"K\1", tensor}}));
  ASSERT_TRUE(static_cast<bool>(numbered));
  EXPECT_TRUE(numbered->empty());
  expectRefusal(readPickled(pickled::dict({{pickled::string("a"), tensor},
                                           {pickled::string("a"), tensor}})),
                {"a: ", "twice"});
  expectRefusal(readPickled(pickled::call(pickled::global("m", "Net"), ")")),
                {"m.Net", "state_dict()"});
}
