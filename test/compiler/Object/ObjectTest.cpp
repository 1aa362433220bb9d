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
  explicit Translation(llvm::StringRef source) {
    context.loadDialect<LLVM::LLVMDialect>();
    ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
      message += diagnostic.str();
      return success();
    });
    auto module = parseSourceString<ModuleOp>(source, &context);
    code = translateNetwork(*module, getIsaLevels().front(), /*size=*/0,
                            llvmContext);
  }

  MLIRContext context;
  llvm::LLVMContext llvmContext;
  std::unique_ptr<llvm::Module> code;
  std::string message;
};

} // namespace

TEST(ObjectTest, network_has_the_type_that_entry_points_call) {
  Translation translation(R"mlir(
    llvm.func @network(%input: !llvm.ptr, %stride: i64, %output: !llvm.ptr,
                       %arena: !llvm.ptr, %weights: !llvm.ptr,
                       %image: !llvm.ptr) -> i32 {
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
            "ptr, ptr, ptr)>' of compiler/Contract/Contract.h, but got "
            "'!llvm.func<i32 (ptr, ptr, ptr, ptr)>'");
}

TEST(ObjectTest, two_networks_are_refused) {
  Translation translation(R"mlir(
    llvm.func @network(!llvm.ptr, i64, !llvm.ptr, !llvm.ptr, !llvm.ptr,
                       !llvm.ptr) -> i32
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
