// Several heads: which stand side by side, and what they are called.
#include "TestTensors.h"

#include "compiler/Import/Heads.h"
#include <cstring>
#include <set>

using namespace mobileone;

namespace {

constexpr Form kHeadless{/*isDeploy=*/true, /*hasHead=*/false};

/// s1, whose features are 1280, with layers behind it.
struct WithLayers : Tensors {
  explicit WithLayers(const char *layout, const char *prefix = "")
      : Tensors("s1", layout, kHeadless) {
    rename([&](llvm::StringRef key) { return prefix + key.str(); });
  }
  WithLayers &addLayer(const std::string &name, std::vector<int64_t> shape) {
    add(name + ".weight", shape).add(name + ".bias", {shape[0]});
    return *this;
  }
};

/// "yaw 90, pitch 66", or an error.
std::string getHeads(llvm::Expected<MatchedNetwork> matched) {
  if (!matched)
    return llvm::toString(matched.takeError());
  EXPECT_EQ(matched->form.hasHead, !matched->network.heads.empty());
  std::string text;
  for (const HeadSpec &head : matched->network.heads)
    text += (text.empty() ? "" : ", ") + head.name + " " +
            std::to_string(head.classes);
  return text;
}

SearchOptions choose(llvm::StringRef heads) {
  SearchOptions options;
  options.heads = llvm::cantFail(parseHeads(heads));
  return options;
}

/// Raw weights and averaged ones, each with two heads. The networks end in
/// `root`, beside which the heads stand.
WithLayers makeTwo(const std::string &root) {
  WithLayers two("timm", ("model." + root).c_str());
  two.addLayer("model.fc_yaw", {90, 1280})
      .addLayer("model.fc_pitch", {66, 1280});
  for (Tensor tensor : std::vector<Tensor>(two.tensors)) {
    tensor.name.replace(0, strlen("model."), "model_ema.");
    two.tensors.push_back(std::move(tensor));
  }
  return two;
}

/// The first parts of the keys of body and heads, or an error.
std::set<std::string> getPrefixes(llvm::Expected<MatchedNetwork> matched) {
  if (!matched)
    return {llvm::toString(matched.takeError())};
  EXPECT_EQ(matched->network.heads.size(), 2u);
  std::set<std::string> prefixes;
  for (const FilledSlot &filled : matched->slots)
    prefixes.insert(llvm::StringRef(filled.slot.key).split('.').first.str() +
                    ".");
  return prefixes;
}

} // namespace

TEST(Heads, those_side_by_side_are_all_taken_in_the_order_of_the_file) {
  WithLayers gaze("apple");
  gaze.addLayer("fc_yaw", {90, 1280}).addLayer("fc_pitch", {66, 1280});
  auto matched = gaze.match();
  ASSERT_TRUE(static_cast<bool>(matched))
      << llvm::toString(matched.takeError());
  ASSERT_GE(matched->slots.size(), 4u);
  std::vector<std::string> slots;
  for (const FilledSlot &filled : llvm::ArrayRef(matched->slots).take_back(4))
    slots.push_back(filled.slot.name + " " + filled.slot.key);
  EXPECT_EQ(slots,
            (std::vector<std::string>{"head.fc_yaw.weight fc_yaw.weight",
                                      "head.fc_yaw.bias fc_yaw.bias",
                                      "head.fc_pitch.weight fc_pitch.weight",
                                      "head.fc_pitch.bias fc_pitch.bias"}));
  EXPECT_TRUE(matched->ignored.empty());
  EXPECT_EQ(getHeads(std::move(matched)), "fc_yaw 90, fc_pitch 66");
  // A bias may be missing.
  EXPECT_EQ(getHeads(gaze.remove("fc_yaw.bias").match()),
            "fc_yaw 90, fc_pitch 66");
}

