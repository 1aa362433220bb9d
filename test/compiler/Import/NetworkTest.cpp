// The table of variants, custom networks, and what is counted from them.
#include "TestImport.h"

#include "CheckpointWriter.h"
#include "compiler/Import/NetworkFile.h"
#include "compiler/Import/Stats.h"

using namespace mobileone;

//===----------------------------------------------------------------------===//
// Counts: DESIGN.md, section 2
//===----------------------------------------------------------------------===//

namespace {
struct Counts {
  const char *variant;
  int64_t parameters, trainParameters, multiplyAdds, publishedCount;
};
} // namespace

TEST(Stats, variants_have_the_published_counts) {
  for (const Counts &counts :
       {Counts{"s0", 2078504, 5293272, 275110400, 274136576},
        Counts{"s1", 4764840, 4825192, 825057024, 823839744},
        Counts{"s2", 7808168, 7884648, 1298426496, 1296478848},
        Counts{"s3", 10078312, 10170600, 1895790592, 1893842944},
        Counts{"s4", 14838352, 14951248, 2979269760, 2979222528}}) {
    const NetworkSpec *network = findVariant(counts.variant);
    ASSERT_NE(network, nullptr);
    LayerStats stats = countNetwork(*network, 224, 224);
    EXPECT_EQ(stats.parameters, counts.parameters) << counts.variant;
    EXPECT_EQ(stats.trainParameters, counts.trainParameters) << counts.variant;
    EXPECT_EQ(stats.multiplyAdds, counts.multiplyAdds) << counts.variant;
    EXPECT_EQ(stats.publishedCount, counts.publishedCount) << counts.variant;
  }
}

