// SPDX-License-Identifier: Apache-2.0
// linear_probe and linear_probe_augmented on a network that knows the class, in a place of its own, or nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/suites/protocols/frozen_maps.h"

namespace sslbench {
namespace {

constexpr int64_t kClasses = 10;

class ProbeTest : public FrozenMapsTest {
 protected:
  ProbeTest() : FrozenMapsTest("one") {}

  // What a picture's features are: its class among ten, and noise.
  void know(KnowingBackbone& backbone, double signal, double noise) {
    at::Generator generator = at::detail::createCPUGenerator(5);
    learn(backbone, [&](const Item& item) {
      const Tensor of_class = at::one_hot(at::scalar_tensor(item.label, at::kLong), kClasses).to(at::kFloat);
      return (signal * of_class + noise * at::randn({kClasses}, generator)).view({kClasses, 1, 1});
    });
  }

  static double value(const StageRecord& record, const std::string& metric, const std::string& split) {
    for (const Measurement& m : record.measurements) {
      if (m.metric == metric && m.split == split) return m.value;
    }
    ADD_FAILURE() << "no " << metric;
    return 0;
  }
};

// Every picture whole, as the probe on stored features sees it.
nlohmann::json whole_pictures(nlohmann::json settings) {
  settings.update({{"area_low", 1}, {"flip", 0}, {"batch_size", 16}});
  return settings;
}

class AugmentedProbeTest : public ProbeTest {};

TEST_F(AugmentedProbeTest, FeaturesThatHoldTheClassAreRightAlways) {
  KnowingBackbone backbone(kSide, kClasses);
  know(backbone, 1, 0);
  EXPECT_EQ(measured("linear_probe_augmented", backbone, whole_pictures({})).at("top1"), 1);
}

TEST_F(AugmentedProbeTest, ALastImageAloneDoesNotSpoilTheNorm) {
  KnowingBackbone backbone(kSide, kClasses);
  know(backbone, 1, 0);
  nlohmann::json settings = whole_pictures({{"learning_rates", {0.3}}});
  settings["batch_size"] = 47;  // of 48
  EXPECT_GT(measured("linear_probe_augmented", backbone, settings).at("top1"), 0.9);
}

TEST_F(AugmentedProbeTest, NoiseTeachesNothing) {
  KnowingBackbone backbone(kSide, kClasses);
  know(backbone, 0, 1);
  EXPECT_LT(measured("linear_probe_augmented", backbone, whole_pictures({})).at("top1"), 0.4);
}

TEST_F(AugmentedProbeTest, WithoutCropsItIsTheProbeOnStoredFeatures) {
  KnowingBackbone backbone(kSide, kClasses);
  know(backbone, 1, 0.4);
  for (const char* schedule : {"cosine", "steps"}) {
    const nlohmann::json same{{"epochs", 20},       {"learning_rates", {0.3}}, {"standardise", false},
                              {"inputs", {"cls1"}}, {"schedule", schedule},    {"batch_size", 16}};
    nlohmann::json stored = same;
    KnowingBackbone& network = backbone;
    const StageRecord augmented = recorded("linear_probe_augmented", network, whole_pictures(same));
    const StageRecord plain = recorded("linear_probe", network, stored);
    EXPECT_EQ(value(augmented, "top1", "test"), value(plain, "top1", "test"));
    EXPECT_GT(value(plain, "top1", "test"), 0.3);
    EXPECT_LT(value(plain, "top1", "test"), 1);
  }
}

TEST_F(AugmentedProbeTest, TheBestOfTheTrialsIsTaken) {
  KnowingBackbone backbone(kSide, kClasses);
  know(backbone, 1, 1);
  const StageRecord record = recorded("linear_probe_augmented", backbone,
                                      whole_pictures({{"learning_rates", {1e-4, 0.1, 1e4}}, {"epochs", 20}}));
  std::map<double, double> trials;  // by rate
  for (const Measurement& m : record.measurements) {
    const std::string before = "trial_top1/features/";
    if (m.metric.starts_with(before)) trials[std::stod(m.metric.text().substr(before.size()))] = m.value;
  }
  ASSERT_EQ(trials.size(), 3u);
  const auto best = std::ranges::max_element(trials, {}, [](const auto& trial) { return trial.second; });
  EXPECT_EQ(value(record, "learning_rate", "val"), best->first);
  EXPECT_LT(std::min(trials.at(1e-4), trials.at(1e4)), best->second) << "the rate makes a difference";
}

// Of four blocks, the one before the last knows the class.
class FourBlocks final : public Backbone {
 public:
  explicit FourBlocks(KnowingBackbone& knows) : knows_(knows) {}
  std::vector<Tensor> feature_maps(const Tensor& x) const override {
    return {at::zeros_like(knows_.feature_maps(x)[0])};
  }
  std::vector<MapLevel> levels() const override { return knows_.levels(); }
  int64_t class_token_blocks() const override { return 4; }
  LastBlocks last_blocks(const Tensor& x_NCHW, int64_t count) const override {
    LastBlocks out;
    for (int64_t i = 4 - count; i < 4; ++i) {
      out.class_ND.push_back((i == 2 ? knows_.features(x_NCHW) : at::zeros({x_NCHW.size(0), kClasses})));
    }
    out.patch_mean_ND = at::zeros({x_NCHW.size(0), kClasses});
    return out;
  }

 private:
  KnowingBackbone& knows_;
};

class ProbeInputTest : public ProbeTest, public testing::WithParamInterface<const char*> {};

TEST_P(ProbeInputTest, TheBlockThatKnowsIsFoundAndNamed) {
  KnowingBackbone knows(kSide, kClasses);
  know(knows, 1, 0);
  FourBlocks backbone(knows);
  nlohmann::json settings{{"inputs", {"features", "cls1", "cls1+patches", "cls4"}}};
  if (std::string(GetParam()) == "linear_probe_augmented") settings = whole_pictures(settings);
  const StageRecord record = recorded(GetParam(), backbone, settings);
  EXPECT_EQ(value(record, "input_blocks", "val"), 4);
  EXPECT_EQ(value(record, "input_patches", "val"), 0);
  EXPECT_EQ(value(record, "top1", "test"), 1);
}

INSTANTIATE_TEST_SUITE_P(Protocols, ProbeInputTest, testing::Values("linear_probe", "linear_probe_augmented"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace sslbench
