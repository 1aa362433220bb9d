// Which of the networks in a file is taken, and what is said of the others.
#include "TestTensors.h"

#include <set>

using namespace mobileone;

namespace {

constexpr Form kDeploy{/*isDeploy=*/true, /*hasHead=*/true};

/// The tensors of an s1, below `prefix`. Its first number is `value`.
std::vector<Tensor> makeNetwork(const std::string &prefix, int value,
                                const char *layout = "timm") {
  static const float kValues[] = {0, 1, 2, 3};
  Tensors tensors("s1", layout, kDeploy);
  tensors.rename([&](llvm::StringRef name) { return prefix + name.str(); });
  Tensor &first = tensors.tensors.front();
  first.storage = {reinterpret_cast<const char *>(&kValues[value]), 4};
  first.elementCount = 1;
  return tensors.tensors;
}

struct SearchTest : testing::Test {
  /// Adds a dictionary.
  SearchTest &add(const char *path, std::vector<Tensor> tensors) {
    dicts.push_back({path, std::move(tensors), {}});
    return *this;
  }
  /// Adds tensors to the last one.
  SearchTest &extend(std::vector<Tensor> tensors) {
    llvm::append_range(dicts.back().tensors, std::move(tensors));
    return *this;
  }
  SearchTest &extend(const char *name, llvm::ArrayRef<int64_t> shape) {
    return extend(Tensors().add(name, shape).tensors);
  }

  void search() {
    llvm::Expected<FoundNetwork> found = findNetwork(dicts, options);
    if (!found) {
      error = llvm::toString(found.takeError());
      return;
    }
    error = "";
    remark = found->remark;
    value = *reinterpret_cast<const float *>(
        found->network.slots.front().tensor->storage.data());
  }
  /// The network that begins with this number is taken.
  void expectValue(float expected) {
    search();
    EXPECT_EQ(error, "");
    EXPECT_EQ(value, expected);
  }
  void expectError(llvm::ArrayRef<const char *> words) {
    search();
    expectWords(error, words);
  }

  std::vector<StateDict> dicts;
  SearchOptions options;
  std::string error, remark;
  float value = -1;
};

} // namespace

TEST_F(SearchTest, prefixes_and_infixes_are_found) {
  for (const char *prefix :
       {"", "model.", "timm_model.", "student.", "model._orig_mod.", "module.",
        "a.b.c.", "_fsdp_wrapped_module.", "net._checkpoint_wrapped_module."})
    for (const char *layout : {"timm", "apple", "mmpretrain", "encoder"}) {
      dicts.clear();
      add("", makeNetwork(prefix, 1, layout)).expectValue(1);
      EXPECT_EQ(remark, "") << prefix << layout;
    }
  // In the middle of a name, too.
  dicts.clear();
  add("", Tensors("s1", "timm", kDeploy)
              .rename([](llvm::StringRef name) {
                auto [block, part] = name.rsplit("reparam_conv");
                return part.empty() ? name.str()
                                    : (block +
                                       "_fsdp_wrapped_module."
                                       "reparam_conv" +
                                       part)
                                          .str();
              })
              .tensors);
  EXPECT_TRUE(static_cast<bool>(findNetwork(dicts, options)));
}

TEST_F(SearchTest, what_stands_beside_the_prefix_is_counted) {
  add("state_dict", makeNetwork("model.", 1))
      .extend("criterion.weight", {10})
      .extend("loss.centers", {10, 1280})
      .expectValue(1);
  EXPECT_EQ(remark, "leaves out 2 tensors beside the network, "
                    "'criterion.weight' first");
  extend("model.extra", {1});
  expectError({"model.extra: ", "unexpected"});
}

TEST_F(SearchTest, counters_of_tools_are_no_tensors_of_a_network) {
  add("", makeNetwork("", 1))
      .extend("total_ops", {1})
      .extend("stem.total_params", {1})
      .extend("n_averaged", {})
      .expectValue(1);
  EXPECT_EQ(remark, "");
  // A counter is one number.
  extend("steps", {2, 3});
  expectError({"steps: ", "unexpected"});
}

TEST_F(SearchTest, averaged_weights_go_before_raw_ones) {
  for (const char *key : {"ema", "model_ema", "state_dict_ema", "params_ema",
                          "ema/module", "netEMA", "ema_model/state_dict"}) {
    dicts.clear();
    add("model", makeNetwork("", 1)).add(key, makeNetwork("", 2));
    expectValue(2);
    expectWords(remark, {"takes the weights of --key=", key, ", not of",
                         "--key=model"});
  }
  // Words that merely hold the letters are none.
  for (const char *key : {"schema", "nema", "emaciated"}) {
    dicts.clear();
    add("model", makeNetwork("", 1)).add(key, makeNetwork("", 2));
    expectError({"several that no rule orders"});
  }
}

TEST_F(SearchTest, a_count_of_averages_tells_averaged_weights) {
  add("model", makeNetwork("", 1))
      .add("swa", makeNetwork("module.", 2))
      .extend("n_averaged", {})
      .expectValue(2);
}

TEST_F(SearchTest, prefixes_may_tell_averaged_weights) {
  add("state_dict", makeNetwork("model.", 1))
      .extend(makeNetwork("ema_model.", 2))
      .expectValue(2);
  options.stripPrefix = "model.";
  expectValue(1);
}