TEST(Stats, the_table_has_a_line_per_layer) {
  std::string text = formatStats(*findVariant("s0"), 225, 33);
  llvm::SmallVector<llvm::StringRef> lines;
  llvm::StringRef(text).split(lines, '\n', -1, /*KeepEmpty=*/false);
  // Title, heading, stem, 42 blocks, head, total.
  ASSERT_EQ(lines.size(), 47u);
  EXPECT_EQ(lines[0], "MobileOne s0 at 225x33");
  EXPECT_TRUE(lines[2].starts_with("stem "));
  // 225 and 33 become 113 and 17: the last tap of an odd image counts.
  EXPECT_TRUE(lines[2].contains(" 48x113x17 "));
  EXPECT_TRUE(lines[44].starts_with("stage4.1 "));
  EXPECT_TRUE(lines[45].starts_with("head "));
  EXPECT_TRUE(lines[46].starts_with("total "));
  EXPECT_TRUE(lines[46].contains(" 2078504 "));
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

TEST(Network, identity_branches_follow_from_the_widths) {
  // The first pointwise block of stage 1 keeps the stem's 48 channels in s0
  // and widens 64 to 96 in s1.
  EXPECT_TRUE(findVariant("s0")->blocks[2].hasIdentity());
  EXPECT_FALSE(findVariant("s1")->blocks[2].hasIdentity());
  // A stride leaves no identity.
  EXPECT_FALSE(findVariant("s0")->blocks[1].hasIdentity());
}

TEST(Network, squeeze_excite_stands_in_the_last_pairs_of_s4) {
  std::vector<std::string> names;
  for (const BlockSpec &block : findVariant("s4")->blocks)
    if (block.hasSqueezeExcite())
      names.push_back(block.name);
  EXPECT_EQ(names, (std::vector<std::string>{
                       "stage3.10", "stage3.11", "stage3.12", "stage3.13",
                       "stage3.14", "stage3.15", "stage3.16", "stage3.17",
                       "stage3.18", "stage3.19", "stage4.0", "stage4.1"}));
}

//===----------------------------------------------------------------------===//
// Custom networks
//===----------------------------------------------------------------------===//

/// The tiny network with one text replaced.
static std::string change(llvm::StringRef from, llvm::StringRef to) {
  std::string json = getTinyJson().str();
  size_t at = json.find(from);
  EXPECT_NE(at, std::string::npos);
  return json.replace(at, from.size(), to);
}

TEST(Network, custom_networks_are_read) {
  llvm::Expected<NetworkSpec> network = parseNetwork(getTinyJson());
  ASSERT_TRUE(static_cast<bool>(network))
      << llvm::toString(network.takeError());
  EXPECT_EQ(network->variant, "custom");
  ASSERT_EQ(network->heads.size(), 1u);
  EXPECT_EQ(network->heads[0].classes, 3);
  ASSERT_EQ(network->blocks.size(), 11u);
  const BlockSpec &block = network->blocks[7]; // stage3.2, of the second pair
  EXPECT_EQ(block.name, "stage3.2");
  EXPECT_EQ(block.groups, 32);
  EXPECT_EQ(block.stride, 1);
  EXPECT_EQ(block.branches, 1);
  EXPECT_EQ(block.reducedChannels, 2);
  EXPECT_TRUE(block.hasIdentity());
  EXPECT_EQ(network->blocks[1].branches, 2);
  EXPECT_EQ(network->blocks[0].branches, 1);

  // Each head may have its own classes.
  network = parseNetwork(change("\"classes\": 3", "\"classes\": [3, 90]"));
  ASSERT_TRUE(static_cast<bool>(network))
      << llvm::toString(network.takeError());
  ASSERT_EQ(network->heads.size(), 2u);
  EXPECT_EQ(network->heads[1].classes, 90);

  // The last keys may be missing, and an editor's mark stand before the first.
  network = parseNetwork("\xef\xbb\xbf" + change(R"(,
             "branches": [2, 1, 1, 1], "se_pairs": [0, 0, 1, 0],
             "classes": 3)",
                                                 R"(,
             "branches": [2, 1, 1, 1])"));
  ASSERT_TRUE(static_cast<bool>(network))
      << llvm::toString(network.takeError());
  EXPECT_TRUE(network->heads.empty());
  EXPECT_FALSE(network->bnEpsilon.has_value());
  network = parseNetwork(change("3}", "3, \"bn_epsilon\": 1e-3}"));
  ASSERT_TRUE(static_cast<bool>(network))
      << llvm::toString(network.takeError());
  EXPECT_EQ(network->bnEpsilon, 1e-3);
}

/// A network that must be one.
static NetworkSpec parse(const std::string &json) {
  llvm::Expected<NetworkSpec> network = parseNetwork(json);
  if (network)
    return *network;
  ADD_FAILURE() << json << ": " << llvm::toString(network.takeError());
  return {};
}

/// The tiny network with more keys.
static std::string add(const std::string &keys) {
  return change("3}", "3, " + keys + "}");
}

TEST(Network, variants_can_be_changed) {
  NetworkSpec network =
      parse(R"({"base": "s1", "input_channels": 1, "activation": "silu",
                "kernel": [3, 5, 5, 7]})");
  ASSERT_EQ(network.blocks.size(), findVariant("s1")->blocks.size());
  EXPECT_EQ(network.variant, "custom");
  EXPECT_TRUE(network.fixesInputChannels);
  EXPECT_EQ(network.getInputChannels(), 1);
  EXPECT_EQ(network.getFeatures(), 1280);
  const BlockSpec &stem = network.blocks[0], &last = network.blocks.back();
  EXPECT_EQ(stem.kernel, 3);
  EXPECT_EQ(last.kernel, 1);
  EXPECT_EQ(network.blocks[5].kernel, 5); // stage2.0
  EXPECT_EQ(network.blocks[5].getPadding(), 2);
  EXPECT_EQ(network.blocks[41].kernel, 7); // stage4.0
  EXPECT_EQ(last.activation, BlockSpec::Activation::Silu);
  EXPECT_EQ(stem.activation, BlockSpec::Activation::Silu);

  // Any number of stages; one integer is that of each.
  network = parse(R"({"stem": 8, "widths": [8, 16, 24], "pairs": 2,
                      "branches": 1, "se_pairs": 2, "se_width": 4})");
  ASSERT_EQ(network.blocks.size(), 13u);
  EXPECT_EQ(network.blocks.back().name, "stage3.3");
  for (const BlockSpec &block : llvm::drop_begin(network.blocks))
    EXPECT_EQ(block.reducedChannels, 4);
  EXPECT_FALSE(network.blocks[0].hasSqueezeExcite());
  EXPECT_FALSE(network.fixesInputChannels);
}

TEST(Network, reduced_widths_are_rounded_as_in_the_code_bases) {
  auto getWidths = [](const std::string &rounding) {
    NetworkSpec network = parse(
        R"({"stem": 48, "widths": [176, 200, 320], "pairs": 1, "branches": 1,
            "se_pairs": 1, "gate": "hardsigmoid", "se_rounding": ")" +
        rounding + "\"}");
    EXPECT_EQ(network.blocks[1].gate, BlockSpec::Gate::Hardsigmoid);
    return std::vector<int64_t>{
        network.blocks[1].reducedChannels, network.blocks[2].reducedChannels,
        network.blocks[4].reducedChannels, network.blocks[6].reducedChannels};
  };
  // 48 / 16 = 3, 176 / 16 = 11, 200 / 16 = 12.5, 320 / 16 = 20.
  EXPECT_EQ(getWidths("apple"), (std::vector<int64_t>{3, 11, 12, 20}));
  EXPECT_EQ(getWidths("timm"), (std::vector<int64_t>{8, 8, 16, 24}));
  EXPECT_EQ(getWidths("mmpretrain"), (std::vector<int64_t>{8, 16, 16, 24}));
}