TEST(Heads, names_are_what_their_keys_do_not_have_in_common) {
  auto getNames = [](const char *layout, const char *prefix,
                     std::vector<const char *> keys) {
    WithLayers tensors(layout, prefix);
    for (const char *key : keys)
      tensors.addLayer(key, {7, 1280});
    return getHeads(tensors.match());
  };
  EXPECT_EQ(getNames("timm", "model.", {"model.heads.age", "model.heads.sex"}),
            "age 7, sex 7");
  EXPECT_EQ(getNames("timm", "", {"head_age.fc.1", "head_sex.fc.1"}),
            "head_age 7, head_sex 7");
  EXPECT_EQ(getNames("apple", "", {"a.x.fc", "a.y.z.fc"}), "x 7, y.z 7");
  // A number alone is no name in C++.
  EXPECT_EQ(getNames("timm", "", {"heads.0", "heads.1"}),
            "heads.0 7, heads.1 7");
  EXPECT_EQ(getNames("timm", "", {"fc1", "fc2"}), "fc1 7, fc2 7");
  // One of each task, as mmpretrain has them beside the backbone.
  EXPECT_EQ(getNames("mmpretrain", "",
                     {"head.task_heads.age.fc", "head.task_heads.sex.fc"}),
            "age 7, sex 7");
  EXPECT_EQ(getNames("apple", "backbone.", {"fc_yaw", "fc_pitch"}),
            "fc_yaw 7, fc_pitch 7");
  // One alone has the name of what it gives.
  EXPECT_EQ(getNames("mmpretrain", "", {"head.task_heads.age.fc"}), " 7");
}

TEST(Heads, a_name_may_be_no_name_of_an_output) {
  WithLayers tensors("timm");
  tensors.addLayer("head_of_the_age", {7, 1280})
      .addLayer("head-of-the-sex", {2, 1280});
  expectRefusal(tensors.match(),
                {"head-of-the-sex: ", "at most 31 letters, digits, '_' and '.'",
                 "'head-of-the-sex'", "--heads=NAME=KEY"});
  EXPECT_EQ(
      getHeads(tensors.match(choose("head_of_the_age,sex=head-of-the-sex"))),
      "head_of_the_age 7, sex 2");
}

TEST(Heads, kinds_of_outputs_are_no_names) {
  for (std::string kind : {"logits", "softmax", "embedding", "features"}) {
    WithLayers tensors("timm");
    tensors.addLayer("heads." + kind, {7, 1280})
        .addLayer("heads.age", {2, 1280});
    std::string other = "another name than '" + kind + "'";
    expectRefusal(tensors.match(), {"heads.", other.c_str(), "a kind of output",
                                    "--heads=NAME=KEY"});
    EXPECT_EQ(getHeads(tensors.match(choose("a=heads." + kind + ",heads.age"))),
              "a 7, age 2");
    // One alone needs no name.
    EXPECT_EQ(getHeads(tensors.match(choose("heads." + kind))), " 7");
    EXPECT_EQ(getHeads(tensors.remove("heads.age.weight")
                           .remove("heads.age.bias")
                           .match()),
              " 7");
  }
}

TEST(Heads, what_may_not_stand_side_by_side_is_asked_about) {
  auto match = [](const std::string &first, std::vector<int64_t> firstShape,
                  const std::string &second, std::vector<int64_t> secondShape) {
    return WithLayers("timm")
        .addLayer(first, firstShape)
        .addLayer(second, secondShape)
        .match();
  };
  // Layers in turn, by what they take.
  expectRefusal(match("classifier.0", {64, 1280}, "classifier.3", {10, 64}),
                {"several layers in turn: 'classifier.0' (64 outputs), "
                 "'classifier.3' (10 outputs); --output=features"});
  expectRefusal(match("embed", {64, 1280}, "fc", {10, 64}),
                {"several layers in turn: 'embed'"});
  // Perhaps: the second takes what the first gives, and the features.
  expectRefusal(match("fc.0", {1280, 1280}, "fc.3", {10, 1280}),
                {"what may be several layers in turn: 'fc.0' (1280 outputs)",
                 "--heads=fc.0,fc.3 takes those that it names"});
  expectRefusal(match("fc_cls", {10, 1280}, "neck", {1280, 1280}),
                {"what may be several layers in turn", "--heads=fc_cls,neck"});
  // Heads that only training needs, and copies.
  for (const char *name :
       {"head_dist", "dist_head", "fc.dist", "dist2", "headDist", "distill.fc",
        "distilled", "fc_distillation", "aux_head", "fc_aux", "teacher_fc",
        "fc_ema"})
    expectRefusal(match("head", {10, 1280}, name, {10, 1280}),
                  {"several heads, some perhaps of training alone: 'head'",
                   name, "--heads=head,"});
  // Convolutions of one pixel are matrices; but of a detector or a segmentation
  // model they are of each pixel of the map.
  EXPECT_EQ(getHeads(match("fc1", {2, 1280, 1, 1}, "fc2", {3, 1280, 1, 1})),
            "fc1 2, fc2 3");
  expectRefusal(match("cls", {80, 1280, 1, 1}, "box", {4, 1280, 1, 1}),
                {"several heads, some perhaps convolutions of a feature map: "
                 "'cls' (80 outputs)",
                 "--heads=cls,box"});
  // Words that only look so.
  EXPECT_EQ(getHeads(match("female", {2, 1280}, "schema", {3, 1280})),
            "female 2, schema 3");
  EXPECT_EQ(getHeads(match("distance", {1, 1280}, "fc_distant", {3, 1280})),
            "distance 1, fc_distant 3");
  // A loss has no head.
  expectRefusal(match("fc", {10, 1280}, "arc_margin", {10, 1280}),
                {"arc_margin.weight: ", "unexpected"});
  // What is wrong beside them goes first.
  expectRefusal(WithLayers("timm")
                    .addLayer("fc.0", {64, 1280})
                    .addLayer("fc.3", {10, 64})
                    .add("scale", {1})
                    .match(),
                {"scale: ", "unexpected"});
}

