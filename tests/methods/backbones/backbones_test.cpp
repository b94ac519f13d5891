// SPDX-License-Identifier: Apache-2.0
// What every backbone promises; names and values of the published networks are checked by tests/golden.
#include <gtest/gtest.h>

#include "methods/backbone.h"
#include "suites/tensors/aten.h"
#include "tests/golden/formula.h"
#include "tests/methods/backbones/random_backbones.h"

namespace sslbench {
namespace {

std::unique_ptr<Backbone> build(const std::string& name, const nlohmann::json& settings) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  return make_backbone(name, settings, generator);
}

TEST(BackbonesTest, ConvNetKeeps7x7At56Pixels) {
  const auto net = build("convnet", nlohmann::json::object());
  EXPECT_EQ(net->feature_maps(at::zeros({2, 3, 56, 56})).back().sizes().vec(), (std::vector<int64_t>{2, 64, 7, 7}));
}

void expect_promises(const std::string& name, const nlohmann::json& settings) {
  const auto backbone = build(name, settings);
  backbone->train(false);
  const auto levels = backbone->levels();
  for (const auto& [height, width] : {std::pair<int64_t, int64_t>{64, 64}, {40, 75}}) {
    const Tensor x = formula_image(2, height, width, 0, 1);
    const auto maps = backbone->feature_maps(x);
    ASSERT_EQ(maps.size(), levels.size()) << name;
    for (size_t i = 0; i < maps.size(); ++i) {
      const int64_t s = levels[i].stride;
      EXPECT_EQ(maps[i].sizes().vec(),
                (std::vector<int64_t>{2, levels[i].channels, (height + s - 1) / s, (width + s - 1) / s}))
          << name;
    }
    EXPECT_EQ(backbone->features(x).sizes().vec(), (std::vector<int64_t>{2, backbone->width()})) << name;
  }
}

TEST(BackbonesTest, EveryBackboneKeepsItsPromises) {
  for (const auto& [name, entry] : backbone_families()) {
    for (const nlohmann::json& settings : tiny_of_all_names(entry)) expect_promises(name, settings);
  }
}

TEST(BackbonesTest, EveryParameterOfEveryBackboneReachesTheFeatures) {
  for (const auto& [name, entry] : backbone_families()) {
    const auto backbone = build(name, entry.tiny);
    const Tensor h_ND = backbone->features(formula_image(4, 32, 32, 0, 1));
    (h_ND * formula_tensor(h_ND.sizes(), 998, 1, 0)).sum().backward();
    for (const auto& [parameter, tensor] : backbone->trainable()) {
      ASSERT_TRUE(tensor.grad().defined()) << name << ": " << parameter;
      EXPECT_TRUE(tensor.grad().isfinite().all().item<bool>()) << name << ": " << parameter;
      EXPECT_TRUE(tensor.grad().abs().max().item<double>() > 0) << name << ": " << parameter;
    }
  }
}

TEST(BackbonesTest, EveryBackboneReadsTheSettingsItDeclares) {
  for (const auto& [name, entry] : random_backbones()) {
    const Settings settings("backbone", entry.options, entry.tiny);
    at::Generator generator = at::detail::createCPUGenerator(0);
    entry.make(settings, generator);
    EXPECT_TRUE(settings.unread().empty()) << name << " ignores '" << settings.unread().front() << "'";
    for (const Option& option : entry.options) EXPECT_FALSE(option.help.empty()) << name << "." << option.name;
  }
}

// A forward pass of channels-last images that leaves that layout pays for copies in every layer.
TEST(BackbonesTest, MapsOfChannelsLastImagesAreChannelsLast) {
  for (const auto& [name, entry] : backbone_families()) {
    const auto backbone = build(name, entry.tiny);
    backbone->place(at::kCPU);
    const Tensor x = formula_image(2, 64, 64, 0, 1).contiguous(at::MemoryFormat::ChannelsLast);
    for (const Tensor& map : backbone->feature_maps(x)) {
      if (map.size(2) == 1) continue;  // both layouts at once
      EXPECT_EQ(map.suggest_memory_format(), at::MemoryFormat::ChannelsLast) << name;
    }
  }
}

}  // namespace
}  // namespace sslbench
