// The tables of targets and levels.
#include "compiler/Machine/Target.h"
#include "runtime/mobileone.h"

#include "llvm/ADT/SmallSet.h"
#include <gtest/gtest.h>

using namespace mobileone;

// Objects look for the best level downwards from the CPU's.
TEST(TargetTest, levels_rise) {
  llvm::SmallSet<unsigned, 8> numbers;
  for (const Target &target : getTargets()) {
    unsigned last = 1; // stands for no level, see compiler/Object/Levels.h
    ASSERT_FALSE(target.getLevels().empty()) << target.name.str();
    for (const IsaLevel *level : target.getLevels()) {
      EXPECT_GT(level->number, last);
      EXPECT_LT(level->number, 32U);
      last = level->number;
    }
  }
  for (const IsaLevel &level : getIsaLevels()) {
    EXPECT_TRUE(numbers.insert(level.number).second) << level.name.str();
    EXPECT_EQ(findIsaLevel(level.name), &level);
    EXPECT_EQ(findIsaLevel(level.number), &level);
    // A product's sums are one register.
    EXPECT_EQ(level.product.m * level.product.n * getBits(level.product.sum),
              level.vectorBits);
  }
}

TEST(TargetTest, names_with_and_without_a_vendor) {
  for (const char *name :
       {"aarch64-linux-gnu", "aarch64-unknown-linux-gnu", "arm64-linux-gnu"}) {
    const Target *target = findTarget(llvm::Triple(name));
    ASSERT_TRUE(target) << name;
    EXPECT_EQ(target->name, "aarch64-linux-gnu");
    EXPECT_EQ(target->getTriple().getOS(), llvm::Triple::Linux);
  }
  const std::pair<const char *, const char *> others[] = {
      {"x86_64-pc-linux-gnu", "x86_64-linux-gnu"},
      {"aarch64-apple-ios", "arm64-apple-ios"},
      {"x86_64-w64-mingw32", "x86_64-windows-gnu"},
      {"x86_64-pc-windows-msvc", "x86_64-windows-msvc"},
      {"x86_64-linux-android24", "x86_64-linux-android"},
      {"arm64-apple-darwin", "arm64-apple-macos"},
      {"arm64-apple-darwin24.1.0", "arm64-apple-macos"},
      {"x86_64-apple-darwin23", "x86_64-apple-macos"},
      {"wasm32-unknown-unknown", "wasm32"},
      {"wasm32-wasip1", "wasm32"},
      {"wasm32-unknown-emscripten", "wasm32"},
  };
  for (auto [given, name] : others) {
    const Target *target = findTarget(llvm::Triple(given));
    ASSERT_TRUE(target) << given;
    EXPECT_EQ(target->name, name);
  }
  // Those of the last row pass other arguments or sign pointers.
  for (const char *name :
       {"", "x86_64", "i686-linux-gnu", "aarch64_be-linux-gnu",
        "arm64-apple-tvos", "arm64-apple-ios-macabi", "x86_64-windows-cygnus",
        "arm64e-apple-ios", "arm64ec-windows-msvc", "wasm64"})
    EXPECT_FALSE(findTarget(llvm::Triple(name))) << name;
}

// What an object says is the oldest system, whichever one is asked for.
TEST(TargetTest, versions) {
  const Target *target = findTarget(llvm::Triple("arm64-apple-ios17.2"));
  ASSERT_TRUE(target);
  EXPECT_EQ(target->getTriple().getOSVersion(), llvm::VersionTuple(12, 0));
  target = findTarget(llvm::Triple("x86_64-apple-macosx15"));
  ASSERT_TRUE(target);
  EXPECT_EQ(target->getTriple().getOSVersion(), llvm::VersionTuple(10, 13));
}

TEST(TargetTest, versions_of_darwin_are_those_of_macos) {
  const std::pair<const char *, llvm::VersionTuple> versions[] = {
      {"x86_64-apple-darwin", {}},
      {"x86_64-apple-darwin17", llvm::VersionTuple(10, 13)},
      {"arm64-apple-darwin20", llvm::VersionTuple(11)},
      {"arm64-apple-macos", {}},
      {"arm64-apple-macos14.5", llvm::VersionTuple(14, 5)},
      {"arm64-apple-ios17.2", llvm::VersionTuple(17, 2)},
  };
  for (auto [name, version] : versions)
    EXPECT_EQ(getSystemVersion(llvm::Triple(name)), version) << name;
}

// An engine knows all of a module or refuses it.
TEST(TargetTest, default_levels) {
  for (const Target &target : getTargets())
    EXPECT_EQ(target.getDefaultLevels(/*ofBytes=*/true).size(),
              target.name == "wasm32" ? 1 : target.getLevels().size())
        << target.name.str();
  EXPECT_EQ(findTarget(llvm::Triple("wasm32"))
                ->getDefaultLevels(/*ofBytes=*/true)[0]
                ->name,
            "wasm-simd128");
}

// Weights begin a page.
TEST(TargetTest, pages) {
  for (const Target &target : getTargets())
    EXPECT_EQ(target.getPageBytes(),
              target.name.starts_with("arm64-apple") ? 16384U : 4096U)
        << target.name.str();
}

TEST(TargetTest, names_of_levels) {
  EXPECT_EQ(formatIsaLevels(0), "");
  EXPECT_EQ(formatIsaLevels(1u << MOBILEONE_ISA_X86_64_V2 |
                            1u << MOBILEONE_ISA_X86_64_V4),
            "x86-64-v2, x86-64-v4");
  EXPECT_FALSE(findIsaLevel("x86-64"));
  EXPECT_FALSE(findIsaLevel(0u));
}
