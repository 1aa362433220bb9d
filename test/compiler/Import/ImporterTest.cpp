// The module that comes out, and the ways in: files, pipes, buffers.
#include "TestImport.h"

#include "CheckpointWriter.h"
#include "compiler/Import/NetworkFile.h"
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace mobileone;
using llvm::StringRef;

namespace {

constexpr Form kTrain{/*isDeploy=*/false, /*hasHead=*/true};
constexpr Form kDeploy{/*isDeploy=*/true, /*hasHead=*/true};

class ImporterTest : public testing::Test {
protected:
  std::vector<NamedTensor> makeTiny(StringRef layout, Form form) {
    llvm::Expected<NetworkSpec> network = parseNetwork(getTinyJson());
    EXPECT_TRUE(static_cast<bool>(network));
    return makeTensors(*network, layout, form);
  }

  ImportOptions getOptions() {
    ImportOptions options;
    options.variant = json.getPath();
    options.imageSize = {33, 40};
    return options;
  }

  /// The text of the module without weights, one op a line.
  static std::vector<std::string> listOps(Import &import) {
    std::vector<std::string> ops;
    import.module->walk<mlir::WalkOrder::PreOrder>([&](mlir::Operation *op) {
      StringRef name = op->getName().getStringRef();
      name.consume_front("mobileone.");
      auto block = op->getAttrOfType<mlir::StringAttr>("name");
      ops.push_back(name.str() + (block ? " " + block.getValue().str() : ""));
    });
    return ops;
  }

  TemporaryFile json{"json", getTinyJson()};
};

} // namespace

TEST_F(ImporterTest, train_form_has_its_branches_in_canonical_order) {
  Import import("tiny", writeSafeTensors(makeTiny("timm", kTrain)),
                getOptions());
  ASSERT_TRUE(import.isValid()) << testing::PrintToString(import.errors);
  using Ops = std::vector<std::string>;
  std::vector<std::string> ops = listOps(import);
  // Stem: one branch and a scale.
  Ops stem = {"builtin.module", "func.func", "block stem", "conv",
              "batch_norm",     "conv",      "batch_norm", "add",
              "activation",     "yield"};
  EXPECT_EQ(Ops(ops.begin(), ops.begin() + stem.size()), stem);
  // Identity, two branches; a pointwise block has no scale.
  Ops pointwise = {"block stage1.1", "batch_norm", "conv", "batch_norm",
                   "conv",           "batch_norm", "add",  "activation",
                   "yield"};
  auto at = llvm::find(ops, "block stage1.1");
  ASSERT_NE(at, ops.end());
  EXPECT_EQ(Ops(at, at + pointwise.size()), pointwise);
  // A single branch needs no sum.
  Ops single = {"block stage2.1", "conv", "batch_norm", "activation", "yield"};
  at = llvm::find(ops, "block stage2.1");
  ASSERT_NE(at, ops.end());
  EXPECT_EQ(Ops(at, at + single.size()), single);
  // Squeeze-and-excite follows the sum.
  Ops squeezed = {"block stage3.2", "batch_norm", "conv", "batch_norm",
                  "conv",           "batch_norm", "add",  "squeeze_excite",
                  "activation",     "yield"};
  at = llvm::find(ops, "block stage3.2");
  ASSERT_NE(at, ops.end());
  EXPECT_EQ(Ops(at, at + squeezed.size()), squeezed);
  Ops end = {"global_average_pool", "linear head", "func.return"};
  EXPECT_EQ(Ops(ops.end() - end.size(), ops.end()), end);
}