TEST(Network, dilation_replaces_strides_beyond_the_output_stride) {
  struct Dilated {
    const char *outputStride;
    int64_t strides[4], dilations[4];
  };
  for (const Dilated &dilated : {Dilated{"32", {2, 2, 2, 2}, {1, 1, 1, 1}},
                                 Dilated{"16", {2, 2, 2, 1}, {1, 1, 1, 2}},
                                 Dilated{"8", {2, 2, 1, 1}, {1, 1, 2, 4}}}) {
    NetworkSpec network =
        parse(std::string(R"({"base": "s0", "kernel": 5, "output_stride": )") +
              dilated.outputStride + "}");
    EXPECT_TRUE(network.fixesDilation);
    for (const BlockSpec &block : llvm::drop_begin(network.blocks)) {
      size_t stage = block.name[5] - '1';
      bool isDepthwise = block.groups != 1;
      bool isFirst = llvm::StringRef(block.name).ends_with(".0");
      EXPECT_EQ(block.stride, isFirst ? dilated.strides[stage] : 1);
      EXPECT_EQ(block.dilation, isDepthwise ? dilated.dilations[stage] : 1);
      EXPECT_EQ(block.getOutputExtent(14),
                isFirst && block.stride == 2 ? 7 : 14);
      // Of a block whose stride was replaced the checkpoint knows.
      EXPECT_EQ(block.identity.has_value(), !isFirst || block.stride == 2);
    }
  }
  EXPECT_FALSE(parse(R"({"base": "s0"})").fixesDilation);
}

TEST(Network, blocks_are_listed_one_by_one) {
  NetworkSpec network = parse(R"({"blocks": [
      {"width": 12, "stride": 2},
      {"kernel": 5, "stride": 2, "branches": 2, "activation": "none"},
      {"width": 20, "se": 3, "gate": "hardsigmoid"},
      {"kernel": 3, "dilation": 2, "scale": false, "identity": false},
      {"name": "stage3.1", "width": 20, "groups": "dense"}],
      "input_channels": 4, "activation": "gelu", "classes": 7})");
  ASSERT_EQ(network.heads.size(), 1u);
  EXPECT_EQ(network.heads[0].classes, 7);
  EXPECT_EQ(network.getInputChannels(), 4);
  EXPECT_TRUE(network.fixesDilation);
  ASSERT_EQ(network.blocks.size(), 5u);
  std::vector<std::string> names;
  for (const BlockSpec &block : network.blocks)
    names.push_back(block.name);
  EXPECT_EQ(names, (std::vector<std::string>{"stem", "stage1.0", "stage1.1",
                                             "stage1.2", "stage3.1"}));
  const BlockSpec &stem = network.blocks[0], &first = network.blocks[1],
                  &second = network.blocks[2], &third = network.blocks[3],
                  &last = network.blocks[4];
  EXPECT_EQ(stem.kernel, 3);
  EXPECT_EQ(stem.groups, 1);
  EXPECT_EQ(stem.activation, BlockSpec::Activation::Gelu);
  EXPECT_EQ(first.groups, 12);
  EXPECT_EQ(first.outputChannels, 12);
  EXPECT_EQ(first.branches, 2);
  EXPECT_TRUE(first.hasScale);
  EXPECT_FALSE(first.hasIdentity());
  EXPECT_EQ(first.activation, BlockSpec::Activation::None);
  EXPECT_EQ(second.kernel, 1);
  EXPECT_FALSE(second.hasScale);
  EXPECT_EQ(second.reducedChannels, 3);
  EXPECT_EQ(second.gate, BlockSpec::Gate::Hardsigmoid);
  EXPECT_EQ(third.dilation, 2);
  EXPECT_FALSE(third.hasScale);
  EXPECT_FALSE(third.hasIdentity());
  EXPECT_TRUE(last.hasIdentity());
}

/// Expects each change of a network to be refused with these words.
static void refuses(const std::string &json,
                    std::initializer_list<const char *> words) {
  SCOPED_TRACE(json.substr(0, 200));
  expectRefusal(parseNetwork(json), words);
}

