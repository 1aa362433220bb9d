// The meaning of what was imported: float64 logits against those of
// test/Inputs/checkpoints/valid, which were computed from the same files by
// another program.
#include "TestImport.h"

#include "dialect/Interpreter/Interpreter.h"
#include "llvm/Support/JSON.h"

using namespace mobileone;
namespace json = llvm::json;

namespace {

//===----------------------------------------------------------------------===//
// Inputs by formula: test/Inputs/goldens/README.md
//===----------------------------------------------------------------------===//

uint64_t hashKey(llvm::StringRef key) {
  uint64_t hash = 0xCBF29CE484222325;
  for (uint8_t byte : key.bytes())
    hash = (hash ^ byte) * 0x100000001B3;
  return hash;
}

/// A number in [-1, 1).
double draw(llvm::StringRef key, uint64_t index) {
  constexpr uint64_t kSeed = 1, kGolden = 0x9E3779B97F4A7C15;
  uint64_t z = (hashKey(key) ^ (kSeed * kGolden)) + (index + 1) * kGolden;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  z ^= z >> 31;
  return 2 * std::ldexp(static_cast<double>(z >> 40), -24) - 1;
}

/// Random blocks of three sizes.
Tensor64 makeInput(int which, int64_t size) {
  Tensor64 input{{1, 3, size, size}, {}};
  const std::pair<int64_t, double> layers[] = {{28, 1}, {8, 0.5}, {1, 0.25}};
  for (int64_t channel = 0; channel < 3; ++channel)
    for (int64_t y = 0; y < size; ++y)
      for (int64_t x = 0; x < size; ++x) {
        double sum = 0;
        for (auto [cell, amplitude] : layers) {
          int64_t cells = (size + cell - 1) / cell;
          std::string key =
              "input." + std::to_string(which) + "." + std::to_string(cell);
          sum += amplitude *
                 draw(key, (channel * cells + y / cell) * cells + x / cell);
        }
        input.values.push_back(static_cast<float>(sum));
      }
  return input;
}

//===----------------------------------------------------------------------===//
// Logits
//===----------------------------------------------------------------------===//

struct Model {
  const char *name; // in expected.json
  const char *file;
};

class ExpectedLogitsTest : public testing::TestWithParam<Model> {};

TEST_P(ExpectedLogitsTest, are_reached) {
  auto file =
      llvm::MemoryBuffer::getFile(getCheckpointPath("valid/expected.json"));
  ASSERT_TRUE(static_cast<bool>(file));
  llvm::Expected<json::Value> expected = json::parse((*file)->getBuffer());
  ASSERT_TRUE(static_cast<bool>(expected));
  const json::Array *logits =
      expected->getAsObject()->getObject(GetParam().name)->getArray("float64");
  ImportOptions options;
  options.imageSize = {64, 64};
  Import import(getCheckpointPath(GetParam().file), options);
  ASSERT_TRUE(import.isValid()) << testing::PrintToString(import.errors);
  auto function = *import.module->getOps<mlir::func::FuncOp>().begin();
  for (int which : {0, 1}) {
    llvm::FailureOr<std::vector<Tensor64>> results =
        interpret(function, makeInput(which, 64));
    ASSERT_TRUE(mlir::succeeded(results));
    const std::vector<double> &values = results->front().values;
    const json::Array &row = *(*logits)[which].getAsArray();
    ASSERT_EQ(values.size(), row.size());
    // Both sum in double, in another order.
    for (auto [value, wanted] : llvm::zip(values, row))
      EXPECT_NEAR(value, *wanted.getAsNumber(), 1e-10);
  }
}

INSTANTIATE_TEST_SUITE_P(
    valid, ExpectedLogitsTest,
    testing::Values(Model{"s0_deploy", "valid/views_apple_deploy.pth.tar"},
                    Model{"s1_train", "valid/apple_train.pth.tar"},
                    Model{"s4_train", "valid/se_timm_train.pth"},
                    Model{"s4_deploy", "valid/se_timm_deploy.pth"}),
    [](const auto &info) { return info.param.name; });

} // namespace
