// Words for outputs and heads, and what they are of a network.
#include "TestImport.h"

#include "compiler/Import/Outputs.h"

using namespace mobileone;

namespace {

NetworkSpec withHeads(std::vector<HeadSpec> heads) {
  NetworkSpec network = *findVariant("s0");
  network.heads = std::move(heads);
  return network;
}

/// "yaw, pitch.softmax, stage4", or an error.
std::string getNames(const NetworkSpec &network,
                     std::vector<std::string> words) {
  auto requests = parseOutputs(words);
  if (!requests)
    return llvm::toString(requests.takeError());
  auto outputs = findOutputs(network, *requests);
  if (!outputs)
    return llvm::toString(outputs.takeError());
  std::string text;
  for (const NetworkOutput &output : *outputs)
    text +=
        (text.empty() ? "" : ", ") + (output.name.empty() ? "-" : output.name);
  return text;
}

} // namespace

TEST(Outputs, words_are_kinds_with_their_parts) {
  for (std::vector<std::string> words :
       {std::vector<std::string>{"logits"},
        {"logits=yaw", "pitch", "softmax=yaw", "features=stem", "1"},
        {"features", "features=1", "2", "embedding", "softmax"},
        {"softmax=yaw", "logits=yaw"}}) {
    auto outputs = parseOutputs(words);
    ASSERT_TRUE(static_cast<bool>(outputs))
        << llvm::toString(outputs.takeError());
    EXPECT_EQ(outputs->size(), words.size());
    EXPECT_EQ(formatOutputs(*outputs), llvm::join(words, ","));
  }
  expectRefusal(parseOutputs({"logits="}), {"logits=HEADS", "got 'logits='"});
  expectRefusal(parseOutputs({"embedding=1"}), {"got 'embedding=1'"});
  expectRefusal(parseOutputs({"logits", "yaw"}), {"got 'yaw'"});
  expectRefusal(parseOutputs({"logits=yaw", "pitch", "yaw"}),
                {"each output once", "'yaw' twice"});
}

TEST(Outputs, heads_are_keys_that_may_have_names) {
  auto heads = parseHeads("yaw=fc_yaw,fc.pitch-2");
  ASSERT_TRUE(static_cast<bool>(heads)) << llvm::toString(heads.takeError());
  ASSERT_EQ(heads->size(), 2u);
  EXPECT_EQ((*heads)[0].name, "yaw");
  EXPECT_EQ((*heads)[0].key, "fc_yaw");
  EXPECT_EQ((*heads)[1].name, "");
  EXPECT_EQ((*heads)[1].key, "fc.pitch-2");
  EXPECT_EQ(formatHeads(*heads), "yaw=fc_yaw,fc.pitch-2");
  for (const char *text : {"", "a,", "yaw=", "a=b=c"})
    expectRefusal(parseHeads(text), {"KEY or NAME=KEY", "but got '"});
  expectRefusal(parseHeads("=fc"), {"names of at most 31", "got ''"});
  expectRefusal(parseHeads("a-b=fc"), {"names of at most 31", "got 'a-b'"});
  for (std::string kind : {"logits", "softmax", "embedding", "features"}) {
    std::string other = "another name than '" + kind + "', which is a kind";
    expectRefusal(parseHeads("a=x," + kind + "=y"),
                  {other.c_str(), "--heads=NAME=KEY"});
  }
  expectRefusal(parseHeads("fc,a=fc"), {"each head once", "'fc' twice"});
  expectRefusal(parseHeads("a=x,a=y"), {"each head once", "'a' twice"});
}

TEST(Outputs, each_head_gives_one) {
  NetworkSpec gaze = withHeads({{"yaw", 90}, {"pitch", 90}});
  EXPECT_EQ(getNames(gaze, {}), "yaw, pitch");
  EXPECT_EQ(getNames(gaze, {"softmax"}), "yaw, pitch");
  EXPECT_EQ(getNames(gaze, {"features=4", "logits", "embedding"}),
            "stage4, yaw, pitch, -");
  EXPECT_EQ(getNames(gaze, {"logits=pitch"}), "pitch");
  EXPECT_EQ(getNames(gaze, {"softmax=pitch", "logits=yaw"}), "pitch, yaw");
  // Two of one head differ in their names.
  EXPECT_EQ(getNames(gaze, {"softmax=yaw", "logits"}),
            "yaw.softmax, yaw, pitch");
  // As an object calls it.
  EXPECT_EQ(getNames(gaze, {"softmax=yaw.softmax", "logits=yaw"}),
            "yaw.softmax, yaw");
  EXPECT_EQ(getNames(gaze, {"logits=roll"}),
            "output: expects as heads yaw, pitch (--heads chooses others), but "
            "got 'roll'");
  EXPECT_EQ(getNames(gaze, {"logits=yaw.softmax"}),
            "output: expects as heads yaw, pitch (--heads chooses others), but "
            "got 'yaw.softmax'");
}

