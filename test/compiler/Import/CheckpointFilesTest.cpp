// Imports the files of test/Inputs/checkpoints, or refuses them in the right
// words.
#include "TestImport.h"

#include <chrono>

using namespace mobileone;

namespace {

//===----------------------------------------------------------------------===//
// Valid files
//===----------------------------------------------------------------------===//

struct ValidFile {
  const char *name;
  const char *variant;
  bool isDeploy;
};

std::ostream &operator<<(std::ostream &os, const ValidFile &file) {
  return os << file.name;
}

class ValidFileTest : public testing::TestWithParam<ValidFile> {};

TEST_P(ValidFileTest, imports) {
  Import import(getCheckpointPath(GetParam().name));
  ASSERT_TRUE(import.isValid()) << testing::PrintToString(import.errors);
  EXPECT_TRUE(import.errors.empty());
  std::string text = import.print();
  EXPECT_NE(text.find(std::string("@mobileone_") + GetParam().variant),
            std::string::npos);
  EXPECT_EQ(text.find("mobileone.batch_norm") == std::string::npos,
            GetParam().isDeploy);
}

INSTANTIATE_TEST_SUITE_P(
    valid, ValidFileTest,
    testing::Values(ValidFile{"valid/views_apple_deploy.pth.tar", "s0", true},
                    ValidFile{"valid/views_timm_deploy.pth", "s0", true},
                    ValidFile{"valid/views_mmpretrain_deploy.pth", "s0", true},
                    ValidFile{"valid/legacy_apple_deploy.pth.tar", "s0", true},
                    ValidFile{"valid/legacy_mmpretrain_train.pth", "s1", false},
                    ValidFile{"valid/half_apple_deploy.pth", "s0", true},
                    ValidFile{"valid/bfloat16_timm_deploy.pth", "s0", true},
                    ValidFile{"valid/double_timm_deploy.pth", "s0", true},
                    ValidFile{"valid/module_prefix.pth", "s0", true},
                    ValidFile{"valid/ema_timm.pth", "s0", true},
                    ValidFile{"valid/model_wrapper.pth", "s0", true},
                    ValidFile{"valid/parameters.pth", "s0", true},
                    ValidFile{"valid/plain_dict.pth", "s0", true},
                    ValidFile{"valid/metadata_attr.pth", "s0", true},
                    ValidFile{"valid/protocol4.pth", "s0", true},
                    ValidFile{"valid/apple_train.pth.tar", "s1", false},
                    ValidFile{"valid/no_num_batches_tracked.pth", "s1", false},
                    ValidFile{"valid/se_apple_train.pth.tar", "s4", false},
                    ValidFile{"valid/se_mmpretrain_train.pth", "s4", false},
                    ValidFile{"valid/se_timm_train.pth", "s4", false},
                    ValidFile{"valid/se_timm_deploy.pth", "s4", true},
                    ValidFile{"valid/transposed.pth", "s0", true},
                    ValidFile{"valid/mmpretrain_raw_training.pth", "s0", true},
                    ValidFile{"valid/root_name.pth", "s0", true},
                    ValidFile{"valid/zip64_descriptors.pth", "s0", true}));

/// The same model from different containers, layouts, element types and views.
class SameModelTest : public testing::TestWithParam<std::vector<const char *>> {
};

TEST_P(SameModelTest, prints_identically) {
  std::string first;
  for (const char *name : GetParam()) {
    Import import(getCheckpointPath(name));
    ASSERT_TRUE(import.isValid()) << testing::PrintToString(import.errors);
    std::string text = import.print();
    if (first.empty())
      first = text;
    // Not EXPECT_EQ, which would print megabytes.
    EXPECT_TRUE(text == first) << name << " differs from " << GetParam()[0];
  }
}

INSTANTIATE_TEST_SUITE_P(
    valid, SameModelTest,
    testing::Values(
        std::vector<const char *>{
            "valid/views_apple_deploy.pth.tar", "valid/views_timm_deploy.pth",
            "valid/views_mmpretrain_deploy.pth",
            "valid/legacy_apple_deploy.pth.tar", "valid/half_apple_deploy.pth",
            "valid/bfloat16_timm_deploy.pth", "valid/double_timm_deploy.pth",
            "valid/module_prefix.pth", "valid/ema_timm.pth",
            "valid/model_wrapper.pth", "valid/parameters.pth",
            "valid/plain_dict.pth", "valid/metadata_attr.pth",
            "valid/protocol4.pth", "valid/transposed.pth",
            "valid/mmpretrain_raw_training.pth", "valid/root_name.pth",
            "valid/zip64_descriptors.pth"},
        std::vector<const char *>{"valid/apple_train.pth.tar",
                                  "valid/no_num_batches_tracked.pth",
                                  "valid/legacy_mmpretrain_train.pth"},
        std::vector<const char *>{"valid/se_apple_train.pth.tar",
                                  "valid/se_mmpretrain_train.pth",
                                  "valid/se_timm_train.pth"}));

//===----------------------------------------------------------------------===//
// Malformed files
//===----------------------------------------------------------------------===//

struct MalformedFile {
  const char *name;
  std::vector<const char *> words; // that the error must contain
  const char *variant = "auto";
};

std::ostream &operator<<(std::ostream &os, const MalformedFile &file) {
  return os << file.name;
}

class MalformedFileTest : public testing::TestWithParam<MalformedFile> {};

// Seconds are promised for builds without sanitizers. What memory a refusal
// takes, test/tools/opt/malformed-checkpoints.test measures.
#if LLVM_ADDRESS_SANITIZER_BUILD
constexpr double kMaxSeconds = 60;
#else
constexpr double kMaxSeconds = 1;
#endif

TEST_P(MalformedFileTest, is_refused) {
  std::string path = getCheckpointPath(GetParam().name);
  ImportOptions options;
  options.variant = GetParam().variant;
  auto start = std::chrono::steady_clock::now();
  Import import(path, options);
  std::chrono::duration<double> seconds =
      std::chrono::steady_clock::now() - start;
  EXPECT_FALSE(import.module);
  EXPECT_LT(seconds.count(), kMaxSeconds);
  ASSERT_EQ(import.errors.size(), 1u);
  const std::string &error = import.errors.front();
  RecordProperty("error", error);
  EXPECT_TRUE(llvm::StringRef(error).starts_with(path + ": "));
  expectWords(error, GetParam().words);
  EXPECT_FALSE(llvm::sys::fs::exists("pwned"));
}

INSTANTIATE_TEST_SUITE_P(
    malformed, MalformedFileTest,
    testing::Values(
        // Hostile pickles.
        MalformedFile{"malformed/reduce_os_system.pth", {"os.system"}},
        MalformedFile{"malformed/global_eval_inside.pth", {"builtins.eval"}},
        MalformedFile{"malformed/global_not_called.pth", {"__builtin__.exec"}},
        MalformedFile{"malformed/inst_opcode.pth", {"os.system"}},
        MalformedFile{"malformed/stack_global.pth", {"posix.system"}},
        // Damaged pickles.
        MalformedFile{"malformed/pickle_underflow.pth",
                      {"archive/data.pkl: damaged pickle", "underflow"}},
        MalformedFile{"malformed/pickle_no_stop.pth",
                      {"damaged pickle", "STOP"}},
        MalformedFile{"malformed/pickle_bad_memo.pth",
                      {"damaged pickle", "entry 99"}},
        MalformedFile{"malformed/pickle_deep_nesting.pth",
                      {"damaged pickle", "nesting too deep"}},
        MalformedFile{"malformed/pickle_huge_string.pth",
                      {"damaged pickle", "length exceeds the record"}},
        MalformedFile{"malformed/pickle_unknown_opcode.pth",
                      {"damaged pickle", "opcode", "0xff"}},
        // Pickles of something else.
        MalformedFile{"malformed/not_a_state_dict.pth",
                      {"state dict", "a list"}},
        MalformedFile{"malformed/value_not_tensor.pth",
                      {"linear.bias: expects a tensor", "'zero'"}},
        MalformedFile{"malformed/whole_model.pth",
                      {"mobileone.MobileOne", "state_dict()"}},
        MalformedFile{
            "malformed/quantized_tensor.pth",
            {"unsupported tensor kind", "torch._utils._rebuild_qtensor"}},
        // Zip archives.
        MalformedFile{"malformed/zip_truncated.pth",
                      {"central directory", "cut short"}},
        MalformedFile{"malformed/zip_bad_crc.pth",
                      {"archive/data/0: ", "CRC mismatch"}},
        MalformedFile{"malformed/zip_declared_4g.pth",
                      {"archive/data/0: ", "4294967280"}},
        MalformedFile{"malformed/zip_bomb.pth",
                      {"archive/data/0: ", "compressed"}},
        MalformedFile{"malformed/zip_no_pickle.pth", {"no data.pkl"}},
        MalformedFile{"malformed/zip_missing_record.pth",
                      {"archive/data/1: ", "storage '1'"}},
        MalformedFile{"malformed/zip_duplicate_entry.pth",
                      {"archive/data.pkl: ", "two"}},
        MalformedFile{"malformed/torchscript.pth", {"TorchScript"}},
        MalformedFile{"malformed/big_endian.pth",
                      {"archive/byteorder: ", "big"}},
        MalformedFile{"malformed/version_99.pth", {"archive/version: ", "99"}},
        // Views.
        MalformedFile{"malformed/offset_overflow.pth",
                      {"linear.weight: ", "offset", "out of range"}},
        MalformedFile{"malformed/stride_past_end.pth",
                      {"linear.weight: ", "past its end"}},
        MalformedFile{"malformed/one_past_end.pth",
                      {"linear.bias: ", "past its end"}},
        MalformedFile{"malformed/numel_too_big.pth",
                      {"archive/data/", "elements of f32"}},
        MalformedFile{"malformed/size_product_overflow.pth",
                      {"linear.weight: ", "too large a shape"}},
        MalformedFile{
            "malformed/huge_stride0.pth",
            {"linear.weight: ", "plausible shape", "2147483648x1024"}},
        MalformedFile{"malformed/negative_size.pth",
                      {"linear.weight: ", "negative dimension"}},
        MalformedFile{"malformed/negative_stride.pth",
                      {"linear.weight: ", "negative stride"}},
        MalformedFile{"malformed/rank_mismatch.pth",
                      {"linear.weight: ", "2 dimensions and 1 strides"}},
        MalformedFile{"malformed/integer_weights.pth", {"f32", "got i32"}},
        // Legacy streams.
        MalformedFile{"malformed/legacy_truncated.pth",
                      {"storage '", "the file ends"}},
        MalformedFile{"malformed/legacy_big_endian.pth",
                      {"little_endian", "False"}},
        // Numbers.
        MalformedFile{"malformed/nan_weight.pth",
                      {"linear.weight: ", "NaN at element"}},
        MalformedFile{"malformed/inf_bias.pth",
                      {".bias: ", "infinity at element"}},
        MalformedFile{"malformed/negative_variance.pth",
                      {"stage1.1.rbr_conv.0.bn.running_var: ", "at least 0",
                       "at element 5"}},
        // Networks.
        MalformedFile{"malformed/missing_key.pth",
                      {"stage2.3.reparam_conv.bias: ", "missing"}},
        MalformedFile{"malformed/extra_key.pth",
                      {"stage9.0.reparam_conv.weight: ", "unexpected"}},
        MalformedFile{"malformed/mixed_layouts.pth",
                      {"keys of one layout", "apple", "timm"}},
        MalformedFile{"malformed/half_deployed.pth",
                      {"stage2.0: ", "half deployed"}},
        MalformedFile{
            "malformed/wrong_shape.pth",
            {"stage2.1.reparam_conv.weight: ", "128x48x1x1", "96x48x1x1"}},
        MalformedFile{"malformed/mobileone_s0.pth", {"s0", "s1"}, "s0"},
        MalformedFile{"malformed/branch_gap.pth",
                      {"stage1.1", "branch 1", "branch 0"}},
        // Not checkpoints.
        MalformedFile{"malformed/empty.pth", {"empty file"}},
        MalformedFile{"malformed/empty.safetensors", {"empty file"}},
        MalformedFile{"malformed/html_page.pth", {"HTML"}},
        MalformedFile{"malformed/lfs_pointer.safetensors",
                      {"Git LFS pointer", "21304568"}},
        MalformedFile{"malformed/gzip.pth.tar", {"gzip"}},
        MalformedFile{"malformed/real_tar.pth.tar", {"real tar archive"}},
        // Safetensors.
        MalformedFile{"malformed/st_header_past_end.safetensors",
                      {"header: ", "inside the file", "100000"}},
        MalformedFile{"malformed/st_header_huge.safetensors",
                      {"header: ", "inside the file", "9223372036854775816"}},
        MalformedFile{"malformed/st_short.safetensors",
                      {"8-byte header length", "3 bytes"}},
        MalformedFile{"malformed/st_overlap.safetensors",
                      {"stem.reparam_conv.bias: ", "overlaps"}},
        MalformedFile{"malformed/st_hole.safetensors",
                      {"bytes 8..12", "belong to no tensor"}},
        MalformedFile{"malformed/st_trailing.safetensors",
                      {"last tensor", "4 bytes"}},
        MalformedFile{"malformed/st_data_cut.safetensors",
                      {"stem.reparam_conv.bias: ", "past the file"}},
        MalformedFile{"malformed/st_duplicate_key.safetensors",
                      {" a: ", "twice"}},
        MalformedFile{"malformed/st_not_utf8.safetensors",
                      {"header: ", "UTF-8"}},
        MalformedFile{"malformed/st_unknown_dtype.safetensors",
                      {"stem.reparam_conv.bias: ", "element type", "F37"}},
        MalformedFile{"malformed/st_shape_vs_bytes.safetensors",
                      {"stem.reparam_conv.bias: ", "3 elements", "8 bytes"}},
        MalformedFile{"malformed/st_shape_overflow.safetensors",
                      {"stem.reparam_conv.bias: ", "fits 64 bits"}},
        MalformedFile{"malformed/st_begin_after_end.safetensors",
                      {"stem.reparam_conv.bias: ", "8..4"}},
        MalformedFile{"malformed/st_deep_json.safetensors",
                      {"header: ", "too deeply"}},
        MalformedFile{"malformed/st_not_object.safetensors",
                      {"header: ", "JSON object"}},
        MalformedFile{"malformed/st_bad_json.safetensors",
                      {"header: ", "valid JSON"}},
        // Correct, but not supported.
        MalformedFile{"valid/zip_deflated.pth",
                      {"compressed entries are not supported"}}));

TEST(MalformedFile, misnamed_variant_is_imported_as_what_it_is) {
  std::string path = getCheckpointPath("malformed/mobileone_s0.pth");
  Import import(path);
  ASSERT_TRUE(import.isValid());
  EXPECT_NE(import.print().find("mobileone.variant = \"s1\""),
            std::string::npos);
}

TEST(MalformedFile, non_finite_weights_are_imported_when_allowed) {
  for (const char *name :
       {"malformed/nan_weight.pth", "malformed/inf_bias.pth"}) {
    std::string path = getCheckpointPath(name);
    ImportOptions options;
    options.allowNonFinite = true;
    EXPECT_TRUE(Import(path, options).isValid());
  }
}

} // namespace
