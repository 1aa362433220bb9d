// The table of variants, custom networks, and what is counted from them.
#include "TestImport.h"

#include "CheckpointWriter.h"
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
    if (block.hasSqueezeExcite)
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
  EXPECT_EQ(network->classes, 3);
  ASSERT_EQ(network->blocks.size(), 11u);
  const BlockSpec &block = network->blocks[7]; // stage3.2, of the second pair
  EXPECT_EQ(block.name, "stage3.2");
  EXPECT_EQ(block.groups, 32);
  EXPECT_EQ(block.stride, 1);
  EXPECT_EQ(block.branches, 1);
  EXPECT_TRUE(block.hasSqueezeExcite);
  EXPECT_TRUE(block.hasIdentity());
  EXPECT_EQ(network->blocks[1].branches, 2);
  EXPECT_EQ(network->blocks[0].branches, 1);

  // The last keys may be missing, and an editor's mark stand before the first.
  network = parseNetwork("\xef\xbb\xbf" + change(R"(,
             "branches": [2, 1, 1, 1], "se_pairs": [0, 0, 1, 0],
             "classes": 3)",
                                                 R"(,
             "branches": [2, 1, 1, 1])"));
  ASSERT_TRUE(static_cast<bool>(network))
      << llvm::toString(network.takeError());
  EXPECT_EQ(network->classes, 0);
  EXPECT_FALSE(network->bnEpsilon.has_value());
  network = parseNetwork(change("3}", "3, \"bn_epsilon\": 1e-3}"));
  ASSERT_TRUE(static_cast<bool>(network))
      << llvm::toString(network.takeError());
  EXPECT_EQ(network->bnEpsilon, 1e-3);
}

TEST(Network, faulty_custom_networks_are_refused_by_key) {
  auto refuses = [](const std::string &json,
                    std::initializer_list<const char *> words) {
    expectRefusal(parseNetwork(json), words);
  };
  refuses("", {"valid JSON"});
  refuses("[]", {"a JSON object"});
  refuses(std::string(70000, ' '), {"short JSON object", "70000"});
  refuses(std::string(100, '['), {"nested too deeply"});
  refuses(std::string(100, '{'), {"nested too deeply"});
  refuses(change("\"stem\": 16", "\"stem\": 16, \"stem\": 8"),
          {"stem: ", "twice"});
  refuses(change("\"stem\": 16", "\"stem\": 16, \"\\u0073tem\": 8"),
          {"stem: ", "twice"});
  refuses(change("3}", "3, \"bn_epsilon\": 0}"), {"bn_epsilon: ", "above 0"});
  refuses(change("3}", "3, \"bn_epsilon\": \"x\"}"),
          {"bn_epsilon: ", "something else"});
  refuses(change("stem", "step"), {"step: ", "known key"});
  refuses(change("16,", "\"x\","), {"stem: ", "an integer"});
  refuses(change("16,", "0,"), {"stem: ", "1..16384", "0"});
  refuses(change("[16", "[-1"), {"widths: ", "-1"});
  refuses(change("[1, 1, 2, 1]", "[1, 1, 2]"), {"pairs: ", "4 integers"});
  refuses(change("[1, 1, 2, 1]", "[1, 1, 2, 65]"), {"pairs: ", "65"});
  refuses(change("[2, 1, 1, 1]", "7"), {"branches: ", "4 integers"});
  refuses(change("[0, 0, 1, 0]", "[0, 0, -1, 0]"), {"se_pairs: ", "-1"});
  refuses(change("[0, 0, 1, 0]", "[0, 0, 3, 0]"),
          {"se_pairs: ", "2 pairs", "3"});
  refuses(change("\"classes\": 3", "\"classes\": 0"), {"classes: ", "0"});
  refuses(change("3}", "3, \"bn_epsilon\": -1e-9}"),
          {"bn_epsilon: ", "-1e-09"});
  // 2^26 weights are as many as an op may have.
  refuses(change("[16, 32, 32, 48]", "[16, 32, 8200, 8200]"),
          {"widths: ", "67108864", "8200x8200 in stage3.3"});
  std::string wide = change("\"classes\": 3", "\"classes\": 1048576");
  refuses(wide.replace(wide.find("48]"), 2, "65"),
          {"classes: ", "67108864", "1048576x65"});
  // Squeezing needs a sixteenth of the channels.
  refuses(change("32, 48", "8, 48"), {"se_pairs: ", "16 channels"});
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