TEST(Heads, words_before_the_network_do_not_speak_of_its_heads) {
  for (std::string prefix : {"ema_model.", "teacher.", "distributed.", "aux."})
    EXPECT_EQ(getHeads(WithLayers("timm", prefix.c_str())
                           .addLayer(prefix + "fc_yaw", {90, 1280})
                           .addLayer(prefix + "fc_pitch", {66, 1280})
                           .match()),
              "fc_yaw 90, fc_pitch 66")
        << prefix;
  // Heads that stand beside the last part of the prefix.
  EXPECT_EQ(getHeads(WithLayers("apple", "ema_model.net.")
                         .addLayer("ema_model.fc_yaw", {90, 1280})
                         .addLayer("ema_model.fc_pitch", {66, 1280})
                         .match()),
            "fc_yaw 90, fc_pitch 66");
}

TEST(Heads, averaged_ones_go_before_raw_ones) {
  EXPECT_EQ(getPrefixes(makeTwo("").match()),
            (std::set<std::string>{"model_ema."}));
}

TEST(Heads, body_and_heads_are_of_one_network) {
  using Prefixes = std::set<std::string>;
  for (const char *root : {"", "backbone."}) {
    WithLayers two = makeTwo(root);
    EXPECT_EQ(getPrefixes(two.match(choose("fc_yaw,fc_pitch"))),
              Prefixes{"model_ema."});
    EXPECT_EQ(getPrefixes(two.match(choose("model.fc_yaw,model.fc_pitch"))),
              Prefixes{"model."});
    EXPECT_EQ(
        getPrefixes(two.match(choose("model_ema.fc_pitch,model_ema.fc_yaw"))),
        Prefixes{"model_ema."});
    std::string taken =
        std::string("the network of --strip-prefix=model_ema.") + root + ",";
    std::string other = std::string("that of --strip-prefix=model.") + root;
    SearchOptions options = choose("model.fc_yaw,model.fc_pitch");
    options.stripPrefix = "model_ema.";
    expectRefusal(two.match(options), {"heads: ", taken.c_str(),
                                       "got 'model.fc_yaw'", other.c_str()});
    expectRefusal(two.match(choose("model_ema.fc_yaw,model.fc_pitch")),
                  {"heads: expects layers of the network of --strip-prefix="});
  }
  // Two networks may be below one prefix, with or without heads of their own.
  WithLayers nested("timm", "net.");
  nested.addLayer("net.fc", {10, 1280}).addLayer("last", {10, 1280});
  for (Tensor tensor : std::vector<Tensor>(nested.tensors)) {
    tensor.name = "teacher." + tensor.name;
    nested.tensors.push_back(std::move(tensor));
  }
  SearchOptions options = choose("a=fc,b=last");
  options.stripPrefix = "net.";
  EXPECT_EQ(getPrefixes(nested.match(options)), (Prefixes{"last.", "net."}));
  options = choose("a=fc,b=teacher.last");
  options.stripPrefix = "net.";
  expectRefusal(nested.match(options), {"got 'teacher.last'"});
}

