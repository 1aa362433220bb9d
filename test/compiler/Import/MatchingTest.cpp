// Which network a set of tensors is, and what is said when it is none.
#include "TestImport.h"

#include "CheckpointWriter.h"
#include "compiler/Import/Matching.h"
#include "llvm/ADT/STLExtras.h"

using namespace mobileone;

namespace {

/// Tensors by name and shape alone: matching looks at no values.
class Tensors {
public:
  Tensors() = default;
  Tensors(llvm::StringRef variant, llvm::StringRef layoutName, Form form) {
    NetworkSpec network = *findVariant(variant);
    network.classes = 10;
    for (const Layout &layout : getLayouts())
      if (layout.name == layoutName)
        for (const Slot &slot : listSlots(network, layout, form))
          add(slot.key, slot.shape);
  }

  Tensors &add(llvm::StringRef name, llvm::ArrayRef<int64_t> shape,
               const char *type = "F32") {
    tensors.push_back({name.str(), ElementType::findSafeTensors(type),
                       llvm::SmallVector<int64_t, 4>(shape),
                       getDenseStrides(shape), "", 0});
    return *this;
  }
  Tensors &remove(llvm::StringRef name) {
    llvm::erase_if(tensors, [&](const Tensor &t) { return t.name == name; });
    return *this;
  }
  Tensors &reshape(llvm::StringRef name, llvm::ArrayRef<int64_t> shape) {
    return remove(name).add(name, shape);
  }
  Tensors &rename(llvm::function_ref<std::string(llvm::StringRef)> change) {
    for (Tensor &tensor : tensors)
      tensor.name = change(tensor.name);
    return *this;
  }

  llvm::Expected<MatchedNetwork> match(llvm::StringRef variant = "auto") {
    return matchNetwork(tensors, variant);
  }

private:
  std::vector<Tensor> tensors;
};

constexpr Form kTrain{/*isDeploy=*/false, /*hasHead=*/true};
constexpr Form kDeploy{/*isDeploy=*/true, /*hasHead=*/true};

} // namespace

TEST(Matching, every_variant_in_every_layout_and_form) {
  for (const NetworkSpec &network : getVariants())
    for (const Layout &layout : getLayouts())
      for (Form form : {kTrain, kDeploy}) {
        auto matched = Tensors(network.variant, layout.name, form).match();
        ASSERT_TRUE(static_cast<bool>(matched))
            << network.variant << " " << layout.name.str() << ": "
            << llvm::toString(matched.takeError());
        EXPECT_EQ(matched->network.variant, network.variant);
        EXPECT_EQ(matched->network.classes, 10);
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
  // But only those of its own batch norms.
  tensors.add("stage0.rbr_skip.num_batches_tracked", {}, "I64");
  expectRefusal(tensors.match(),
                {"stage0.rbr_skip.num_batches_tracked: ", "unexpected"});
}

TEST(Matching, an_encoder_needs_no_classifier) {
  Form form{/*isDeploy=*/false, /*hasHead=*/false};
  Tensors tensors("s0", "encoder", form);
  tensors.add("decoder.blocks.0.weight", {3}, "I8")
      .add("segmentation_head.0.bias", {1});
  auto matched = tensors.match();
  ASSERT_TRUE(static_cast<bool>(matched))
      << llvm::toString(matched.takeError());
  EXPECT_FALSE(matched->form.hasHead);
  EXPECT_EQ(matched->ignored.size(), 2u);
  // Nothing else may be there, and no other layout may lack its classifier.
  expectRefusal(tensors.add("extra", {1}).match(), {"extra: ", "unexpected"});
  expectRefusal(Tensors("s0", "apple", form).match(),
                {"linear.weight: ", "missing"});
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
