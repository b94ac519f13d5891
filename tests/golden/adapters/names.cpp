// SPDX-License-Identifier: Apache-2.0
// Names, order and shapes of published networks' parameters and buffers. Networks are built as shapes alone.
#include <algorithm>
#include <regex>

#include "methods/classifier.h"
#include "methods/initial_values.h"
#include "tests/golden/golden_op.h"
#include "tests/golden/published_networks.h"

namespace sslbench {
namespace {

using nlohmann::json;

json names_and_shapes(const std::vector<NamedTensor>& tensors) {
  json out = json::array();
  for (const auto& [name, tensor] : tensors) out.push_back({name, tensor.sizes().vec()});
  return out;
}

std::vector<NamedTensor> joined_lists(std::vector<NamedTensor> first, const std::vector<NamedTensor>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

json names_of(const Module& net) {
  json order = json::array();
  for (const auto& [name, tensor] : net.state_dict()) order.push_back(name);
  int64_t numel = 0;
  for (const auto& [name, tensor] : net.parameters()) numel += tensor.numel();
  json transient = json::array();
  for (const auto& [name, tensor] : net.constants()) transient.push_back(name);
  return {{"parameters", names_and_shapes(net.parameters())},
          {"buffers", names_and_shapes(joined_lists(net.buffers(), net.constants()))},
          {"state_dict", order},
          {"transient_buffers", transient},
          {"numel", numel}};
}

// A backbone and the whole head of its published network.
class Published final : public Module {
 public:
  explicit Published(const PublishedNetwork& of) {
    at::Generator generator = at::detail::createCPUGenerator(0);
    backbone_ = make_backbone(of.backbone, of.settings, generator);
    add_child("", *backbone_);
    int64_t width = backbone_->width();
    for (const auto& [name, out] : of.hidden) {
      add_layer(name, width, out, of.hidden_is_convolution, generator);
      width = out;
    }
    if (of.classes > 0) {
      add_layer(classifier_name(of.backbone, of.settings), width, of.classes, /*convolution=*/false, generator);
    }
  }

 private:
  void add_layer(const std::string& name, int64_t in, int64_t out, bool convolution, at::Generator& generator) {
    if (convolution) {
      layers_.push_back(std::make_unique<Conv2d>(ConvShape{.in = in, .out = out, .bias = true}, generator));
    } else {
      layers_.push_back(std::make_unique<Linear>(in, out, generator));
    }
    add_child(name, *layers_.back());
  }

  std::unique_ptr<Backbone> backbone_;
  std::vector<std::unique_ptr<Module>> layers_;
};

// Arguments with which the case was made, as our settings; what the network is anyway is held to its value.
void read_arguments(const GoldenSettings& given, json& settings) {
  if (given.contains("img_size") && settings.contains("registers")) settings["image_size"] = given.integer("img_size");
  if (given.contains("num_register_tokens")) settings["registers"] = given.integer("num_register_tokens");
  if (given.contains("n_storage_tokens")) settings["registers"] = given.integer("n_storage_tokens");
  given.expect_if_given("img_size", {224, 518});
  given.expect_if_given("patch_size", {14, 16});
  given.expect_if_given("num_classes", {0});
  given.expect_if_given("block_chunks", {0});
  given.expect_if_given("init_values", {1.0, 1e-5});
  given.expect_if_given("layerscale_init", {1e-5});
  for (const char* on : {"mask_k_bias", "qkv_bias"}) given.expect_if_given(on, {true});
  given.expect_if_given("norm_layer", {"layernormbf16", "layernorm"});
  given.expect_if_given("pos_embed_rope_dtype", {"fp32"});
  given.expect_if_given("ffn_layer", {"mlp", "swiglu", "swiglufused"});
  given.expect_if_given("ffn_ratio", {4, 6});
  for (const auto& [theirs, ours] : {std::pair{"embed_dim", "dim"}, {"depth", "depth"}, {"num_heads", "heads"}}) {
    if (given.contains(theirs)) settings[ours] = given.integer(theirs);
  }
}

// A checkpoint of MAE: what its published files hold is our backbone.
json mae_names(const std::string& size, int64_t patch) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  const auto net = make_backbone("vit_" + size, {{"patch_size", patch}, {"positions", "sincos"}}, generator);
  json names = json::array();
  for (const auto& [name, tensor] : net->parameters()) names.push_back(name);
  return {{"encoder", names}};
}

// A checkpoint of MoCo v3: our names stand below its prefix; the rest of the file is not of a backbone.
json moco_v3_names(const GoldenJson& golden, const std::string& size) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  const auto net = make_backbone("vit_" + size, {{"positions", "sincos"}}, generator);
  const std::string prefix = golden.content.at("backbone_prefix");
  json parameters = names_and_shapes(net->parameters()), out = json::array();
  for (const json& each : parameters) out.push_back({prefix + each[0].get<std::string>(), each[1]});
  for (const json& each : golden.content.at("parameters")) {
    const std::string name = each[0];
    if (!name.starts_with(prefix) || name.starts_with(prefix + "head.")) out.push_back(each);
  }
  return {{"parameters", out}};
}

// The case names a published network; its arguments and stem stand beside what is expected.
json names(const GoldenJson& golden) {
  const ShapesOnly no_values;
  std::smatch match;
  if (std::regex_match(golden.name, match, std::regex("mae_vit_([a-z]+)_patch(\\d+)"))) {
    return mae_names(match[1], std::stoi(match[2]));
  }
  if (std::regex_match(golden.name, match, std::regex("mocov3_vit_([a-z]+)"))) return moco_v3_names(golden, match[1]);
  PublishedNetwork network = published_network(golden.name);
  const GoldenSettings arguments(golden.content.value("arguments", json::object()));
  read_arguments(arguments, network.settings);
  arguments.require_all_read();
  const bool cifar = network.settings.value("stem", "imagenet") == "cifar";
  GoldenSettings(golden.content)
      .expect_if_given("stem", {cifar ? "cifar: conv1 3x3 stride 1 pad 1, maxpool = identity" : "imagenet"});
  json out = names_of(Published(network));
  if (!golden.content.contains("transient_buffers")) out.erase("transient_buffers");
  if (network.backbone.starts_with("dinov3_convnext") && network.settings.contains("names")) {
    for (const char* alias : {"norms.3.weight", "norms.3.bias"}) out["state_dict"].push_back(alias);  // norm's, again
  }
  return out;
}

const bool registered = add_golden_json_ops({{"names", names}});

}  // namespace
}  // namespace sslbench
