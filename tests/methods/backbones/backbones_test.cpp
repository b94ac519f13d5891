// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>

#include "methods/backbone.h"
#include "tests/golden/formula.h"
#include "tests/golden/golden_case.h"

namespace sslbench {
namespace {

std::unique_ptr<Backbone> build(const std::string& name, const nlohmann::json& settings) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  return make_backbone(name, settings, generator);
}

// Names and shapes of a golden list; a classifier head, which backbones here lack, is left out.
void expect_names(const Backbone& backbone, const std::string& list) {
  std::ifstream in(std::string(SSLBENCH_SOURCE_DIR) + "/tests/golden/backbones/names__" + list + ".json");
  const auto names = nlohmann::json::parse(in);
  for (const auto& [kind, got] : {std::pair{"parameters", backbone.parameters()}, {"buffers", backbone.buffers()}}) {
    size_t i = 0;
    for (const auto& want : names.at(kind)) {
      if (want[0].get<std::string>().starts_with("fc.")) continue;
      ASSERT_LT(i, got.size());
      EXPECT_EQ(got[i].first, want[0].get<std::string>());
      EXPECT_EQ(got[i].second.sizes().vec(), want[1].get<std::vector<int64_t>>());
      ++i;
    }
    EXPECT_EQ(i, got.size()) << list << " " << kind;
  }
}

TEST(BackbonesTest, NamesAndShapesAreTorchvisions) {
  expect_names(*build("resnet18", {{"stem", "imagenet"}}), "torchvision_resnet18");
  expect_names(*build("resnet18", {{"stem", "cifar"}}), "cifar_resnet18");
  expect_names(*build("convnet", nlohmann::json::object()), "seed_convnet");
}

TEST(BackbonesTest, ResNet18EqualsTorchvisionForwardBackwardAndStatistics) {
  for (const std::string& file : golden_files("backbones", "resnet")) {
    const GoldenCase golden(file);
    const auto settings = golden.settings();
    const auto backbone = build("resnet18", {{"stem", settings.at("stem")}, {"width", settings.at("width")}});
    set_formula_state(*backbone);
    backbone->train(settings.at("mode") == "train");
    Tensor x = formula_image(settings.at("batch"), settings.at("image")[0], settings.at("image")[1],
                             settings.at("image_phase"), settings.at("image_scale"));
    golden.expect("in.image_values", sampled(x, 64));
    x.set_requires_grad(true);
    const auto maps = backbone->feature_maps(x);
    for (size_t i = 0; i < 4; ++i) golden.expect("out.c" + std::to_string(i + 2), sampled(maps[i], 256));
    const Tensor pooled = maps.back().mean({2, 3});
    golden.expect("out.pooled", pooled);
    const Tensor loss = (pooled * formula_tensor(pooled.sizes(), 998, 1, 0)).sum() / pooled.size(0);
    golden.expect("out.loss", loss);
    if (golden.has("out.image_grad_values")) {
      loss.backward();
      golden.expect("out.image_grad_values", sampled(x.grad(), 64));
    }
    if (!golden.has("out.running_mean_values")) continue;
    std::vector<Tensor> means;
    for (const auto& [name, buffer] : backbone->buffers()) {
      if (name.ends_with("running_mean")) means.push_back(sampled(buffer, 8));
    }
    golden.expect("out.running_mean_values", at::cat(means));
  }
}

TEST(BackbonesTest, ConvNetEqualsThePublishedOneAndKeeps7x7At56Pixels) {
  const GoldenCase golden(golden_files("backbones", "seed_convnet").front());
  const auto backbone = build("convnet", nlohmann::json::object());
  set_formula_state(*backbone);
  const Tensor map = backbone->feature_maps(formula_image(2, 56, 56, 0, 1)).back();
  EXPECT_EQ(map.sizes().vec(), (std::vector<int64_t>{2, 64, 7, 7}));
  golden.expect("out.pooled", sampled(map, 256));
}

TEST(BackbonesTest, EveryBackboneKeepsItsPromises) {
  for (const auto& [name, entry] : Registry<BackboneEntry>::all()) {
    const auto backbone = build(name, nlohmann::json::object());
    backbone->train(false);
    const Tensor x = formula_image(2, 64, 64, 0, 1);
    const auto maps = backbone->feature_maps(x);
    const auto levels = backbone->levels();
    ASSERT_EQ(maps.size(), levels.size()) << name;
    for (size_t i = 0; i < maps.size(); ++i) {
      EXPECT_EQ(maps[i].size(1), levels[i].channels) << name;
      EXPECT_EQ(maps[i].size(2), 64 / levels[i].stride) << name;
    }
    EXPECT_EQ(backbone->features(x).sizes().vec(), (std::vector<int64_t>{2, backbone->width()})) << name;
  }
}

}  // namespace
}  // namespace sslbench
