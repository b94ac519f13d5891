// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/published_networks.h"

#include <functional>
#include <regex>

#include "tests/golden/golden_op.h"

namespace sslbench {
namespace {

using nlohmann::json;

bool exists(const std::string& backbone) { return Registry<BackboneEntry>::all().contains(backbone); }

// Whole case names as regular expressions, and what we build for them; $1 is what the parentheses matched.
struct Rule {
  const char* pattern;
  std::function<PublishedNetwork(const std::smatch&)> network;
};

PublishedNetwork dinov2(const std::string& size, bool registers, const char* names) {
  return {"dinov2_" + size, {{"registers", registers ? 4 : 0}, {"names", names}}, 0};
}

PublishedNetwork mobilenet(const std::string& size, const char* names) {
  const int64_t hidden = size == "large" ? 1280 : 1024;
  const bool timm = names == std::string("timm");
  return {"mobilenet_v3_" + size, {{"names", names}}, 1000, {{timm ? "conv_head" : "classifier.0", hidden}}, timm};
}

// timm's "004" is torchvision's "400mf", "016" its "1_6gf".
std::string regnet_name(const std::string& code) {
  const int hundreds = std::stoi(code);
  if (hundreds < 10) return "regnet_y_" + std::to_string(100 * hundreds) + "mf";
  const std::string tenth = hundreds % 10 == 0 ? "" : "_" + std::to_string(hundreds % 10);
  return "regnet_y_" + std::to_string(hundreds / 10) + tenth + "gf";
}

const std::vector<Rule>& vit_rules() {
  using M = const std::smatch&;
  static const std::vector<Rule> rules = {
      {"timm_vit_32_patch4",
       [](M) -> PublishedNetwork {
         return {"vit_tiny", {{"image_size", 32}, {"patch_size", 4}}, 10};
       }},
      {"timm_vit_([a-z]+)_patch(\\d+)_224",
       [](M m) -> PublishedNetwork {
         return {"vit_" + m[1].str(), {{"patch_size", std::stoi(m[2])}}};
       }},
      {"timm_vit_([a-z]+)_patch14_(reg4_)?dinov2", [](M m) { return dinov2(m[1], m[2].matched, "timm"); }},
      {"dinov2_([a-z]+?)2?(_reg4)?", [](M m) { return dinov2(m[1], m[2].matched, "authors"); }},
      {"timm_vit_([a-z_]+)_patch16_dinov3(_qkvb)?",
       [](M m) -> PublishedNetwork {
         return {"dinov3_" + m[1].str(), {{"qkv_bias", m[2].matched}}, 0};
       }},
      {"dinov3_(convnext_[a-z]+)",
       [](M m) -> PublishedNetwork {
         return {"dinov3_" + m[1].str(), {{"names", "authors"}}, 0};
       }},
      {"dinov3_([a-z_]+)",
       [](M m) -> PublishedNetwork {
         return {"dinov3_" + m[1].str(), {{"names", "authors"}}, 0};
       }},
      {"timm_vit_([a-z]+)_patch(\\d+)_clip_(quickgelu_)?(\\d+)",
       [](M m) -> PublishedNetwork {
         return {"clip_" + m[1].str(), {{"patch_size", std::stoi(m[2])}, {"image_size", std::stoi(m[4])}}};
       }},
      {"timm_vit_([a-z0-9]+)_patch(\\d+)_siglip_(\\d+)",
       [](M m) -> PublishedNetwork {
         return {"siglip_" + m[1].str(), {{"patch_size", std::stoi(m[2])}, {"image_size", std::stoi(m[3])}}, 0};
       }},
  };
  return rules;
}

const std::vector<Rule>& convolutional_rules() {
  using M = const std::smatch&;
  static const std::vector<Rule> rules = {
      {"seed_convnet",
       [](M) -> PublishedNetwork {
         return {"convnet", json::object(), 0};
       }},
      {"cifar_(resnet\\d+)",
       [](M m) -> PublishedNetwork {
         return {m[1], {{"stem", "cifar"}}, 10};
       }},
      {"lightly_resnet\\d+",
       [](M m) -> PublishedNetwork {
         return {m[0], json::object(), 10};
       }},
      {"timm_(convnext_[a-z]+)_dinov3_lvd1689m",
       [](M m) -> PublishedNetwork {
         return {"dinov3_" + m[1].str(), json::object(), 0};
       }},
      {"timm_(convnext(?:v2)?_[a-z]+|efficientnet_b0)",
       [](M m) -> PublishedNetwork {
         return {m[1], m[1].str().starts_with("convnextv2") ? json::object() : json{{"names", "timm"}}};
       }},
      {"timm_swin_([a-z]+)_patch4_window(\\d+)_(\\d+)",
       [](M m) -> PublishedNetwork {
         return {"swin_" + m[1].str(), {{"window", std::stoi(m[2])}, {"image_size", std::stoi(m[3])}}};
       }},
      {"torchvision_swin_([tsb])",
       [](M m) -> PublishedNetwork {
         const std::string size = m[1] == "t" ? "tiny" : m[1] == "s" ? "small" : "base";
         return {"swin_" + size, {{"names", "torchvision"}}};
       }},
      {"timm_mobilenetv3_([a-z]+)_100", [](M m) { return mobilenet(m[1], "timm"); }},
      {"torchvision_mobilenet_v3_([a-z]+)", [](M m) { return mobilenet(m[1], "torchvision"); }},
      {"timm_regnety_(\\d+)",
       [](M m) -> PublishedNetwork {
         return {regnet_name(m[1]), {{"names", "timm"}}};
       }},
      {"timm_(xcit_[a-z0-9_]+)_p(\\d+)_224",
       [](M m) -> PublishedNetwork {
         return {m[1], {{"patch_size", std::stoi(m[2])}}};
       }},
      {"torchvision_(.+)", [](M m) -> PublishedNetwork { return {m[1]}; }},
  };
  return rules;
}

}  // namespace

PublishedNetwork published_network(const std::string& name) {
  for (const auto* rules : {&vit_rules(), &convolutional_rules()}) {
    for (const Rule& rule : *rules) {
      std::smatch match;
      if (!std::regex_match(name, match, std::regex(rule.pattern))) continue;
      PublishedNetwork network = rule.network(match);
      if (exists(network.backbone)) return network;
    }
  }
  throw UnknownOp("names", "no network '" + name + "'");
}

}  // namespace sslbench
