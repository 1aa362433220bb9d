// Which network a set of tensors is, and what is said when it is none.
#include "TestTensors.h"

using namespace mobileone;

namespace {

constexpr Form kTrain{/*isDeploy=*/false, /*hasHead=*/true};
constexpr Form kDeploy{/*isDeploy=*/true, /*hasHead=*/true};
constexpr Form kHeadless{/*isDeploy=*/true, /*hasHead=*/false};

} // namespace

TEST(Matching, every_variant_in_every_layout_and_form) {
  for (const NetworkSpec &network : getVariants())
    for (const KeyLayout &layout : getLayouts())
      for (Form form : {kTrain, kDeploy}) {
        auto matched = Tensors(network.variant, layout.name, form).match();
        ASSERT_TRUE(static_cast<bool>(matched))
            << network.variant << " " << layout.name.str() << ": "
            << llvm::toString(matched.takeError());
        EXPECT_EQ(matched->network.variant, network.variant);
        ASSERT_EQ(matched->network.heads.size(), 1u);
        EXPECT_EQ(matched->network.heads[0].classes, 10);
        EXPECT_EQ(matched->form.isDeploy, form.isDeploy);
        EXPECT_TRUE(matched->form.hasHead);
      }
}

TEST(Matching, the_variant_asked_for_must_be_the_one_found) {
  EXPECT_TRUE(static_cast<bool>(Tensors("s2", "timm", kDeploy).match("s2")));
  expectRefusal(Tensors("s2", "timm", kDeploy).match("s1"),
                {"expects the tensors of s1", "those of s2"});
  expectRefusal(Tensors("s2", "timm", kDeploy).match("s9"), {"'s9'"});
}

TEST(Matching, prefixes_of_wrappers_are_no_part_of_a_name) {
  auto wrap = [](llvm::StringRef name) {
    return ("module._orig_mod." + name).str();
  };
  EXPECT_TRUE(static_cast<bool>(
      Tensors("s1", "mmpretrain", kTrain).rename(wrap).match()));
  expectRefusal(
      Tensors("s1", "timm", kTrain).add("module.head.fc.bias", {10}).match(),
      {"module.head.fc.bias: ", "once"});
}

TEST(Matching, counters_of_batch_norms_are_ignored) {
  Tensors tensors("s1", "apple", kTrain);
  tensors.add("stage0.rbr_scale.bn.num_batches_tracked", {}, "I64");
  EXPECT_TRUE(static_cast<bool>(tensors.match()));
  // One counts batches, not more.
  expectRefusal(Tensors("s1", "apple", kTrain)
                    .add("stage0.rbr_scale.bn.num_batches_tracked", {64}, "I64")
                    .match(),
                {"stage0.rbr_scale.bn.num_batches_tracked: ", "unexpected"});
  // But only those of its own batch norms.
  tensors.add("stage0.rbr_skip.num_batches_tracked", {}, "I64");
  expectRefusal(tensors.match(),
                {"stage0.rbr_skip.num_batches_tracked: ", "unexpected"});
}

TEST(Matching, an_encoder_needs_no_classifier) {
  Tensors tensors("s0", "encoder", kHeadless);
  tensors.add("decoder.blocks.0.weight", {3}, "I8")
      .add("segmentation_head.0.bias", {1});
  auto matched = tensors.match();
  ASSERT_TRUE(static_cast<bool>(matched))
      << llvm::toString(matched.takeError());
  EXPECT_FALSE(matched->form.hasHead);
  EXPECT_EQ(matched->ignored.size(), 2u);
  // Below the encoder nothing else may be there.
  expectRefusal(tensors.add("encoder.extra", {1}).match(),
                {"encoder.extra: ", "unexpected"});
  for (const KeyLayout &layout : getLayouts()) {
    auto alone = Tensors("s1", layout.name, kHeadless).match();
    ASSERT_TRUE(static_cast<bool>(alone)) << llvm::toString(alone.takeError());
    EXPECT_FALSE(alone->form.hasHead);
  }
}

TEST(Matching, images_have_the_channels_of_the_stem) {
  for (int64_t channels : {1, 4, 16}) {
    Tensors tensors("s1", "timm", kTrain);
    tensors.reshape("stem.conv_kxk.0.conv.weight", {64, channels, 3, 3})
        .reshape("stem.conv_scale.conv.weight", {64, channels, 1, 1});
    for (const char *variant : {"auto", "s1"}) {
      auto matched = tensors.match(variant);
      ASSERT_TRUE(static_cast<bool>(matched))
          << llvm::toString(matched.takeError());
      EXPECT_EQ(matched->network.variant, "s1");
      EXPECT_EQ(matched->network.getInputChannels(), channels);
    }
    // A file may say how many they must be.
    TemporaryFile file("json", R"({"base": "s1", "input_channels": 3})");
    expectRefusal(tensors.match(file.getPath().c_str()),
                  {"stem.conv_kxk.0.conv.weight: ", "shape 64x3x3x3"});
  }
  expectRefusal(Tensors("s1", "timm", kDeploy)
                    .reshape("stem.reparam_conv.weight", {64, 17, 3, 3})
                    .match(),
                {"stem.reparam_conv.weight: ", "64x3x3x3", "64x17x3x3"});
  // Both branches see the same image.
  expectRefusal(Tensors("s1", "timm", kTrain)
                    .reshape("stem.conv_kxk.0.conv.weight", {64, 1, 3, 3})
                    .match(),
                {"stem.conv_scale.conv.weight: ", "64x1x1x1", "64x3x1x1"});
}