TEST(Network, what_is_no_short_object_is_refused) {
  refuses("", {"valid JSON"});
  refuses("[]", {"a JSON object"});
  refuses(std::string(70000, ' '), {"short JSON object", "70000"});
  refuses(std::string(100, '['), {"nested too deeply"});
  refuses(std::string(100, '{'), {"nested too deeply"});
  refuses(change("\"stem\": 16", "\"stem\": 16, \"stem\": 8"),
          {"stem: ", "twice"});
  refuses(change("\"stem\": 16", "\"stem\": 16, \"\\u0073tem\": 8"),
          {"stem: ", "twice"});
}

TEST(Network, faulty_outlines_are_refused_by_key) {
  refuses("{}", {"stem: ", "1..16384", "none"});
  refuses(change("stem", "step"), {"step: ", "expects one of", "stem, widths"});
  refuses(change("16,", "\"x\","), {"stem: ", "an integer", "\"x\""});
  refuses(change("16,", "0,"), {"stem: ", "1..16384", "0"});
  refuses(change("[16", "[-1"), {"widths[0]: ", "-1"});
  refuses(change("[16, 32, 32, 48]", "[]"), {"widths: ", "1 to 8 integers"});
  refuses(change("[1, 1, 2, 1]", "[1, 1, 2]"), {"pairs: ", "4 integers"});
  refuses(change("[1, 1, 2, 1]", "[1, 1, 2, 65]"), {"pairs[3]: ", "65"});
  refuses(change("[2, 1, 1, 1]", "0"), {"branches: ", "1..64", "0"});
  refuses(change("[2, 1, 1, 1]", "\"x\""), {"branches: ", "4 integers", "x"});
  refuses(change("[0, 0, 1, 0]", "[0, 0, -1, 0]"), {"se_pairs[2]: ", "-1"});
  refuses(change("[0, 0, 1, 0]", "[0, 0, 3, 0]"),
          {"se_pairs: ", "2 pairs of stage 3", "3"});
  refuses(change("\"classes\": 3", "\"classes\": 0"), {"classes: ", "0"});
  refuses(change("\"classes\": 3", "\"classes\": [3, 0]"),
          {"classes[1]: ", "1..1048576", "0"});
  refuses(change("\"classes\": 3", "\"classes\": []"),
          {"classes: ", "an array of 1 to 64, one per head", "[]"});
  refuses(add("\"bn_epsilon\": -1e-9"), {"bn_epsilon: ", "above 0"});
  refuses(add("\"bn_epsilon\": 0"), {"bn_epsilon: ", "above 0"});
  refuses(add("\"bn_epsilon\": \"x\""), {"bn_epsilon: ", "\"x\""});
  refuses(add("\"input_channels\": 17"), {"input_channels: ", "1..16", "17"});
  refuses(add("\"kernel\": 4"), {"kernel: ", "3, 5 or 7", "4"});
  refuses(add("\"kernel\": [3, 3, 3, 9]"), {"kernel[3]: ", "9"});
  refuses(add("\"activation\": \"elu\""),
          {"activation: ", "relu, gelu, hardswish, silu or none", "elu"});
  refuses(add("\"gate\": \"tanh\""), {"gate: ", "sigmoid or hardsigmoid"});
  refuses(add("\"output_stride\": 4"), {"output_stride: ", "8, 16 or 32"});
  refuses(add("\"se_rounding\": 8"), {"se_rounding: ", "apple, timm or"});
  refuses(add("\"se_width\": 8, \"se_reduction\": 8"),
          {"se_reduction: ", "no se_width"});
  refuses(R"({"base": "s5"})", {"base: ", "s0, s1, s2, s3 or s4", "s5"});
  refuses(R"({"base": "s0", "gate": "sigmoid"})", {"gate: ", "se_pairs"});
  refuses(R"({"base": "s0", "widths": [8, 8]})", {"widths: ", "4 integers"});
  refuses(R"({"stem": 8, "widths": [8, 8], "pairs": 1, "branches": 1,
              "output_stride": 16})",
          {"output_stride: ", "at most 8", "16"});
  // 2^26 weights are as many as an op may have.
  refuses(change("[16, 32, 32, 48]", "[16, 32, 8200, 8200]"),
          {"widths: ", "67108864", "8200x8200 in stage3.3"});
  std::string wide = change("\"classes\": 3", "\"classes\": 1048576");
  refuses(wide.replace(wide.find("48]"), 2, "65"),
          {"classes: ", "67108864", "1048576x65"});
  // Squeezing needs a sixteenth of the channels, unless it is rounded up.
  refuses(change("32, 48", "8, 48"),
          {"se_reduction: ", "8 channels of stage 3", "16"});
}

