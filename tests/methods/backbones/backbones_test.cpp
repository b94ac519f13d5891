// SPDX-License-Identifier: Apache-2.0
// Every backbone: names and shapes of the published network, its forward and backward pass in both precisions.
#include <gtest/gtest.h>

#include <fstream>

#include "methods/classifier.h"
#include "tests/golden/backbone_case.h"

namespace sslbench {
namespace {

std::unique_ptr<Backbone> build(const std::string& name, const nlohmann::json& settings) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  return make_backbone(name, settings, generator);
}

Classifier build_classifier(const std::string& name, const nlohmann::json& settings, int64_t classes) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  return {make_backbone(name, settings, generator), Registry<BackboneEntry>::find(name).head, classes, generator};
}

nlohmann::json read_list(const std::string& list) {
  std::ifstream in(std::string(SSLBENCH_SOURCE_DIR) + "/tests/golden/backbones/names__" + list + ".json");
  return nlohmann::json::parse(in);
}

nlohmann::json names_and_shapes(const std::vector<NamedTensor>& tensors) {
  nlohmann::json out = nlohmann::json::array();
  for (const auto& [name, tensor] : tensors) out.push_back({name, tensor.sizes().vec()});
  return out;
}

void expect_names(const Module& net, const std::string& list) {
  const nlohmann::json want = read_list(list);
  EXPECT_EQ(names_and_shapes(net.parameters()), want.at("parameters")) << list;
  EXPECT_EQ(names_and_shapes(net.buffers()), want.at("buffers")) << list;
  nlohmann::json order = nlohmann::json::array();
  for (const auto& [name, tensor] : net.state_dict()) order.push_back(name);
  EXPECT_EQ(order, want.at("state_dict")) << list;
  int64_t numel = 0;
  for (const auto& [name, tensor] : net.parameters()) numel += tensor.numel();
  EXPECT_EQ(numel, want.at("numel").get<int64_t>()) << list;
}

TEST(BackbonesTest, NamesShapesAndOrderAreThePublishedOnes) {
  for (const std::string size : {"18", "34", "50"}) {
    expect_names(build_classifier("resnet" + size, {{"stem", "imagenet"}}, 1000), "torchvision_resnet" + size);
    expect_names(build_classifier("resnet" + size, {{"stem", "cifar"}}, 10), "cifar_resnet" + size);
  }
  for (const std::string size : {"9", "18"}) {
    expect_names(build_classifier("lightly_resnet" + size, nlohmann::json::object(), 10), "lightly_resnet" + size);
  }
  for (const std::string size : {"tiny", "small", "base"}) {
    expect_names(build_classifier("vit_" + size, nlohmann::json::object(), 1000), "timm_vit_" + size + "_patch16_224");
  }
  expect_names(build_classifier("vit_tiny", {{"image_size", 32}, {"patch_size", 4}}, 10), "timm_vit_32_patch4");
  expect_names(build_classifier("convnext_tiny", nlohmann::json::object(), 1000), "torchvision_convnext_tiny");
  expect_names(*build("convnet", nlohmann::json::object()), "seed_convnet");
}

// Runs one convolutional network; lightly's goldens have maps only where the stem's ReLU is on.
void expect_maps_and_pooled(const std::string& file, Module& net, const Backbone& backbone, bool in_double) {
  const BackboneCase golden(file, net, in_double);
  const auto maps = backbone.feature_maps(golden.image());
  for (size_t i = 0; i < maps.size(); ++i) golden.expect_sample("out.c" + std::to_string(i + 2), maps[i]);
  golden.expect_loss(golden.expect_head("out.pooled", pooled(maps.back()), 998));
}

TEST(BackbonesTest, ResNetsEqualTorchvision) {
  for (const std::string& file : golden_files("backbones", "resnet")) {
    const auto settings = GoldenCase(file).settings();
    for (const bool in_double : precisions(settings)) {
      Classifier net =
          build_classifier(settings.at("arch"), {{"stem", settings.at("stem")}, {"width", settings.at("width")}},
                           settings.at("num_classes"));
      expect_maps_and_pooled(file, net, net.backbone(), in_double);
    }
  }
}

TEST(BackbonesTest, LightlyResNetsEqualLightly) {
  for (const std::string& file : golden_files("backbones", "lightly_resnet")) {
    const auto settings = GoldenCase(file).settings();
    const std::string arch = settings.at("arch") == "resnet-9" ? "lightly_resnet9" : "lightly_resnet18";
    for (const bool in_double : precisions(settings)) {
      Classifier net = build_classifier(
          arch, {{"width_factor", settings.at("width_factor")}, {"stem_relu", settings.at("stem_relu")}}, 10);
      expect_maps_and_pooled(file, net, net.backbone(), in_double);
    }
  }
}

TEST(BackbonesTest, ConvNeXtEqualsTorchvision) {
  for (const std::string& file : golden_files("backbones", "convnext")) {
    const auto settings = GoldenCase(file).settings();
    for (const bool in_double : precisions(settings)) {
      Classifier net = build_classifier("convnext_tiny", {{"width", settings.at("width")}}, settings.at("num_classes"));
      const BackboneCase golden(file, net, in_double);
      const auto maps = net.backbone().feature_maps(golden.image());
      for (size_t i = 0; i < maps.size(); ++i) golden.expect_sample("out.c" + std::to_string(i + 2), maps[i]);
      golden.expect_loss(golden.expect_head("out.pooled", net.backbone().features(golden.image()), 998));
    }
  }
}

TEST(BackbonesTest, ConvNetEqualsThePublishedOneAndKeeps7x7At56Pixels) {
  for (const std::string& file : golden_files("backbones", "seed_convnet")) {
    for (const bool in_double : precisions(GoldenCase(file).settings())) {
      const auto net = build("convnet", nlohmann::json::object());
      const BackboneCase golden(file, *net, in_double);
      const Tensor map = net->feature_maps(golden.image()).back();
      EXPECT_EQ(map.sizes().vec(), (std::vector<int64_t>{2, 64, 7, 7}));
      golden.expect_loss(golden.expect_head("out.pooled", map.flatten(1), 998));
    }
  }
}

TEST(BackbonesTest, EveryBackboneKeepsItsPromises) {
  for (const auto& [name, entry] : Registry<BackboneEntry>::all()) {
    const auto backbone = build(name, entry.tiny);
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
}

TEST(BackbonesTest, EveryParameterOfEveryBackboneReachesTheFeatures) {
  for (const auto& [name, entry] : Registry<BackboneEntry>::all()) {
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
  for (const auto& [name, entry] : Registry<BackboneEntry>::all()) {
    const Settings settings("backbone", entry.options, entry.tiny);
    at::Generator generator = at::detail::createCPUGenerator(0);
    entry.make(settings, generator);
    EXPECT_TRUE(settings.unread().empty()) << name << " ignores '" << settings.unread().front() << "'";
    for (const Option& option : entry.options) EXPECT_FALSE(option.help.empty()) << name << "." << option.name;
  }
}

// A forward pass of channels-last images that leaves that layout pays for copies in every layer.
TEST(BackbonesTest, MapsOfChannelsLastImagesAreChannelsLast) {
  for (const auto& [name, entry] : Registry<BackboneEntry>::all()) {
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