TEST_F(SearchTest, mmengine_keeps_raw_weights_beside_averaged_ones) {
  add("ema_state_dict", makeNetwork("", 1))
      .add("state_dict", makeNetwork("", 2))
      .expectValue(2);
  // Without the other it is what it says.
  dicts.clear();
  add("ema_state_dict", makeNetwork("", 1))
      .add("model", makeNetwork("", 2))
      .expectValue(1);
}

TEST_F(SearchTest, networks_that_no_rule_orders_are_listed) {
  add("state_dict", makeNetwork("student.", 1))
      .extend(makeNetwork("teacher.", 2))
      .add("best", makeNetwork("", 3));
  expectError({"several that no rule orders",
               "--key=state_dict --strip-prefix=student.",
               "--key=state_dict --strip-prefix=teacher.", "--key=best"});
  options.key = "best";
  expectValue(3);
  options.key = "state_dict";
  options.stripPrefix = "teacher.";
  expectValue(2);
  options.stripPrefix = "teacher"; // the dot is understood
  expectValue(2);
  options.key.reset();
  expectValue(2);
}

TEST_F(SearchTest, every_choice_that_is_listed_can_be_made) {
  struct Network {
    const char *dict, *prefix, *layout;
  };
  const std::vector<Network> files[] = {
      {{"", "", "timm"}, {"student", "", "timm"}},
      {{"", "", "timm"}, {"", "a.", "timm"}, {"b", "", "timm"}},
      {{"", "a.", "timm"}, {"", "b.", "timm"}},
      {{"", "a.", "timm"}, {"b", "a.", "timm"}},
      {{"a/b", "", "timm"}, {"a", "", "timm"}, {"a", "c.", "apple"}},
      {{"", "", "encoder"}, {"", "backbone.", "mmpretrain backbone"}}};
  for (const std::vector<Network> &networks : files) {
    dicts.clear();
    options = SearchOptions();
    int count = 0;
    for (const auto &[dict, prefix, layout] : networks) {
      std::vector<Tensor> tensors = makeNetwork(prefix, ++count, layout);
      if (count > 1 && dicts.back().path == dict)
        extend(std::move(tensors));
      else
        add(dict, std::move(tensors));
    }
    search();
    llvm::StringRef listed = error;
    ASSERT_TRUE(listed.contains("several that no rule orders: choose "));
    listed = listed.split("choose ").second;
    std::set<float> values;
    llvm::SmallVector<llvm::StringRef> choices;
    listed.split(choices, ", or ");
    std::string text = listed.str();
    ASSERT_EQ(choices.size(), networks.size()) << text;
    for (llvm::StringRef choice : choices) {
      options = SearchOptions();
      auto [first, second] = choice.split(' ');
      for (llvm::StringRef flag : {first, second})
        if (flag.consume_front("--key="))
          options.key = flag.str();
        else if (flag.consume_front("--strip-prefix="))
          options.stripPrefix = flag.str();
      search();
      EXPECT_EQ(error, "") << choice.str();
      values.insert(value);
    }
    EXPECT_EQ(values.size(), networks.size()) << text;
  }
  // Flags that are given are part of a choice.
  dicts.clear();
  add("", makeNetwork("a.", 1)).extend(makeNetwork("c.", 2));
  add("b", makeNetwork("a.", 3));
  options = SearchOptions();
  options.stripPrefix = "a.";
  expectError({"--key= --strip-prefix=a., or --key=b --strip-prefix=a."});
}

TEST_F(SearchTest, equal_networks_need_no_order) {
  add("a", makeNetwork("", 1)).add("b", makeNetwork("", 1)).expectValue(1);
}

TEST_F(SearchTest, an_incomplete_network_is_passed_over_aloud) {
  add("model", makeNetwork("", 1)).add("model_ema", makeNetwork("", 2));
  dicts.back().tensors.pop_back(); // the classifier's bias may be missing
  dicts.back().tensors.pop_back();
  dicts.back().tensors.pop_back(); // the last block's bias may not
  expectValue(1);
  expectWords(remark, {"passes over --key=model_ema", "missing"});
}

TEST_F(SearchTest, flags_that_lead_nowhere_are_told_where_networks_are) {
  add("model/ema", makeNetwork("", 1));
  options.key = "model.ema"; // dots are understood, too
  expectValue(1);
  options.key = "model";
  expectError({"--key=model/ema", "got --key=model"});
  options.key.reset();
  options.stripPrefix = "net.";
  expectError({"--key=model/ema", "got --strip-prefix=net."});
}

TEST_F(SearchTest, an_empty_prefix_is_one_to_choose) {
  add("", makeNetwork("", 1)).extend(makeNetwork("ema.", 2)).expectValue(2);
  options.stripPrefix = "";
  expectValue(1);
  EXPECT_EQ(remark, "leaves out 88 tensors beside the network, "
                    "'ema.stem.reparam_conv.weight' first");
}

TEST_F(SearchTest, many_networks_are_too_many) {
  for (int i = 0; i < 70; ++i)
    add("", {});
  for (int i = 0; i < 70; ++i)
    dicts[i].tensors = makeNetwork("p" + std::to_string(i) + ".", 1);
  expectError({"at most 64 networks", "--strip-prefix"});
  // In one dictionary the prefix leads to one.
  dicts.clear();
  add("", {});
  for (int i = 0; i < 70; ++i)
    extend(makeNetwork("p" + std::to_string(i) + ".", i % 3));
  expectError({"at most 64 networks"});
  options.stripPrefix = "p68.";
  expectValue(2);
}
