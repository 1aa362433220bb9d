// Names and types that passes take from the header of C.
#include "compiler/Contract/Prototype.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mobileone;

namespace {

struct PrototypeTest : testing::Test {
  PrototypeTest() { context.loadDialect<LLVM::LLVMDialect>(); }

  static std::string format(Type type) {
    std::string text;
    llvm::raw_string_ostream(text) << type;
    return text;
  }

  MLIRContext context;
};

} // namespace

TEST_F(PrototypeTest, types_follow_the_prototype) {
  // int end_layer(const struct image *, uint32_t, const float *, uint64_t,
  //               uint64_t, uint64_t, float *)
  EXPECT_EQ(kEndLayer.name, "end_layer");
  EXPECT_EQ(format(getLLVMType(kEndLayer.signature, &context)),
            "!llvm.func<i32 (ptr, i32, ptr, i64, i64, i64, ptr)>");
  EXPECT_EQ(format(getFunctionType(kEndLayer.signature, &context)),
            "(!llvm.ptr, i32, !llvm.ptr, index, index, index, !llvm.ptr) -> "
            "i32");
}

TEST_F(PrototypeTest, nothing_is_returned_as_void) {
  EXPECT_EQ(format(getLLVMType(kBeginLayer.signature, &context)),
            "!llvm.func<void (ptr, i32)>");
  EXPECT_EQ(format(getFunctionType(kBeginLayer.signature, &context)),
            "(!llvm.ptr, i32) -> ()");
}

// Only the one that chooses among them takes a level.
TEST_F(PrototypeTest, network_of_a_level_takes_no_level) {
  EXPECT_EQ(kNetwork.name, "network");
  EXPECT_EQ(format(getLLVMType(kNetwork.signature, &context)),
            "!llvm.func<i32 (ptr, i64, ptr, ptr, ptr, ptr)>");
}

TEST_F(PrototypeTest, arguments_are_found_by_their_types) {
  using Function = void(uint64_t, const char *, char *);
  EXPECT_EQ(SignatureOf<Function>::find<char *>(), 2u);
  EXPECT_EQ(SignatureOf<Function>::find<uint64_t>(), 0u);
}