TEST(Heads, those_that_are_named_are_taken) {
  WithLayers tensors("timm", "net.");
  tensors.addLayer("net.head", {10, 1280})
      .addLayer("net.head_dist", {10, 1280})
      .addLayer("decoder.head.3", {4, 1280})
      .addLayer("decoder.narrow", {4, 64});
  EXPECT_EQ(getHeads(tensors.match(choose("head"))), " 10");
  EXPECT_EQ(getHeads(tensors.match(choose("main=head"))), "main 10");
  EXPECT_EQ(getHeads(tensors.match(choose("head_dist,head"))),
            "head_dist 10, head 10");
  EXPECT_EQ(getHeads(tensors.match(choose("head,last=net.head_dist"))),
            "head 10, last 10");
  // Also what no rule would find, with what stands beside it.
  EXPECT_EQ(getHeads(tensors.match(choose("decoder.head.3"))), " 4");
  EXPECT_EQ(getHeads(tensors.match(choose("a=head,b=module.decoder.head.3"))),
            "a 10, b 4");
  auto matched = tensors.match(choose("head"));
  ASSERT_TRUE(static_cast<bool>(matched));
  EXPECT_EQ(matched->ignored.size(), 6u);

  expectRefusal(
      tensors.match(choose("fc")),
      {"heads: ", "'net.head' (10 outputs), 'net.head_dist'", "got 'fc'"});
  expectRefusal(tensors.match(choose("stages.3.1.reparam_conv")),
                {"behind the network", "got 'stages.3.1.reparam_conv'"});
  expectRefusal(tensors.match(choose("head,net.head")),
                {"each head once", "'net.head' twice"});
  expectRefusal(tensors.match(choose("decoder.narrow")),
                {"decoder.narrow.weight: ", "shape 4x1280", "4x64"});
  // Names are their own.
  expectRefusal(tensors.match(choose("head,head=head_dist")),
                {"net.head_dist: ", "another name than 'head'", "'net.head'"});
  expectRefusal(tensors.match(choose("stem=head")),
                {"net.head: ", "that of the block 'stem'"});
  // The network itself stays whole.
  expectRefusal(tensors.add("net.scale", {1}).match(choose("head")),
                {"net.scale: ", "unexpected"});
}

TEST(Heads, they_may_be_left_out) {
  WithLayers gaze("apple");
  gaze.addLayer("fc_yaw", {90, 1280}).addLayer("fc_pitch", {66, 1280});
  SearchOptions features;
  features.wantsHeads = false;
  auto matched = gaze.match(features);
  ASSERT_TRUE(static_cast<bool>(matched))
      << llvm::toString(matched.takeError());
  EXPECT_EQ(matched->ignored.size(), 4u);
  EXPECT_EQ(getHeads(std::move(matched)), "");
}

TEST(Heads, what_stands_between_them_and_the_network_is_refused) {
  WithLayers beside("apple", "net.");
  beside.addLayer("fc_yaw", {90, 1280}).addLayer("fc_pitch", {90, 1280});
  EXPECT_EQ(getHeads(beside.match()), "fc_yaw 90, fc_pitch 90");
  expectRefusal(beside.add("neck.weight", {1280}).match(),
                {"neck.weight: ", "unexpected"});
}

TEST(Heads, a_file_of_the_network_says_their_classes) {
  auto match = [](const std::string &classes) {
    TemporaryFile file("json", R"({"base": "s1", "classes": )" + classes + "}");
    SearchOptions options;
    options.variant = file.getPath();
    WithLayers tensors("timm");
    tensors.addLayer("age", {1, 1280}).addLayer("sex", {2, 1280});
    return getHeads(tensors.match(options));
  };
  EXPECT_EQ(match("[1, 2]"), "age 1, sex 2");
  EXPECT_NE(match("[2, 2]").find("age.weight: expects shape 2x1280"),
            std::string::npos);
  EXPECT_NE(match("2").find("age.weight: expects shape 2x1280"),
            std::string::npos);
  EXPECT_NE(match("[1, 2, 3]")
                .find("expects 3 heads, as the classes of "
                      "--variant's file, but got 2: 'age', "
                      "'sex'"),
            std::string::npos);
}