TEST(Network, faulty_blocks_are_refused_by_path) {
  auto refusesBlock = [](const std::string &block,
                         std::initializer_list<const char *> words) {
    refuses(R"({"blocks": [{"width": 16, "stride": 2}, )" + block + "]}",
            words);
  };
  refuses(R"({"blocks": []})", {"blocks: ", "1 to 256 blocks", "0"});
  refuses(R"({"blocks": [7]})", {"blocks[0]: ", "an object", "7"});
  refuses(R"({"blocks": [{"width": 8}], "stem": 8})",
          {"stem: ", "expects one of"});
  refuses(R"({"blocks": [{"stride": 2}]})",
          {"blocks[0].width: ", "1..16384", "none"});
  refuses(R"({"blocks": [{"width": 8, "name": "stage1.0"}]})",
          {"blocks[0].name: ", "stem", "stage1.0"});
  refuses(R"({"blocks": [{"width": 3, "groups": "depthwise"}]})",
          {"blocks[0].groups: ", "dense of the first"});
  refusesBlock(R"({"kernel": 3, "stride": 5})",
               {"blocks[1].stride: ", "expects 1 or 2, but got 5"});
  refusesBlock(R"({"kernel": 4})", {"blocks[1].kernel: ", "1, 3, 5 or 7"});
  refusesBlock(R"({"kernal": 3})",
               {"blocks[1].kernal: ", "expects one of kernel, stride"});
  refusesBlock(R"({"kernel": 3, "width": 8})",
               {"blocks[1].width: ", "the 16 channels", "8"});
  refusesBlock(R"({"kernel": 3, "dilation": 17})",
               {"blocks[1].dilation: ", "1..16", "17"});
  refusesBlock(R"({"kernel": 3, "groups": 4})",
               {"blocks[1].groups: ", "dense or depthwise", "4"});
  refusesBlock(R"({"kernel": 3, "groups": "dense", "width": 8})",
               {"blocks[1].kernel: ", "expects 1", "3"});
  refusesBlock(R"({"width": 8, "stride": 2})",
               {"blocks[1].stride: ", "expects 1", "2"});
  refusesBlock(R"({"width": 8, "identity": true})",
               {"blocks[1].identity: ", "false"});
  refusesBlock(R"({"width": 8, "scale": 1})",
               {"blocks[1].scale: ", "true or false", "1"});
  refusesBlock(R"({"width": 8, "branches": 0})", {"blocks[1].branches: "});
  refusesBlock(R"({"width": 8, "gate": "sigmoid"})",
               {"blocks[1].gate: ", "se"});
  refusesBlock(R"({"width": 8, "se": 0})", {"blocks[1].se: ", "1..16384"});
  refusesBlock(R"({"width": 8, "activation": "relu6"})",
               {"blocks[1].activation: ", "relu6"});
  for (const char *name : {"stem", "stage0.0", "stage1", "stage01.0",
                           "stage1.x", "stage1.0.1", "stage1.-1", "block1"})
    refusesBlock(R"({"width": 8, "name": ")" + std::string(name) + "\"}",
                 {"blocks[1].name: ", name});
  refusesBlock(R"({"width": 8}, {"width": 8, "name": "stage1.0"})",
               {"blocks[2].name: ", "once", "stage1.0"});
  refusesBlock(R"({"width": 8200}, {"width": 8200})",
               {"blocks[2].width: ", "8200x8200 in stage1.1"});
}

TEST(Network, variants_are_loaded_by_name_or_file) {
  llvm::Expected<NetworkSpec> network = loadNetwork("s3");
  ASSERT_TRUE(static_cast<bool>(network));
  EXPECT_EQ(network->variant, "s3");
  TemporaryFile file("json", getTinyJson());
  network = loadNetwork(file.getPath());
  ASSERT_TRUE(static_cast<bool>(network));
  EXPECT_EQ(network->variant, "custom");
  expectRefusal(loadNetwork("s5"), {"variant: ", "'s5'"});
  expectRefusal(loadNetwork("none.json"), {"none.json: ", "readable file"});
  std::string folder = file.getPath() + ".folder.json";
  ASSERT_FALSE(llvm::sys::fs::create_directory(folder));
  expectRefusal(loadNetwork(folder), {"a folder"});
  llvm::sys::fs::remove(folder);
  TemporaryFile faulty("json", "{}");
  expectRefusal(loadNetwork(faulty.getPath()),
                {faulty.getPath().c_str(), "stem: "});
}