TEST(Matching, a_block_whose_stride_was_replaced_may_have_an_identity) {
  TemporaryFile file("json", R"({"base": "s1", "output_stride": 16})");
  auto getFirst = [&](Tensors &tensors) {
    auto matched = tensors.match(file.getPath().c_str());
    EXPECT_TRUE(static_cast<bool>(matched))
        << llvm::toString(matched.takeError());
    const BlockSpec &block = matched->network.blocks[41];
    EXPECT_EQ(block.name, "stage4.0");
    EXPECT_EQ(block.dilation, 2);
    return block.identity;
  };
  Tensors tensors("s1", "apple", kTrain);
  EXPECT_EQ(getFirst(tensors), false);
  for (const char *part : {"weight", "bias", "running_mean", "running_var"})
    tensors.add(std::string("stage4.0.rbr_skip.") + part, {512});
  EXPECT_EQ(getFirst(tensors), true);
  expectRefusal(tensors.match(), {"stage4.0.rbr_skip.", "unexpected"});
  // Beside a decoder that dilates the encoder the file knows how.
  Tensors encoder("s1", "encoder", kHeadless);
  encoder.add("decoder.aspp.0.convs.0.0.weight", {4});
  EXPECT_EQ(getFirst(encoder), false);
}

TEST(Matching, dilated_encoders_are_refused) {
  for (const char *key :
       {"decoder.aspp.0.convs.0.0.weight", "decoder.fpa.branch1.0.weight"})
    for (const char *prefix : {"", "model."}) {
      auto wrap = [&](llvm::StringRef name) { return prefix + name.str(); };
      std::string wrapped = wrap(key);
      expectRefusal(Tensors("s0", "encoder", kHeadless)
                        .add(key, {4})
                        .rename(wrap)
                        .match(),
                    {wrapped.c_str(), "without dilation", "output_stride"});
    }
  // timm's names in an encoder of segmentation_models_pytorch.
  expectRefusal(Tensors("s0", "timm features", kHeadless)
                    .rename([](llvm::StringRef name) {
                      return ("encoder.model." + name).str();
                    })
                    .add("decoder.aspp.0.weight", {4})
                    .match(),
                {"decoder.aspp.0.weight: ", "without dilation"});
}

TEST(Matching, decoders_of_other_networks_dilate_nothing) {
  auto addTo = [](const char *prefix, const char *layout, Form form,
                  const char *key) {
    return Tensors("s0", layout, form)
        .rename([&](llvm::StringRef name) { return prefix + name.str(); })
        .add(key, {4})
        .match();
  };
  for (auto [prefix, layout, form, key] :
       {std::tuple("student.", "apple", kDeploy, "teacher.decoder.aspp.0.w"),
        std::tuple("a.", "encoder", kHeadless, "b.decoder.aspp.0.weight"),
        std::tuple("", "encoder", kHeadless, "aspp.weight"),
        std::tuple("", "mmpretrain", kHeadless, "decoder.aspp.0.weight"),
        // With a classifier the network is whole.
        std::tuple("", "encoder", kDeploy, "decoder.aspp.0.weight")}) {
    auto matched = addTo(prefix, layout, form, key);
    EXPECT_TRUE(static_cast<bool>(matched))
        << key << ": " << llvm::toString(matched.takeError());
  }
}