TEST(Outputs, names_differ_in_macros_too) {
  const std::string differ = "output: expects names that differ in more than "
                             "upper case and '.' for '_', but got ";
  const std::string advice =
      ": choose other names of heads by --heads=NAME=KEY";
  NetworkSpec points = withHeads({{"fc.a", 2}, {"fc_a", 2}});
  EXPECT_EQ(getNames(points, {}),
            differ + "'fc.a' (logits) and 'fc_a' (logits)" + advice);
  EXPECT_EQ(getNames(points, {"softmax=fc_a", "logits=fc.a"}),
            differ + "'fc_a' (softmax) and 'fc.a' (logits)" + advice);
  EXPECT_EQ(getNames(points, {"logits=fc_a"}), "fc_a");
  EXPECT_EQ(getNames(withHeads({{"A", 2}, {"a", 2}}), {}),
            differ + "'A' (logits) and 'a' (logits)" + advice);
  // With the suffix, and with a level.
  NetworkSpec suffix = withHeads({{"a", 2}, {"a_softmax", 2}});
  EXPECT_EQ(getNames(suffix, {}), "a, a_softmax");
  EXPECT_EQ(getNames(suffix, {"logits", "softmax=a"}),
            differ + "'a_softmax' (logits) and 'a.softmax' (softmax)" + advice);
  EXPECT_EQ(getNames(withHeads({{"stage4", 2}}), {"logits", "features"}),
            differ + "'stage4' (logits) and 'stage4' (features)" + advice);
}

TEST(Outputs, names_stay_short_with_their_suffix) {
  std::string most(31, 'a'), fits(23, 'a');
  NetworkSpec network = withHeads({{most, 2}, {"b", 2}});
  EXPECT_EQ(getNames(network, {"softmax"}), most + ", b");
  EXPECT_EQ(getNames(network, {"logits", "softmax"}),
            "output: expects names of at most 31 characters, but got '" + most +
                ".softmax' for probabilities beside logits: choose a shorter "
                "name of the head by --heads=NAME=KEY");
  EXPECT_EQ(getNames(withHeads({{fits, 2}}), {"logits", "softmax"}),
            fits + ", " + fits + ".softmax");
}

TEST(Outputs, those_of_a_head_are_there_once) {
  NetworkSpec gaze = withHeads({{"yaw", 90}, {"pitch", 90}});
  EXPECT_EQ(getNames(gaze, {"logits", "logits=yaw"}),
            "output: expects each output once, but got logits=yaw twice");
  EXPECT_EQ(getNames(gaze, {"softmax=yaw", "logits", "softmax=yaw.softmax"}),
            "output: expects each output once, but got softmax=yaw twice");
  EXPECT_EQ(getNames(withHeads({{"", 10}}), {"logits", "logits=logits"}),
            "output: expects each output once, but got logits twice");
}

TEST(Outputs, there_are_sixteen_at_most) {
  std::vector<HeadSpec> heads;
  for (int i = 0; i != 17; ++i)
    heads.push_back({"fc" + std::to_string(i), 2});
  NetworkSpec network = withHeads(heads);
  EXPECT_EQ(getNames(network, {}),
            "output: expects at most 16 outputs, but got 17 with those of each "
            "head: logits=HEADS and softmax=HEADS are of some");
  EXPECT_EQ(getNames(network, {"logits=fc16", "fc0"}), "fc16, fc0");
  heads.pop_back();
  EXPECT_TRUE(llvm::StringRef(getNames(withHeads(heads), {})).ends_with("15"));
}

TEST(Outputs, the_only_head_is_called_by_its_kind) {
  NetworkSpec one = withHeads({{"", 10}});
  EXPECT_EQ(getNames(one, {}), "-");
  EXPECT_EQ(getNames(one, {"logits", "softmax"}), "-, -");
  EXPECT_EQ(getNames(one, {"logits=logits", "softmax=softmax"}), "-, -");
  EXPECT_EQ(getNames(one, {"logits=fc"}),
            "output: expects no name of the only head (--heads=NAME=KEY names "
            "it), but got 'fc'");
  EXPECT_EQ(getNames(withHeads({{"yaw", 10}}), {"logits=fc"}),
            "output: expects no name of the only head but yaw "
            "(--heads=NAME=KEY names it), but got 'fc'");
  EXPECT_EQ(getNames(withHeads({}), {}), "stage4");
  EXPECT_NE(getNames(withHeads({}), {"softmax"}).find("expect a classifier"),
            std::string::npos);
}
