// Modules that no pipeline makes, at the door of LLVM IR.
#include "compiler/Object/Object.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mobileone;

namespace {

/// Translates `source` for a level, and keeps what is said of it.
struct Translation {
  explicit Translation(llvm::StringRef source)
      : Translation(source, getIsaLevels().front(), ownContext) {}
  Translation(llvm::StringRef source, const IsaLevel &level,
              llvm::LLVMContext &llvmContext) {
    context.loadDialect<LLVM::LLVMDialect>();
    ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
      message += diagnostic.str();
      return success();
    });
    auto module = parseSourceString<ModuleOp>(source, &context);
    code = translateNetwork(*module, level, llvmContext);
  }

  MLIRContext context;
  llvm::LLVMContext ownContext;
  std::unique_ptr<llvm::Module> code;
  std::string message;
};

} // namespace

TEST(ObjectTest, network_has_the_type_that_entry_points_call) {
  Translation translation(R"mlir(
    llvm.func @network(%input: !llvm.ptr, %stride: i64, %output: !llvm.ptr,
                       %arena: !llvm.ptr, %image: !llvm.ptr) -> i32 {
      %ok = llvm.mlir.constant(0 : i32) : i32
      llvm.return %ok : i32
    })mlir");
  EXPECT_EQ(translation.message, "");
  ASSERT_TRUE(translation.code);
  EXPECT_TRUE(translation.code->getFunction("network.v2"));
}

TEST(ObjectTest, other_types_of_a_network_are_refused) {
  Translation translation(R"mlir(
    llvm.func @network(%input: !llvm.ptr, %output: !llvm.ptr,
                       %arena: !llvm.ptr, %image: !llvm.ptr) -> i32 {
      %ok = llvm.mlir.constant(0 : i32) : i32
      llvm.return %ok : i32
    })mlir");
  EXPECT_FALSE(translation.code);
  EXPECT_EQ(translation.message,
            "'llvm.func' op expects the type '!llvm.func<i32 (ptr, i64, ptr, "
            "ptr, ptr)>' of compiler/Contract/Contract.h, but got "
            "'!llvm.func<i32 (ptr, ptr, ptr, ptr)>'");
}

TEST(ObjectTest, two_networks_are_refused) {
  Translation translation(R"mlir(
    llvm.func @network(!llvm.ptr, i64, !llvm.ptr, !llvm.ptr, !llvm.ptr) -> i32
    llvm.func @other()
  )mlir");
  EXPECT_FALSE(translation.code);
  EXPECT_EQ(translation.message,
            "'llvm.func' op expects one network per module");
}

TEST(ObjectTest, no_network_is_refused) {
  Translation translation("llvm.func @other() attributes {sym_visibility = "
                          "\"private\"}");
  EXPECT_FALSE(translation.code);
  EXPECT_EQ(translation.message, "expects a network");
}

TEST(ObjectTest, other_names_of_a_network_are_refused) {
  Translation translation("llvm.func @other()");
  EXPECT_FALSE(translation.code);
  EXPECT_EQ(translation.message, "'llvm.func' op expects the name 'network'");
}

TEST(ObjectTest, levels_have_the_same_weights) {
  const Target *target = findTarget(llvm::Triple("x86_64-linux-gnu"));
  ASSERT_TRUE(target);
  llvm::SmallVector<const IsaLevel *> all = target->getLevels();
  llvm::LLVMContext llvmContext;
  Translation first(R"mlir(
    llvm.mlir.global private constant @weights(dense<1> : tensor<64xi8>) : !llvm.array<64 x i8>
    llvm.func @network(!llvm.ptr, i64, !llvm.ptr, !llvm.ptr, !llvm.ptr) -> i32
  )mlir",
                    *all[0], llvmContext);
  Translation second(R"mlir(
    llvm.mlir.global private constant @weights(dense<2> : tensor<64xi8>) : !llvm.array<64 x i8>
    llvm.func @network(!llvm.ptr, i64, !llvm.ptr, !llvm.ptr, !llvm.ptr) -> i32
  )mlir",
                     *all[1], llvmContext);
  ASSERT_TRUE(first.code && second.code);
  std::unique_ptr<llvm::Module> code[] = {std::move(first.code),
                                          std::move(second.code)};
  auto object = linkObject(code, *target, {all[0], all[1]}, "p", ModelInfo());
  ASSERT_FALSE(object);
  EXPECT_EQ(llvm::toString(object.takeError()),
            "expects the same weights of all ISA levels");
}