TEST(Matching, a_classifier_may_have_any_name) {
  // timm's name is head.fc, features of s1 are 1280.
  auto rename = [](const char *name, std::vector<int64_t> shape,
                   bool hasBias = true) {
    Tensors tensors("s1", "timm", kHeadless);
    tensors.add(std::string(name) + ".weight", shape);
    if (hasBias)
      tensors.add(std::string(name) + ".bias", {shape[0]});
    return tensors.match();
  };
  for (const char *name : {"head.fc.1", "linear.1", "fc", "classifier",
                           "classifier.1", "head", "my_logits"})
    for (bool hasBias : {true, false}) {
      auto matched = rename(name, {7, 1280}, hasBias);
      ASSERT_TRUE(static_cast<bool>(matched))
          << name << ": " << llvm::toString(matched.takeError());
      EXPECT_TRUE(matched->form.hasHead);
      ASSERT_EQ(matched->network.heads.size(), 1u);
      EXPECT_EQ(matched->network.heads[0].classes, 7);
    }
  // A convolution of one pixel is a matrix.
  EXPECT_TRUE(static_cast<bool>(rename("classifier", {7, 1280, 1, 1})));
  // A usual name with another shape is faulty, an unusual one is unknown.
  expectRefusal(rename("classifier", {7, 1281}),
                {"classifier.weight: ", "shape 7x1280", "7x1281"});
  expectRefusal(rename("my_logits", {7, 1281}),
                {"my_logits.weight: ", "unexpected"});
  expectRefusal(
      Tensors("s1", "timm", kHeadless).add("head.fc.bias", {7}).match(),
      {"head.fc.weight: ", "shape Nx1280", "missing"});
}

TEST(Matching, heads_of_other_tasks_stand_beside_a_backbone) {
  // What a segmentation model, a detector and a pose model add.
  for (const char *name :
       {"decode_head.conv_seg", "neck.lateral_convs.1.conv", "conv_seg",
        "roi_head.bbox_head.fc_cls", "head.final_layer"}) {
    Tensors tensors("s1", "mmpretrain", kHeadless);
    tensors.add(std::string(name) + ".weight", {19, 1280, 1, 1})
        .add(std::string(name) + ".bias", {19});
    for (bool wantsHeads : {true, false})
      for (const char *prefix : {"", "backbone."}) {
        SearchOptions options;
        options.wantsHeads = wantsHeads;
        if (*prefix)
          options.stripPrefix = prefix;
        auto matched = tensors.match(options);
        ASSERT_TRUE(static_cast<bool>(matched))
            << name << ": " << llvm::toString(matched.takeError());
        EXPECT_FALSE(matched->form.hasHead) << name;
        EXPECT_EQ(matched->ignored.size(), 2u) << name;
      }
    // The same beside a backbone that has timm's names.
    auto matched = Tensors("s1", "timm", kHeadless)
                       .rename([](llvm::StringRef key) {
                         return ("backbone." + key).str();
                       })
                       .add(std::string(name) + ".weight", {19, 1280, 1, 1})
                       .match();
    ASSERT_TRUE(static_cast<bool>(matched))
        << name << ": " << llvm::toString(matched.takeError());
    EXPECT_FALSE(matched->form.hasHead) << name;
  }
  // A classifier at the usual place is one, and then a neck may change what it
  // takes.
  for (const char *name : {"head.fc", "fc", "head", "classifier.1", "my_fc"}) {
    Tensors tensors("s1", "mmpretrain", kHeadless);
    tensors.add(std::string(name) + ".weight", {7, 1280})
        .add(std::string(name) + ".bias", {7});
    auto matched = tensors.match();
    ASSERT_TRUE(static_cast<bool>(matched))
        << name << ": " << llvm::toString(matched.takeError());
    EXPECT_TRUE(matched->form.hasHead) << name;
    tensors.add("neck.bn.weight", {1280});
    expectRefusal(tensors.match(), {"neck.bn.weight: ", "unexpected"});
    SearchOptions features;
    features.wantsHeads = false;
    EXPECT_TRUE(static_cast<bool>(tensors.match(features)));
  }
}

TEST(Matching, layers_in_turn_are_left_out_of_features) {
  using Layers = std::vector<std::pair<const char *, std::vector<int64_t>>>;
  for (const Layers &layers :
       {Layers{{"head.0", {64, 1280}}, {"head.1", {64}}, {"head.3", {10, 64}}},
        Layers{{"fc1", {64, 1280}}, {"fc2", {10, 64}}},
        Layers{{"mlp.0", {64, 1280}}, {"mlp.2", {10, 64}}},
        Layers{{"classifier.0", {64, 1280, 1, 1}}, {"classifier.2", {10, 64}}},
        Layers{{"classifier.1", {64, 1280}}, {"classifier.3", {10, 64}}}})
    for (const char *prefix : {"", "model."}) {
      Tensors tensors("s1", "timm", kHeadless);
      for (const auto &[name, shape] : layers)
        tensors.add(std::string(name) + ".weight", shape)
            .add(std::string(name) + ".bias", {shape[0]});
      tensors.rename([&](llvm::StringRef key) { return prefix + key.str(); });
      std::string first = prefix + std::string(layers.front().first);
      expectRefusal(tensors.match(), {"several layers in turn", first.c_str(),
                                      "--output=features"});
      SearchOptions features;
      features.wantsHeads = false;
      auto matched = tensors.match(features);
      ASSERT_TRUE(static_cast<bool>(matched))
          << first << ": " << llvm::toString(matched.takeError());
      EXPECT_EQ(matched->ignored.size(), 2 * layers.size());
    }
  // Where the advice would not help, it is not given.
  expectRefusal(Tensors("s1", "timm", kHeadless)
                    .add("fc1.weight", {64, 1280})
                    .add("norm.weight", {64})
                    .add("fc2.weight", {10, 64})
                    .match(),
                {"norm.weight: ", "unexpected"});
  // Modules that are only numbered have no Sequential of their own around them.
  Tensors numbered("s1", "timm", kHeadless);
  numbered.rename([](llvm::StringRef key) { return ("model." + key).str(); })
      .add("model.1.weight", {64, 1280})
      .add("model.2.weight", {10, 1280})
      .add("model.extra", {1});
  expectRefusal(numbered.match(), {"model.extra: ", "unexpected"});
}

