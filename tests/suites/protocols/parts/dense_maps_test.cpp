// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/dense_maps.h"

#include <gtest/gtest.h>

#include "suites/protocols/parts/detector.h"
#include "suites/protocols/parts/segmentation_losses.h"
#include "suites/protocols/parts/segmenter.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

std::unique_ptr<Backbone> build(const std::string& name, const nlohmann::json& settings) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  return make_backbone(name, settings, generator);
}

const nlohmann::json kVit = {{"dim", 16}, {"depth", 1}, {"heads", 2}, {"patch_size", 16}, {"image_size", 64}};

std::vector<int64_t> strides(const DenseMaps& maps) {
  std::vector<int64_t> out;
  for (const MapLevel& level : maps.levels()) out.push_back(level.stride);
  return out;
}

TEST(DenseMapsTest, ATransformerGetsFinerMapsAndAPyramidKeepsItsOwn) {
  const auto vit = build("vit_tiny", kVit), resnet = build("resnet18", {{"width", 8}, {"stem", "cifar"}});
  const DenseMaps of_vit(*vit, 4, "detection"), of_resnet(*resnet, 4, "detection");
  EXPECT_EQ(strides(of_vit), (std::vector<int64_t>{4, 8, 16}));
  EXPECT_EQ(strides(of_resnet), (std::vector<int64_t>{4, 8}));
  const Tensor x = at::ones({1, 3, 64, 96});
  for (const DenseMaps* maps : {&of_vit, &of_resnet}) {
    const auto found = (*maps)(x);
    ASSERT_EQ(found.size(), maps->levels().size());
    for (size_t i = 0; i < found.size(); ++i) {
      const MapLevel& level = maps->levels()[i];
      EXPECT_EQ(found[i].sizes().vec(),
                (std::vector<int64_t>{1, level.channels, 64 / level.stride, 96 / level.stride}));
    }
  }
  EXPECT_THROW(DenseMaps(*vit, 32, "detection"), UserError);
}

TEST(DenseMapsTest, DetectorAndSegmenterTrainAllOfATransformer) {
  at::Generator generator = at::detail::createCPUGenerator(1);
  const Tensor x = at::ones({2, 3, 64, 64}).normal_(0, 1, generator);
  DetectorSettings settings;
  settings.channels = 32;
  const Detector detector(build("vit_tiny", kVit), 3, settings, generator);
  detector.loss({x, {{{4, 4, 30, 30, 1}}, {{10, 12, 60, 50, 2}}}, {}}).total.backward();
  Segmenter segmenter(build("vit_tiny", kVit), 4, 16, 4, generator);
  const Tensor scores = resize_scores(segmenter.scores(x), 64, 64);
  EXPECT_EQ(scores.sizes().vec(), (std::vector<int64_t>{2, 4, 64, 64}));
  scores.square().sum().backward();
  for (const Module* module : std::initializer_list<const Module*>{&detector, &segmenter}) {
    for (const auto& [name, tensor] : module->trainable()) EXPECT_TRUE(tensor.grad().defined()) << name;
  }
}

}  // namespace
}  // namespace sslbench
