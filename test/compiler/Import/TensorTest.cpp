// Views of storages: bounds, element types, and when bytes are used in place.
#include "TestImport.h"

#include "CheckpointWriter.h"
#include <cmath>

using namespace mobileone;
using llvm::StringRef;

static const ElementType &getType(StringRef safeTensorsName) {
  const ElementType *type = ElementType::findSafeTensors(safeTensorsName);
  EXPECT_NE(type, nullptr);
  return *type;
}

static std::vector<float> read(StringRef typeName,
                               llvm::ArrayRef<int64_t> shape,
                               llvm::ArrayRef<int64_t> strides, int64_t offset,
                               const std::string &storage) {
  llvm::Expected<Tensor> tensor =
      createTensor("t", getType(typeName), shape, strides, offset, storage);
  if (!tensor) {
    ADD_FAILURE() << llvm::toString(tensor.takeError());
    return {};
  }
  std::vector<float> scratch;
  return readElements(*tensor, scratch).vec();
}

/// The f16 number of these bits.
static float readHalf(uint16_t bits) {
  return read("F16", {}, {}, 0, littleEndian(bits, 2)).front();
}

TEST(ElementTypes, every_f16_is_widened_exactly) {
  EXPECT_EQ(readHalf(0x3c00), 1.0f);
  EXPECT_EQ(readHalf(0xc000), -2.0f);
  EXPECT_EQ(readHalf(0x7bff), 65504.0f);
  EXPECT_EQ(readHalf(0x0400), 0x1p-14f); // smallest normal
  EXPECT_EQ(readHalf(0x0001), 0x1p-24f); // smallest subnormal
  EXPECT_EQ(readHalf(0x83ff), -1023 * 0x1p-24f);
  EXPECT_TRUE(std::signbit(readHalf(0x8000)));
  EXPECT_EQ(readHalf(0x7c00), INFINITY);
  EXPECT_EQ(readHalf(0xfc00), -INFINITY);
  EXPECT_TRUE(std::isnan(readHalf(0x7e01)));
}

TEST(ElementTypes, bf16_is_the_upper_half_of_f32) {
  EXPECT_EQ(read("BF16", {2}, {1}, 0, littleEndian(0xc0203f80, 4)),
            (std::vector<float>{1.0f, -2.5f}));
}

TEST(ElementTypes, f64_is_rounded_to_nearest) {
  // 1 + 2^-24 lies halfway between two f32; ties go to even.
  std::string bytes = littleEndian(llvm::bit_cast<uint64_t>(1 + 0x1p-24), 8) +
                      littleEndian(llvm::bit_cast<uint64_t>(1 + 0x1.8p-23), 8);
  EXPECT_EQ(read("F64", {2}, {1}, 0, bytes),
            (std::vector<float>{1.0f, 1 + 0x1p-22f}));
}

TEST(ElementTypes, unknown_names_are_unknown) {
  EXPECT_EQ(ElementType::findSafeTensors("F37"), nullptr);
  EXPECT_EQ(ElementType::findSafeTensors(""), nullptr);
  EXPECT_EQ(ElementType::findTorchStorage(""), nullptr);
}

TEST(Views, strides_and_offset_select_elements) {
  std::string storage; // 0 1 2 3 4 5 6 7 8 9 10 11
  for (int i = 0; i < 12; ++i)
    storage += littleEndian(llvm::bit_cast<uint32_t>(float(i)), 4);
  using Values = std::vector<float>;
  EXPECT_EQ(read("F32", {2, 3}, {3, 1}, 1, storage),
            (Values{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(read("F32", {3, 2}, {1, 3}, 0, storage), // transposed
            (Values{0, 3, 1, 4, 2, 5}));
  EXPECT_EQ(read("F32", {2, 2}, {0, 1}, 10, storage), // repeated rows
            (Values{10, 11, 10, 11}));
  EXPECT_EQ(read("F32", {2, 1, 2}, {4, 77, 2}, 0, storage),
            (Values{0, 2, 4, 6}));
  EXPECT_EQ(read("F32", {}, {}, 7, storage), (Values{7}));
  EXPECT_EQ(read("F32", {0, 5}, {5, 1}, 12, storage), (Values{}));
}

TEST(Views, aligned_dense_f32_is_used_in_place) {
  alignas(float) char bytes[17] = {};
  StringRef storage(bytes, 16);
  std::vector<float> scratch;
  llvm::Expected<Tensor> dense =
      createTensor("t", getType("F32"), {1, 3}, {99, 1}, 1, storage);
  ASSERT_TRUE(static_cast<bool>(dense));
  EXPECT_EQ(static_cast<const void *>(readElements(*dense, scratch).data()),
            bytes + 4);
  llvm::Expected<Tensor> strided =
      createTensor("t", getType("F32"), {2}, {2}, 0, storage);
  ASSERT_TRUE(static_cast<bool>(strided));
  EXPECT_EQ(readElements(*strided, scratch).data(), scratch.data());
  llvm::Expected<Tensor> unaligned =
      createTensor("t", getType("F32"), {4}, {1}, 0, StringRef(bytes + 1, 16));
  ASSERT_TRUE(static_cast<bool>(unaligned));
  EXPECT_EQ(readElements(*unaligned, scratch).data(), scratch.data());
}

TEST(Views, those_outside_of_their_storage_are_refused) {
  auto create = [](llvm::ArrayRef<int64_t> shape,
                   llvm::ArrayRef<int64_t> strides, int64_t offset) {
    static const std::string storage(40, '\0'); // ten elements
    return createTensor("t", getType("F32"), shape, strides, offset, storage);
  };
  constexpr int64_t kHuge = int64_t(1) << 62;
  expectRefusal(create({11}, {1}, 0), {"t: ", "past its end"});
  expectRefusal(create({10}, {1}, 1), {"past its end"});
  expectRefusal(create({2, 2}, {8, 2}, 0), {"past its end"});
  expectRefusal(create({5}, {kHuge}, 0), {"past its end"});
  expectRefusal(create({2, 2}, {kHuge, kHuge}, 0), {"past its end"});
  expectRefusal(create({1}, {1}, 11), {"out of range"});
  expectRefusal(create({1}, {1}, -1), {"out of range"});
  expectRefusal(create({1}, {1}, 10), {"past its end"});
  expectRefusal(create({2}, {-1}, 5), {"negative stride", "-1"});
  expectRefusal(create({-2}, {1}, 0), {"negative dimension", "-2"});
  expectRefusal(create({2, 2}, {1}, 0), {"2 dimensions and 1 strides"});
  expectRefusal(create({kHuge, 4}, {0, 0}, 0), {"too large a shape"});
  // Ten stored elements cannot be four million and one.
  expectRefusal(create({(1 << 22) + 1}, {0}, 0), {"plausible shape"});
}