TEST_F(ImporterTest, deploy_form_has_one_convolution_per_block) {
  Import import("tiny", writeSafeTensors(makeTiny("apple", kDeploy)),
                getOptions());
  ASSERT_TRUE(import.isValid()) << testing::PrintToString(import.errors);
  std::vector<std::string> ops = listOps(import);
  EXPECT_EQ(llvm::count(ops, "conv"), 11);
  EXPECT_EQ(llvm::count(ops, "squeeze_excite"), 2);
  EXPECT_EQ(llvm::count(ops, "batch_norm"), 0);
  EXPECT_EQ(llvm::count(ops, "add"), 0);
  std::string text = import.print();
  EXPECT_NE(text.find("func.func @mobileone_custom(%arg0: "
                      "tensor<1x3x33x40xf32>) -> tensor<1x3xf32> attributes "
                      "{mobileone.mean = array<f64: 4.850000e-01, "
                      "4.560000e-01, 4.060000e-01>, mobileone.std = array<f64: "
                      "2.290000e-01, 2.240000e-01, 2.250000e-01>, "
                      "mobileone.variant = \"custom\"}"),
            std::string::npos)
      << text.substr(0, 500);
  // Padding 1 in 3x3 convolutions, none in the others.
  EXPECT_NE(text.find("dense_resource<stem.filter> : tensor<16x3x3x3xf32>"),
            std::string::npos);
  EXPECT_NE(text.find("strides = [2, 2] padding = [1, 1] groups = 1 "),
            std::string::npos);
  EXPECT_NE(text.find("strides = [1, 1] padding = [0, 0] groups = 1 "),
            std::string::npos);
}

TEST_F(ImporterTest, layouts_and_containers_of_one_model_print_identically) {
  for (Form form : {kTrain, kDeploy}) {
    std::string first;
    for (const KeyLayout &layout : getLayouts()) {
      std::vector<NamedTensor> tensors = makeTiny(layout.name, form);
      std::vector<NamedTensor> reversed(tensors.rbegin(), tensors.rend());
      for (const std::string &content :
           {writeSafeTensors(tensors), writeZip(makeTorchMembers(reversed)),
            writeTorchLegacy(tensors)}) {
        Import import("tiny", content, getOptions());
        ASSERT_TRUE(import.isValid()) << testing::PrintToString(import.errors);
        std::string text = import.print();
        if (first.empty())
          first = text;
        EXPECT_TRUE(text == first) << layout.name.str();
      }
    }
  }
}

TEST_F(ImporterTest, inputs_and_outputs_follow_the_options) {
  std::string content = writeSafeTensors(makeTiny("timm", kDeploy));
  ImportOptions options = getOptions();
  options.functionName = "f";
  options.outputs = {{OutputRequest::Softmax}};
  options.input = InputLayout::U8NHWC;
  options.normalization.mean = {0.5, 0.25, 0};
  Import bytes("tiny", content, options);
  ASSERT_TRUE(bytes.isValid()) << testing::PrintToString(bytes.errors);
  std::string text = bytes.print();
  EXPECT_NE(text.find("@f(%arg0: tensor<1x33x40x3xui8>)"), std::string::npos);
  EXPECT_NE(text.find("read_image %arg0 mean = [5.000000e-01, 2.500000e-01, "
                      "0.000000e+00] std = [2.290000e-01"),
            std::string::npos);
  EXPECT_EQ(llvm::count(listOps(bytes), "softmax"), 1);

  options.input = InputLayout::F32NHWC;
  Import floats("tiny", content, options);
  ASSERT_TRUE(floats.isValid());
  // The caller has normalized them.
  EXPECT_NE(floats.print().find("mean = [0.000000e+00, 0.000000e+00, "
                                "0.000000e+00] std = [1.000000e+00"),
            std::string::npos);
}

TEST_F(ImporterTest, an_encoder_returns_its_last_feature_map) {
  std::vector<NamedTensor> tensors =
      makeTiny("encoder", {/*isDeploy=*/false, /*hasHead=*/false});
  tensors.push_back({"decoder.x", {1}, {0}});
  std::string content = writeSafeTensors(tensors);
  Import import("tiny", content, getOptions());
  ASSERT_TRUE(import.isValid()) << testing::PrintToString(import.errors);
  // 33x40, halved five times.
  EXPECT_NE(import.print().find(
                "-> (tensor<1x48x2x2xf32> {mobileone.name = \"stage4\"})"),
            std::string::npos);
  ASSERT_EQ(import.remarks.size(), 1u);
  expectWords(import.remarks.front(),
              {"tiny: leaves out 1 tensor beside", "'decoder.x'"});

  ImportOptions options = getOptions();
  options.outputs = {{OutputRequest::Softmax}};
  Import softmax("tiny", content, options);
  EXPECT_FALSE(softmax.module);
  ASSERT_EQ(softmax.errors.size(), 1u);
  expectWords(softmax.errors.front(),
              {"tiny: output: ", "a classifier", "--output=features"});
}

