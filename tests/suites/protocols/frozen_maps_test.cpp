// SPDX-License-Identifier: Apache-2.0
// linear_segmentation, dense_knn and attentive_probe on maps that know the answer, or nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "suites/ground/error.h"
#include "tests/suites/protocols/frozen_maps.h"

namespace sslbench {
namespace {

using testing::HasSubstr;

// A cell a pixel: its class as one number of many, and nothing of void pixels.
Tensor classes_of(const Item& item, int64_t classes) {
  const Tensor labels_HW = at::tensor(std::vector<int64_t>(item.mask.labels.begin(), item.mask.labels.end()), at::kLong)
                               .view({kSide, kSide});
  const Tensor known_HW = labels_HW.lt(classes);
  return at::one_hot(labels_HW.clamp_max(classes - 1), classes)
      .mul(known_HW.unsqueeze(2))
      .permute({2, 0, 1})
      .to(at::kFloat);
}

class SegmentationByMapsTest : public FrozenMapsTest, public testing::WithParamInterface<const char*> {
 protected:
  nlohmann::json settings() const {
    if (std::string(GetParam()) == "dense_knn") return {{"k", 5}, {"memory", 9600}};
    return {{"learning_rate", 0.1}, {"epochs", 5}, {"batch_size", 8}, {"flip", 0}, {"colour", 0}};
  }
};

TEST_P(SegmentationByMapsTest, MapsThatHoldTheClassesAreRightEverywhere) {
  KnowingBackbone backbone(1, classes());
  learn(backbone, [&](const Item& item) { return classes_of(item, classes()); });
  const auto found = measured(GetParam(), backbone, settings());
  EXPECT_EQ(found.at("miou"), 1);
  EXPECT_EQ(found.at("pixel_accuracy"), 1);
}

TEST_P(SegmentationByMapsTest, MapsThatHoldNothingAreNoBetterThanTheConstantAnswer) {
  KnowingBackbone backbone(1, classes());
  at::Generator generator = at::detail::createCPUGenerator(5);
  learn(backbone, [&](const Item&) { return at::randn({classes(), kSide, kSide}, generator); });
  const auto found = measured(GetParam(), backbone, settings());
  EXPECT_LT(found.at("miou"), found.at("constant_miou") + 0.02);
  EXPECT_LT(found.at("pixel_accuracy"), found.at("constant_pixel_accuracy") + 0.02);
}

TEST_P(SegmentationByMapsTest, WithoutLeaksTestImagesCountAsIfTheyWereNotThere) {
  KnowingBackbone backbone(1, classes());
  at::Generator generator = at::detail::createCPUGenerator(5);
  learn(backbone, [&](const Item& item) {
    return classes_of(item, classes()) + at::randn({classes(), kSide, kSide}, generator);
  });
  const auto all = measured(GetParam(), backbone, settings());
  leaked = LeakedImages{{{12, 0, 1}, {13, 0, 1}, {14, 0, 1}, {15, 0, 1}}};
  const auto both = measured(GetParam(), backbone, settings());
  leaked.reset();
  shapes.settings["test_images"] = 12;
  const auto others = measured(GetParam(), backbone, settings());
  for (const std::string metric : {"miou", "pixel_accuracy"}) {
    EXPECT_EQ(both.at(metric), all.at(metric));
    EXPECT_NE(both.at(metric), others.at(metric));
    EXPECT_EQ(both.at(metric + "/without_leaks"), others.at(metric));
    EXPECT_FALSE(all.contains(metric + "/without_leaks")) << "nobody asked";
  }
}

INSTANTIATE_TEST_SUITE_P(Protocols, SegmentationByMapsTest, testing::Values("linear_segmentation", "dense_knn"),
                         [](const auto& info) { return std::string(info.param); });

TEST_F(FrozenMapsTest, DenseKnnKeepsNoMorePatchesThanItsMemoryHolds) {
  KnowingBackbone backbone(1, classes());
  learn(backbone, [&](const Item& item) { return classes_of(item, classes()); });
  EXPECT_GT(measured("dense_knn", backbone, {{"memory", 48 * 8}}).at("miou"), 0.9)
      << "rare classes are kept first, so that eight pixels of an image still tell";
}

class AttentiveProbeTest : public FrozenMapsTest {
 protected:
  AttentiveProbeTest() : FrozenMapsTest("one") {}
  // The image's class in one patch, which is another one in every image; noise in all others.
  Tensor one_patch_knows(const Item& item, at::Generator& generator) const {
    Tensor out = at::randn({32, kSide / kStride, kSide / kStride}, generator) * 0.5;
    const auto patch = at::randint(0, out.size(1) * out.size(2), {1}, generator, at::kLong).item<int64_t>();
    out.view({32, -1}).select(1, patch)[item.label] += 5;
    return out;
  }
};

TEST_F(AttentiveProbeTest, FindsThePatchThatKnows) {
  KnowingBackbone backbone(kStride, 32);
  at::Generator generator = at::detail::createCPUGenerator(5);
  learn(backbone, [&](const Item& item) { return one_patch_knows(item, generator); });
  const nlohmann::json settings{{"epochs", 200}, {"batch_size", 16}, {"learning_rate", 0.01}};
  EXPECT_GT(measured("attentive_probe", backbone, settings).at("top1"), 0.9);
}

TEST_F(AttentiveProbeTest, LearnsNothingFromMapsThatHoldNothing) {
  KnowingBackbone backbone(kStride, 32);
  at::Generator generator = at::detail::createCPUGenerator(5);
  learn(backbone, [&](const Item&) { return at::randn({32, kSide / kStride, kSide / kStride}, generator); });
  EXPECT_LT(measured("attentive_probe", backbone, {{"epochs", 5}, {"learning_rate", 0.01}}).at("top1"), 0.4);
}

std::string refused(const std::string& protocol, const nlohmann::json& settings) {
  const ProtocolEntry& entry = Registry<ProtocolEntry>::find(protocol);
  try {
    entry.make(Settings(protocol, entry.options, settings))->check(std::make_unique<KnowingBackbone>(kStride, 12));
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

TEST(FrozenMapsCheckTest, SettingsThatFitNoMapAreRefused) {
  for (const char* protocol : {"linear_segmentation", "dense_knn", "attentive_probe"}) {
    EXPECT_THAT(refused(protocol, {{"stride", 4}}), HasSubstr("the backbone's maps have the strides 8")) << protocol;
  }
  EXPECT_THAT(refused("dense_knn", {{"size", 36}}),
              HasSubstr("size = 36 is no multiple of the map's stride, 8; name 40"));
  EXPECT_EQ(refused("dense_knn", {{"size", 40}}), "");
  EXPECT_THAT(refused("attentive_probe", {{"heads", 5}}), HasSubstr("heads = 5 do not divide the 12 features"));
}

}  // namespace
}  // namespace sslbench
