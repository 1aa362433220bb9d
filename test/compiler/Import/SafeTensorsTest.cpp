// The safetensors container.
#include "TestImport.h"

#include "CheckpointWriter.h"

using namespace mobileone;

static llvm::Expected<std::vector<Tensor>>
readHeader(const std::string &header, const std::string &data = "") {
  // Names are copied, data is not: keep it until the next call.
  static std::string file;
  file = writeSafeTensors(header, data);
  return takeTensors(readSafeTensors(file));
}

/// The header of one tensor.
static std::string one(const std::string &type, const std::string &shape,
                       const std::string &range) {
  return R"({"a":{"dtype":")" + type + R"(","shape":)" + shape +
         R"(,"data_offsets":)" + range + "}}";
}

TEST(SafeTensors, tensors_come_in_the_order_of_their_data) {
  auto tensors = readHeader(
      R"( {"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
      R"("__metadata__":{"format":"pt"},)"
      R"("a":{"dtype":"I64","shape":[],"data_offsets":[8,16]},)"
      R"("caf\u00e9":{"dtype":"F16","shape":[0,3],"data_offsets":[8,8]}} )",
      std::string(16, '\1'));
  ASSERT_TRUE(static_cast<bool>(tensors))
      << llvm::toString(tensors.takeError());
  ASSERT_EQ(tensors->size(), 3u);
  EXPECT_EQ((*tensors)[0].name, "b");
  EXPECT_EQ((*tensors)[1].name, "a");
  EXPECT_EQ((*tensors)[1].elementType->name, "i64");
  EXPECT_EQ((*tensors)[1].elementCount, 1);
  // Where two begin together, by name.
  EXPECT_EQ((*tensors)[2].name, "caf\xc3\xa9");
  EXPECT_EQ((*tensors)[2].elementCount, 0);
}

TEST(SafeTensors, a_header_without_tensors_is_read) {
  auto tensors = readHeader("{}");
  ASSERT_TRUE(static_cast<bool>(tensors));
  EXPECT_TRUE(tensors->empty());
}

TEST(SafeTensors, entries_of_another_form_are_refused) {
  std::string data(8, '\0');
  expectRefusal(readHeader(R"({"a":1})"), {"a: ", "an object"});
  expectRefusal(readHeader(R"({"a":{}})"), {"a: ", "'dtype'"});
  expectRefusal(readHeader(one("F32", "[-2]", "[0,8]"), data), {"sizes"});
  expectRefusal(readHeader(one("F32", "[1.5]", "[0,8]"), data), {"sizes"});
  expectRefusal(readHeader(one("F32", "2", "[0,8]"), data), {"sizes"});
  expectRefusal(readHeader(one("F32", "[2]", "[0]"), data), {"data_offsets"});
  expectRefusal(readHeader(one("F32", "[2]", "[0,8,8]"), data),
                {"data_offsets"});
  expectRefusal(readHeader(one("F32", "[2]", "[8,0]"), data), {"8..0"});
  expectRefusal(readHeader(one("F32", "[2]", "[8,16]"), data),
                {"past the file"});
  expectRefusal(readHeader(one("Q4", "[2]", "[0,8]"), data),
                {"element type", "Q4"});
  expectRefusal(readHeader(one("F32", "[1]", "[0,7]"), data),
                {"1 elements of f32", "7 bytes"});
  // 2^62 elements of 4 bytes are 2^64 bytes, which would wrap to 0.
  expectRefusal(readHeader(one("F32", "[4611686018427387904]", "[0,0]")),
                {"4611686018427387904 elements"});
}

TEST(SafeTensors, unknown_types_are_faults_of_their_tensors) {
  auto read = [](const char *range) {
    static std::string file;
    file = writeSafeTensors(
        R"({"a":{"dtype":"F4","shape":[4],"data_offsets":)" +
            std::string(range) +
            R"(},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}})",
        "xyz");
    return readSafeTensors(file);
  };
  llvm::Expected<std::vector<StateDict>> dicts = read("[0,2]");
  ASSERT_TRUE(static_cast<bool>(dicts)) << llvm::toString(dicts.takeError());
  ASSERT_EQ(dicts->front().tensors.size(), 1u);
  EXPECT_EQ(dicts->front().tensors.front().name, "b");
  ASSERT_EQ(dicts->front().faults.size(), 1u);
  EXPECT_EQ(dicts->front().faults.front().message,
            "a: expects a known element type, but got F4");
  EXPECT_TRUE(dicts->front().faults.front().isTensor);
  // Its bytes are its own all the same.
  expectRefusal(read("[0,1]"), {"b: ", "no gap"});
  expectRefusal(read("[0,3]"), {"b: ", "overlaps"});
  expectRefusal(read("[0,4]"), {"a: ", "past the file"});
}

TEST(SafeTensors, headers_of_another_form_are_refused) {
  expectRefusal(readHeader("7"), {"header: ", "JSON object"});
  expectRefusal(readHeader("{"), {"header: ", "valid JSON"});
  expectRefusal(readHeader("\"a"), {"header: ", "valid JSON"});
  expectRefusal(readHeader("\"\\"), {"header: ", "valid JSON"});
  expectRefusal(readHeader(R"({"a":{"dtype":"F32","dtype":"F16"}})"),
                {"dtype: ", "twice"});
  expectRefusal(readHeader("{\"a\":[[[[]]]]}"), {"too deeply"});
  expectRefusal(readHeader(std::string((4 << 20) + 1, ' ')),
                {"header: ", "at most 4194304"});
  // Equal keys may differ in their text.
  expectRefusal(
      readHeader(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                 R"("\u0061":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
                 "xx"),
      {"a: ", "twice"});
}

TEST(SafeTensors, a_length_may_look_like_the_magic_of_another_container) {
  // 0x80 begins a pickle, "PK" a zip archive, '<' a web page.
  for (size_t length : {0x80, 0x4b50, 0x3c}) {
    std::string header = "{}";
    header.resize(length, ' ');
    std::string file = writeSafeTensors(header, "");
    EXPECT_TRUE(isCheckpoint(file));
    auto tensors = readCheckpoint(file);
    EXPECT_TRUE(static_cast<bool>(tensors))
        << llvm::toString(tensors.takeError());
  }
}