TEST_F(ImporterTest, locations_name_tensor_and_file) {
  Import import("dir/tiny", writeSafeTensors(makeTiny("timm", kDeploy)),
                getOptions());
  ASSERT_TRUE(import.isValid());
  bool found = false;
  import.module->walk([&](mlir::Operation *op) {
    std::string text;
    llvm::raw_string_ostream(text) << op->getLoc();
    found |= op->getName().getStringRef() == "mobileone.conv" &&
             text.find("\"stem.reparam_conv.weight\"(\"dir/tiny\"") !=
                 std::string::npos;
  });
  EXPECT_TRUE(found);
}

TEST_F(ImporterTest, numbers_that_no_network_has_are_refused_by_element) {
  std::vector<NamedTensor> tensors = makeTiny("timm", kTrain);
  auto change = [&](StringRef name, float value) {
    std::vector<NamedTensor> changed = tensors;
    for (NamedTensor &tensor : changed)
      if (tensor.name == name)
        tensor.values[7] = value;
    return writeSafeTensors(changed);
  };
  auto expectError = [&](const std::string &content,
                         std::initializer_list<const char *> words) {
    Import import("tiny", content, getOptions());
    EXPECT_FALSE(import.module);
    ASSERT_EQ(import.errors.size(), 1u);
    expectWords(import.errors.front(), words);
  };
  std::string nan = change("head.fc.weight", NAN);
  expectError(nan, {"tiny: head.fc.weight: ", "NaN at element 7"});
  expectError(change("head.fc.weight", -INFINITY),
              {"tiny: head.fc.weight: ", "infinity at element 7"});
  expectError(change("stem.conv_scale.bn.running_var", -0.5f),
              {"stem.conv_scale.bn.running_var: ", "-0.5", "element 7"});
  expectError(change("stem.conv_scale.bn.running_var", -0x1p-30f),
              {"stem.conv_scale.bn.running_var: ", "-9.313226e-10"});
  // A negative mean is one as any other.
  EXPECT_TRUE(Import("tiny", change("stem.conv_scale.bn.running_mean", -0.5f),
                     getOptions())
                  .isValid());
  ImportOptions options = getOptions();
  options.allowNonFinite = true;
  EXPECT_TRUE(Import("tiny", nan, options).isValid());
}

TEST_F(ImporterTest, options_out_of_range_are_refused) {
  std::string content = writeSafeTensors(makeTiny("timm", kDeploy));
  auto expectError = [&](const ImportOptions &options,
                         std::initializer_list<const char *> words) {
    Import import("tiny", content, options);
    EXPECT_FALSE(import.module);
    ASSERT_EQ(import.errors.size(), 1u);
    expectWords(import.errors.front(), words);
  };
  ImportOptions options = getOptions();
  options.imageSize.width = 31;
  expectError(options, {"image size: ", "33x31"});
  options.imageSize.width = int64_t(1) << 40;
  expectError(options, {"image size: ", "1099511627776"});
  options = getOptions();
  options.normalization.std[1] = 0;
  expectError(options, {"std: ", "got 0"});
  options.normalization.std[1] = NAN;
  expectError(options, {"std: ", "nan"});
}

TEST_F(ImporterTest, errors_are_one_line_whatever_names_contain) {
  Import import("tiny", writeSafeTensors({{R"(a\nb\u001b[1m)", {1}, {0}}}),
                getOptions());
  ASSERT_EQ(import.errors.size(), 1u);
  expectWords(import.errors.front(), {"tiny: a?b?[1m: "});
  Import longName("tiny",
                  writeSafeTensors({{std::string(100000, 'a'), {1}, {0}}}),
                  getOptions());
  ASSERT_EQ(longName.errors.size(), 1u);
  EXPECT_LT(longName.errors.front().size(), 1100u);
}

