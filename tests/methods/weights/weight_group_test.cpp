// SPDX-License-Identifier: Apache-2.0
#include "methods/weights/weight_group.h"

#include <gmock/gmock.h>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

const std::set<std::string> kWanted = {"cls_token", "norm.weight", "norm.bias", "blocks.0.norm1.weight"};

std::vector<WeightKey> keys_of(const std::vector<std::string>& keys, const std::string& prefix,
                               const std::set<std::string>& names = kWanted) {
  std::vector<WeightKey> out;
  for (const std::string& name : names) {
    out.push_back({keys, {}});
    out.back().path.push_back(prefix + name);
  }
  return out;
}

std::vector<WeightKey> operator+(std::vector<WeightKey> a, const std::vector<WeightKey>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

std::string refusal(const std::vector<WeightKey>& keys, const WeightWish& wish = {}) {
  try {
    choose_group(keys, kWanted, wish);
  } catch (const UserError& error) {
    return error.what();
  }
  return "chosen";
}

const std::vector<WeightKey> kDino = keys_of({"student"}, "module.backbone.") + keys_of({"teacher"}, "backbone.");

TEST(WeightGroupTest, OneNetworkIsFoundUnderAnyPrefix) {
  for (const char* prefix : {"", "module.", "_orig_mod.module.", "module.base_encoder.", "encoder."}) {
    const WeightGroup group = choose_group(keys_of({"state_dict"}, prefix), kWanted, {});
    EXPECT_EQ(group.prefix, prefix);
    EXPECT_EQ(group.place(), std::string("state_dict.") + prefix);
    EXPECT_EQ(group.covered, kWanted.size());
  }
}

TEST(WeightGroupTest, OfTwoTheSuiteMustSay) {
  EXPECT_THAT(refusal(kDino), AllOf(HasSubstr("'student.module.backbone.'"),
                                    HasSubstr("'teacher.backbone.' (momentum)"), HasSubstr("take = \"online\"")));
  EXPECT_EQ(choose_group(kDino, kWanted, {Branch::momentum, ""}).place(), "teacher.backbone.");
  EXPECT_EQ(choose_group(kDino, kWanted, {Branch::online, ""}).place(), "student.module.backbone.");
  EXPECT_EQ(choose_group(kDino, kWanted, {Branch::any, "teacher.backbone"}).place(), "teacher.backbone.");
  const std::vector<WeightKey> two = keys_of({}, "image.") + keys_of({}, "text.");
  EXPECT_THAT(refusal(two), HasSubstr("prefix = "));
  EXPECT_THAT(refusal(two, {Branch::any, "sound."}), HasSubstr("no tensor whose name begins with 'sound.'"));
}

TEST(WeightGroupTest, ABranchThatDoesNotFitIsNotReplacedByTheOther) {
  const std::vector<WeightKey> keys =
      keys_of({}, "backbone.") + keys_of({}, "momentum_backbone.", {"cls_token", "norm.weight", "norm.bias"});
  EXPECT_EQ(choose_group(keys, kWanted, {}).prefix, "backbone.");
  const WeightGroup asked = choose_group(keys, kWanted, {Branch::momentum, ""});
  EXPECT_EQ(asked.prefix, "momentum_backbone.");
  EXPECT_EQ(asked.covered, 3u);
  // A file with one network has no branches to ask for.
  EXPECT_EQ(choose_group(keys_of({}, "backbone."), kWanted, {Branch::momentum, ""}).prefix, "backbone.");
}

TEST(WeightGroupTest, OneNetworkNamedTwiceIsOne) {
  std::vector<WeightKey> keys = keys_of({}, "backbone.") + keys_of({}, "net.encoder.");
  static const int storages[4] = {};
  for (size_t i = 0; i < keys.size(); ++i) keys[i].storage = &storages[i % 4];
  EXPECT_EQ(refusal(keys), "chosen");
}

TEST(WeightGroupTest, DecodersAndHeadsAreNoNetworks) {
  const std::vector<WeightKey> keys =
      keys_of({"model"}, "") + keys_of({"model"}, "decoder.", {"norm.weight", "norm.bias"});
  const WeightGroup group = choose_group(keys, kWanted, {});
  EXPECT_EQ(group.place(), "model.");
  EXPECT_EQ(group.rest.size(), 2u);
  EXPECT_THAT(refusal({{{"optimizer", "exp_avg"}, {}}}), HasSubstr("no tensor in it has a name of the backbone"));
}

TEST(WeightGroupTest, NamesMadeToCostTimeAreLeftOut) {
  std::string name;
  for (int i = 0; i < 100'000; ++i) name += "a.";
  EXPECT_EQ(refusal(kDino + std::vector<WeightKey>{{{name + "cls_token"}, {}}}, {Branch::online, ""}), "chosen");
}

}  // namespace
}  // namespace sslbench
