// Reading and writing .npy files.
#include "tools/Images/Npy.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>

#include <cstring>

using namespace llvm;
using namespace mobileone::images;

namespace {

/// A file that lives as long as the test.
class NpyTest : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(sys::fs::createUniqueDirectory("npy", folder));
    path = (folder + "/x.npy").str();
  }
  void TearDown() override { sys::fs::remove_directories(folder); }

  void write(StringRef content) {
    std::error_code error;
    raw_fd_ostream file(path, error);
    ASSERT_FALSE(error);
    file << content;
  }

  /// What is said about a version 1 file with this header and data.
  std::string readError(StringRef header, StringRef data = "") {
    write(("\x93NUMPY\x01" + StringRef("\0", 1) +
           std::string(1, static_cast<char>(header.size())) +
           StringRef("\0", 1) + header + data)
              .str());
    return readError();
  }

  std::string readError() {
    Expected<NpyArray> array = readNpy(path);
    if (array)
      return "no error";
    StringRef message = path;
    std::string text = toString(array.takeError());
    EXPECT_EQ(text.substr(0, message.size() + 2), (message + ": ").str());
    return text.substr(message.size() + 2);
  }

  SmallString<128> folder;
  std::string path;
};

TEST_F(NpyTest, written_arrays_are_read_back) {
  const std::vector<float> values = {0, -1.5f, 3e38f, 1e-40f, 5, 6};
  write(formatNpy({2, 3}, values));
  Expected<NpyArray> array = readNpy(path);
  ASSERT_TRUE(static_cast<bool>(array));
  EXPECT_FALSE(array->isBytes);
  EXPECT_EQ(ArrayRef<uint64_t>(array->shape), ArrayRef<uint64_t>({2, 3}));
  ASSERT_EQ(array->data.size(), 24u);
  EXPECT_EQ(std::memcmp(array->data.data(), values.data(), 24), 0);
}

// NumPy wants the elements at a multiple of 64 bytes and a newline before them.
TEST_F(NpyTest, elements_start_at_a_multiple_of_64) {
  for (uint64_t size : {1, 1000000000}) {
    write(formatNpy({size, 0, size, size}, {}));
    Expected<NpyArray> array = readNpy(path);
    ASSERT_TRUE(static_cast<bool>(array));
    EXPECT_EQ(array->file->getBufferSize() % 64, 0u);
    EXPECT_EQ(array->file->getBuffer().back(), '\n');
  }
}

TEST_F(NpyTest, numpy_files_are_read) {
  Expected<NpyArray> bytes = readNpy(INPUTS "/bytes-nhwc.npy");
  ASSERT_TRUE(static_cast<bool>(bytes));
  EXPECT_TRUE(bytes->isBytes);
  EXPECT_EQ(ArrayRef<uint64_t>(bytes->shape), ArrayRef<uint64_t>({2, 4, 6, 3}));
  EXPECT_EQ(bytes->data.take_front(6), ArrayRef<char>({0, 1, 2, 2, 3, 4}));
}

TEST_F(NpyTest, version_2_is_read) {
  StringRef header = "{'shape': (2,), 'fortran_order': False, 'descr': '|u1'}";
  write((Twine("\x93NUMPY\x02") + StringRef("\0", 1) +
         std::string(1, static_cast<char>(header.size())) +
         StringRef("\0\0\0", 3) + header + "ab")
            .str());
  Expected<NpyArray> array = readNpy(path);
  ASSERT_TRUE(static_cast<bool>(array));
  EXPECT_EQ(array->data, ArrayRef<char>({'a', 'b'}));
}

TEST_F(NpyTest, scalars_have_one_element) {
  EXPECT_EQ(
      readError("{'descr': '|u1', 'fortran_order': False, 'shape': ()}", "a"),
      "no error");
}

TEST_F(NpyTest, other_files_are_refused) {
  EXPECT_EQ(readError(), "cannot be read: No such file or directory");
  write("");
  EXPECT_EQ(readError(), "expects an .npy file, but got an empty file");
  write("PK\3\4");
  EXPECT_EQ(readError(), "expects an .npy file, but got other content");
  write("\x93NUMPY");
  EXPECT_EQ(readError(), "expects a version number, but got the end of the "
                         "file");
  write("\x93NUMPY\3\3\3\3");
  EXPECT_EQ(readError(), "expects .npy version 1 or 2, but got 3");
  write("\x93NUMPY\2\1\1");
  EXPECT_EQ(readError(), "expects a header length, but got the end of the "
                         "file");
  write("\x93NUMPY\1\1\1\1{");
  EXPECT_EQ(readError(), "expects a header of 257 bytes, but got 1 bytes");
}

TEST_F(NpyTest, damaged_headers_are_refused) {
  for (StringRef header :
       {"", "{", "[]", "{}", "{'descr': '<f4'}", "{'descr': '<f4",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}",
        "{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} more",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}"})
    EXPECT_EQ(readError(header),
              ("expects a header with 'descr', 'fortran_order' and 'shape', "
               "but got '" +
               header + "'")
                  .str());
}

TEST_F(NpyTest, other_arrays_are_refused) {
  EXPECT_EQ(readError("{'descr': '<f8', 'fortran_order': False, 'shape': ()}"),
            "expects element type '<f4' or '|u1', but got '<f8'");
  EXPECT_EQ(readError("{'descr': '>f4', 'fortran_order': False, 'shape': ()}"),
            "expects element type '<f4' or '|u1', but got '>f4'");
  EXPECT_EQ(readError("{'descr': '<f4', 'fortran_order': True, 'shape': ()}"),
            "expects elements in C order, but got fortran_order True");
}

TEST_F(NpyTest, size_of_the_data_must_fit_the_shape) {
  EXPECT_EQ(
      readError("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1)}",
                "1234567"),
      "expects the elements of shape (2, 1) in 8 bytes, but got 7 bytes");
  // 2^62 * 4 floats: the product wraps around to 0.
  EXPECT_EQ(readError("{'descr': '<f4', 'fortran_order': False, 'shape': "
                      "(4611686018427387904, 4)}"),
            "expects the elements of shape (4611686018427387904, 4), but got 0 "
            "bytes");
}

} // namespace
