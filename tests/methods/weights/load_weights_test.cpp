// SPDX-License-Identifier: Apache-2.0
#include "methods/weights/load_weights.h"

#include <gmock/gmock.h>

#include <limits>

#include "methods/method.h"
#include "methods/safetensors.h"
#include "suites/ground/error.h"
#include "tests/methods/weights/torch_weights.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::unique_ptr<Backbone> backbone_of(const std::string& name, uint64_t seed, const nlohmann::json& more = {}) {
  nlohmann::json settings = Registry<BackboneEntry>::find(name).tiny;
  if (!more.is_null()) settings.update(more);
  at::Generator generator = at::detail::createCPUGenerator(seed);
  return make_backbone(name, settings, generator);
}

class LoadWeightsTest : public ::testing::Test {
 protected:
  std::string write(const std::vector<NamedTensor>& tensors) {
    return folder_.write("net.pth", torch_file_of(tensors)).string();
  }
  std::string refusal(const std::vector<NamedTensor>& tensors, std::vector<std::string> ignore = {}) {
    try {
      load_weights(*to_, {write(tensors), {}, std::move(ignore)});
    } catch (const UserError& error) {
      return error.what();
    }
    return "loaded";
  }
  bool equal() const {
    const auto a = from_->state(), b = to_->state();
    for (size_t i = 0; i < a.size(); ++i) {
      if (!at::equal(a[i].second, b[i].second)) return false;
    }
    return true;
  }

  ScratchFolder folder_;
  std::unique_ptr<Backbone> from_ = backbone_of("resnet18", 1), to_ = backbone_of("resnet18", 2);
  const NamedTensor head_{"fc.weight", at::ones({3, 3})};
};

TEST_F(LoadWeightsTest, TakesTheBackboneOutOfATrainingCheckpointAndSaysWhatItLeft) {
  const auto notes = load_weights(
      *to_,
      {write(with_prefix("module.", from_->state()) +
             std::vector<NamedTensor>{{"module.fc.weight", head_.second}, {"module.prototypes.weight", head_.second}}),
       {},
       {}});
  EXPECT_TRUE(equal());
  EXPECT_THAT(notes, Contains("weights of net.pth, under 'state_dict.module.'"));
  EXPECT_THAT(notes, Contains("weights: left out, since the backbone has none: fc.weight, prototypes.weight"));
}

TEST_F(LoadWeightsTest, WhatTheBackboneLacksMustBeIgnoredByName) {
  const std::vector<NamedTensor> more = from_->state() + std::vector<NamedTensor>{{"decoder.0.weight", head_.second}};
  EXPECT_THAT(refusal(more), AllOf(HasSubstr("net.pth: holds decoder.0.weight"), HasSubstr("`ignore`")));
  EXPECT_FALSE(equal());
  EXPECT_THAT(refusal(more, {"decoder.*", "mask_token"}), HasSubstr("nothing in it is called 'mask_token'"));
  EXPECT_EQ(refusal(more, {"decoder.*"}), "loaded");
  EXPECT_TRUE(equal());
}

TEST_F(LoadWeightsTest, NothingIsLoadedInPart) {
  std::vector<NamedTensor> less = from_->state();
  std::erase_if(less, [](const NamedTensor& each) { return each.first == "layer4.0.conv1.weight"; });
  EXPECT_THAT(refusal(less), HasSubstr("lacks layer4.0.conv1.weight under 'state_dict.'"));
  std::vector<NamedTensor> wide = from_->state();
  for (auto& [name, tensor] : wide) {
    if (name == "layer4.0.conv1.weight") tensor = at::cat({tensor, tensor}, 0);
  }
  EXPECT_THAT(refusal(wide), HasSubstr("check the backbone's settings"));
  std::vector<NamedTensor> broken = from_->state();
  for (auto& [name, tensor] : broken) {
    if (name == "layer4.0.bn1.weight") tensor = at::full_like(tensor, std::numeric_limits<float>::quiet_NaN());
  }
  EXPECT_THAT(refusal(broken), HasSubstr("layer4.0.bn1.weight[0] is nan"));
  EXPECT_FALSE(equal());
}

TEST_F(LoadWeightsTest, PositionsOfAnotherGridAreResizedAndToldOf) {
  const int64_t patch = Registry<BackboneEntry>::find("vit_tiny").tiny.at("patch_size");
  const auto from = backbone_of("vit_tiny", 1, {{"image_size", 4 * patch}});
  const auto to = backbone_of("vit_tiny", 2, {{"image_size", 6 * patch}});
  const auto notes = load_weights(*to, {write(from->state()), {}, {}});
  EXPECT_THAT(notes, Contains("weights: position embeddings of 4x4 patches resized to 6x6"));
  for (const auto& [name, tensor] : to->state()) {
    if (name == "pos_embed") EXPECT_EQ(tensor.size(1), 37);
  }
}

// DINOv2's authors sample the grid with an offset and without antialiasing, and with registers otherwise; timm, whoever
// published the weights, in a third way.
TEST_F(LoadWeightsTest, PositionsResizedOnLoadAreThoseThatTheForwardPassWouldResize) {
  at::Generator generator = at::detail::createCPUGenerator(4);
  const Tensor image = at::randn({1, 3, 24, 24}, generator);
  for (const nlohmann::json& family : std::vector<nlohmann::json>{
           {{"names", "authors"}}, {{"names", "authors"}, {"registers", 4}}, {{"names", "timm"}, {"registers", 4}}}) {
    nlohmann::json larger = family, smaller = family;
    larger.update({{"image_size", 32}, {"layer_scale", 1}}), smaller.update({{"image_size", 24}, {"layer_scale", 1}});
    const auto from = backbone_of("dinov2_small", 1, larger), to = backbone_of("dinov2_small", 2, smaller);
    EXPECT_THAT(load_weights(*to, {write(from->state()), {}, {}}), Contains(HasSubstr("8x8 patches resized to 6x6")));
    EXPECT_LT((to->features(image) - from->features(image)).abs().max().item<double>(), 1e-6) << family;
  }
}

TEST_F(LoadWeightsTest, ADifferentRuleGivesOtherPositions) {
  const auto positions = [&](const char* resize) {
    const auto from = backbone_of("dinov2_small", 1, {{"image_size", 32}});
    const auto to = backbone_of("dinov2_small", 2, {{"image_size", 24}, {"resize", resize}});
    load_weights(*to, {write(from->state()), {}, {}});
    for (const auto& [name, tensor] : to->state()) {
      if (name == "pos_embed") return tensor;
    }
    return Tensor();
  };
  EXPECT_TRUE(positions("published").equal(positions("timm")));
  EXPECT_GT((positions("timm") - positions("offset")).abs().max().item<double>(), 1e-4);
}

TEST_F(LoadWeightsTest, CheckpointKeepsTheNotesOfItsWeights) {
  const std::string file = write(from_->state());
  const auto method = make_method("checkpoint", {{"weights", file}},
                                  {"resnet18", Registry<BackboneEntry>::find("resnet18").tiny}, {}, 0);
  EXPECT_THAT(method->notes(), SizeIs(1));
  EXPECT_THAT(make_method("random_init", nlohmann::json::object(), {"convnet"}, {}, 0)->notes(), IsEmpty());
}

}  // namespace
}  // namespace sslbench