TEST_F(ImporterTest, files_links_and_pipes_read_the_same) {
  std::string content = writeSafeTensors(makeTiny("timm", kTrain));
  TemporaryFile file("safetensors", content);
  Import direct(file.getPath(), getOptions());
  ASSERT_TRUE(direct.isValid()) << testing::PrintToString(direct.errors);

  std::string link = file.getPath() + ".link";
  ASSERT_FALSE(llvm::sys::fs::create_link(file.getPath(), link));
  Import linked(link, getOptions());
  llvm::sys::fs::remove(link);
  ASSERT_TRUE(linked.isValid());
  EXPECT_TRUE(direct.print() == linked.print());

  std::string pipe = file.getPath() + ".pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  std::thread writer([&] {
    std::error_code error;
    llvm::raw_fd_ostream(pipe, error) << content;
  });
  Import piped(pipe, getOptions());
  writer.join();
  llvm::sys::fs::remove(pipe);
  ASSERT_TRUE(piped.isValid());
  EXPECT_TRUE(direct.print() == piped.print());
}

TEST_F(ImporterTest, a_file_that_is_cut_after_opening_stays_whole) {
  TemporaryFile file("safetensors", writeSafeTensors(makeTiny("timm", kTrain)));
  llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> buffer =
      openInput(file.getPath());
  ASSERT_TRUE(static_cast<bool>(buffer));
  ASSERT_EQ(truncate(file.getPath().c_str(), 100), 0);
  mlir::MLIRContext context;
  EXPECT_TRUE(importCheckpoint(std::move(*buffer), getOptions(), &context));
}

TEST_F(ImporterTest, unreadable_files_are_refused) {
  Import missing("no/such/file", getOptions());
  EXPECT_FALSE(missing.module);
  ASSERT_EQ(missing.errors.size(), 1u);
  expectWords(missing.errors.front(), {"no/such/file: ", "readable file"});
  Import folder("/tmp", getOptions());
  EXPECT_FALSE(folder.module);
  ASSERT_EQ(folder.errors.size(), 1u);
  expectWords(folder.errors.front(), {"/tmp: ", "a folder"});
  // It would never end.
  Import device("/dev/zero", getOptions());
  EXPECT_FALSE(device.module);
  ASSERT_EQ(device.errors.size(), 1u);
  expectWords(device.errors.front(), {"/dev/zero: ", "a device"});
}

//===----------------------------------------------------------------------===//
// Telling checkpoints from MLIR
//===----------------------------------------------------------------------===//

TEST(IsCheckpoint, of_every_container_and_look_alike) {
  std::vector<NamedTensor> tensors = {{"a", {1}, {0}}};
  std::string tar(300, 'x');
  tar.replace(257, 5, "ustar");
  for (const std::string &content :
       {writeSafeTensors(tensors), writeZip(makeTorchMembers(tensors)),
        writeTorchLegacy(tensors), std::string(),
        std::string("<!DOCTYPE html>"), std::string("\x1f\x8b\x08"), tar,
        std::string("\1\0\0", 3),
        std::string("version https://git-lfs.github.com/spec/v1\n")})
    EXPECT_TRUE(isCheckpoint(content)) << content.substr(0, 20);
}

TEST(IsCheckpoint, of_no_mlir) {
  for (const char *content :
       {"module {}", "// RUN: mobileone-opt %s", "\n\n\tfunc.func @f()",
        "#map = affine_map<()", "\"builtin.module\"()", "ML\xefR\x06MLIR22",
        "// \xc3\xa9\xc3\xa9\xc3\xa9", "\xef\xbb\xbf// text", "{-#", "x"})
    EXPECT_FALSE(isCheckpoint(content)) << content;
}