TEST(Matching, a_classifier_has_a_plausible_number_of_classes) {
  auto match = [](int64_t classes) {
    return Tensors("s1", "mmpretrain", kHeadless)
        .add("head.fc.weight", {classes, 1280})
        .add("head.fc.bias", {classes})
        .match();
  };
  expectRefusal(match(0), {"head.fc.weight: ", "at least one class", "0x1280"});
  // 2^26 / 1280 = 52428.8
  EXPECT_TRUE(static_cast<bool>(match(52428)));
  expectRefusal(match(52429),
                {"head.fc.weight: ", "at most 52428 classes", "52429x1280"});
}

TEST(Matching, faulty_tensors_are_refused_by_name) {
  auto s1 = [] { return Tensors("s1", "timm", kTrain); };
  expectRefusal(
      s1().remove("stem.conv_scale.bn.bias").match(),
      {"stem.conv_scale.bn.bias: ", "shape 64", "s1", "timm", "missing"});
  expectRefusal(s1().reshape("head.fc.bias", {11}).match(),
                {"head.fc.bias: ", "shape 10 ", "got 11"});
  expectRefusal(s1().reshape("head.fc.weight", {10}).match(),
                {"head.fc.weight: ", "got 10"});
  expectRefusal(
      s1().reshape("stages.0.1.conv_kxk.0.conv.weight", {96, 64}).match(),
      {"96x64x1x1", "got 96x64"});
  expectRefusal(
      s1().remove("head.fc.bias").add("head.fc.bias", {10}, "U8").match(),
      {"head.fc.bias: ", "f16, bf16, f32 or f64", "u8"});
  expectRefusal(s1().add("stages.0.0.attn.fc1.bias", {4}).match(),
                {"stages.0.0.attn.fc1.bias: ", "unexpected", "shape 4"});
  // A fifth branch of s0.
  expectRefusal(Tensors("s0", "timm", kTrain)
                    .add("stages.0.0.conv_kxk.4.conv.weight", {48, 1, 3, 3})
                    .match(),
                {"stages.0.0.conv_kxk.4.conv.weight: ", "unexpected"});
}

TEST(Matching, blocks_of_two_forms_are_refused) {
  expectRefusal(Tensors("s1", "apple", kTrain)
                    .add("stage2.3.reparam_conv.bias", {192})
                    .match(),
                {"stage2.3: ", "train form", "half deployed"});
  expectRefusal(Tensors("s1", "apple", kDeploy)
                    .add("stage0.rbr_scale.conv.weight", {64, 3, 1, 1})
                    .match(),
                {"stage0: ", "deploy form", "half deployed"});
}

TEST(Matching, other_networks_are_told_what_differs) {
  expectRefusal(Tensors().match(), {"got none"});
  expectRefusal(Tensors()
                    .add("conv1.weight", {64, 3, 7, 7})
                    .add("layer1.0.conv1.weight", {64, 64, 3, 3})
                    .match(),
                {"conv1.weight: ", "stem of a MobileOne",
                 "stem.conv_kxk.0.conv.weight", "2 tensors of another"});
  // Other widths in every stage.
  Tensors narrow("s1", "timm", kDeploy);
  for (const Slot &slot :
       listSlots(*findVariant("s1"), getLayouts()[2], kDeploy)) {
    llvm::SmallVector<int64_t, 4> shape = slot.shape;
    shape[0] /= 2;
    narrow.reshape(slot.key, shape);
  }
  expectRefusal(narrow.match(),
                {"s1 64: 96, 192, 512, 1280;", "got 32: 48, 96, 256, 640"});
  // No squeeze-and-excite where s4 has it.
  Tensors plain("s4", "timm", kDeploy);
  for (const Slot &slot :
       listSlots(*findVariant("s4"), getLayouts()[2], kDeploy))
    if (slot.key.find(".attn.") != std::string::npos)
      plain.remove(slot.key);
  expectRefusal(plain.match(),
                {"stages.2.10.attn.fc1.weight: ", "s4", "missing"});
}
