// SPDX-License-Identifier: Apache-2.0
// Networks: forward and backward pass, and names.
#include <algorithm>

#include "methods/backbones/vit.h"
#include "methods/classifier.h"
#include "tests/golden/formula_network.h"

namespace sslbench {
namespace {

bool exists(const std::string& backbone) { return Registry<BackboneEntry>::all().contains(backbone); }

std::unique_ptr<Backbone> build(const std::string& name, const nlohmann::json& settings) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  return make_backbone(name, settings, generator);
}

// Maps c2.. and pooled features, through `pool` of the last map; the published classifier gets no gradient.
GoldenOutput convolutional(const GoldenCall& call, Backbone& net, const std::string& head, int64_t classes,
                           const std::function<Tensor(const Tensor& map_NCHW)>& pool) {
  GoldenOutput out;
  const UnusedParameters unused = {{head + ".weight", {classes, net.width()}}, {head + ".bias", {classes}}};
  set_up_network(call, net, out, unused);
  const Tensor x_NCHW = network_image(call, out);
  const auto maps = net.feature_maps(x_NCHW);
  for (size_t i = 0; i < maps.size(); ++i) out["c" + std::to_string(i + 2)] = sampled(maps[i], 256);
  finish_network(call, net, x_NCHW, head_loss(out, "pooled", pool(maps.back()), 998), out, unused);
  return out;
}

GoldenOutput resnet(const GoldenCall& call) {
  const std::string arch = call.text("arch");
  if (!exists(arch)) throw UnknownOp("resnet", "no network '" + arch + "'");
  const std::string stem = call.choice("stem", {"imagenet", "cifar"});
  const auto net = build(arch, {{"stem", stem}, {"width", call.integer("width")}});
  return convolutional(call, *net, "fc", call.integer("num_classes"), pooled);
}

GoldenOutput lightly_resnet(const GoldenCall& call) {
  const std::string arch = call.choice("arch", {"resnet-9", "resnet-18"});
  const auto net = build(arch == "resnet-9" ? "lightly_resnet9" : "lightly_resnet18",
                         {{"width_factor", call.real("width_factor")}, {"stem_relu", call.flag("stem_relu")}});
  return convolutional(call, *net, "linear", call.settings.integer("num_classes", 10), pooled);
}

// The pooled features pass through a norm of their own, so they take a forward pass of their own.
GoldenOutput convnext(const GoldenCall& call) {
  if (call.settings.contains("dims")) throw UnknownOp("convnext", "no network of given dims and depths, named as timm");
  call.expect("arch", {"convnext_tiny"});
  GoldenOutput out;
  const auto net = build("convnext_tiny", {{"width", call.integer("width")}});
  const int64_t classes = call.integer("num_classes");
  const UnusedParameters unused = {{"classifier.2.weight", {classes, net->width()}}, {"classifier.2.bias", {classes}}};
  set_up_network(call, *net, out, unused);
  const Tensor x_NCHW = network_image(call, out);
  const auto maps = net->feature_maps(x_NCHW);
  for (size_t i = 0; i < maps.size(); ++i) out["c" + std::to_string(i + 2)] = sampled(maps[i], 256);
  finish_network(call, *net, x_NCHW, head_loss(out, "pooled", net->features(x_NCHW), 998), out, unused);
  return out;
}

GoldenOutput seed_convnet(const GoldenCall& call) {
  GoldenOutput out;
  const auto net = build("convnet", nlohmann::json::object());
  set_up_network(call, *net, out);
  const Tensor x_NCHW = network_image(call, out);
  const Tensor flat_ND = net->feature_maps(x_NCHW).back().flatten(1);
  finish_network(call, *net, x_NCHW, head_loss(out, "pooled", flat_ND, 998), out);
  return out;
}

VitShape vit_shape(const GoldenSettings& settings) {
  VitShape out;
  out.dim = settings.integer("embed_dim"), out.depth = settings.integer("depth");
  out.heads = settings.integer("num_heads");
  out.patch_size = settings.integer("patch_size"), out.image_size = settings.integer("img_size");
  out.mlp_ratio = settings.real("mlp_ratio", 4);
  out.class_token = settings.flag("class_token", true);
  out.mean_pooling = !out.class_token;
  out.registers = settings.integer("reg_tokens", 0);
  return out;
}

// timm's arguments of which our network has one value only.
void expect_plain_vit(const GoldenSettings& settings) {
  settings.expect_if_given("qkv_bias", {true});
  for (const char* absent : {"qk_norm", "pre_norm", "no_embed_class"}) {
    settings.expect_if_given(absent, {false});
  }
  settings.expect_if_given("init_values", {nullptr});
  settings.expect_if_given("layer_norm_eps", {1e-6});
  settings.expect_if_given("num_classes", {0});
  settings.expect_if_given("global_pool", {"", "token"});  // "avg" moves the final norm
  // timm takes other sizes where these are on, ours always.
  const int64_t size = settings.integer("img_size"), patch = settings.integer("patch_size");
  const auto image = settings.at("image").get<std::vector<int64_t>>();
  const bool resized = image != std::vector<int64_t>{size, size};
  const bool padded = std::any_of(image.begin(), image.end(), [&](int64_t side) { return side % patch != 0; });
  settings.expect_if_given("dynamic_img_size", {true, resized});
  settings.expect_if_given("dynamic_img_pad", {true, padded});
}

GoldenOutput vit(const GoldenCall& call) {
  GoldenOutput out;
  at::Generator generator = at::detail::createCPUGenerator(0);
  expect_plain_vit(call.settings);
  Vit net(vit_shape(call.settings), generator);
  set_up_network(call, net, out);
  const Tensor x_NCHW = network_image(call, out);
  std::vector<Tensor> blocks;
  const Tensor x_NTD = net.norm(net.run_blocks(net.embed(x_NCHW), &blocks));
  for (const size_t i : call.settings.at("blocks")) out["block" + std::to_string(i)] = sampled(blocks.at(i), 256);
  const Tensor patches_NLD = x_NTD.narrow(1, net.prefix(), x_NTD.size(1) - net.prefix());
  out["patches"] = sampled(patches_NLD, 256);
  Tensor loss = head_loss(out, "mean_patch", patches_NLD.mean(1), 997);
  if (net.shape().class_token) loss = head_loss(out, "cls", x_NTD.select(1, 0), 998) + loss;
  finish_network(call, net, x_NCHW, loss, out);
  return out;
}

nlohmann::json names_and_shapes(const std::vector<NamedTensor>& tensors) {
  nlohmann::json out = nlohmann::json::array();
  for (const auto& [name, tensor] : tensors) out.push_back({name, tensor.sizes().vec()});
  return out;
}

nlohmann::json names_of(const Module& net) {
  nlohmann::json order = nlohmann::json::array();
  for (const auto& [name, tensor] : net.state_dict()) order.push_back(name);
  int64_t numel = 0;
  for (const auto& [name, tensor] : net.parameters()) numel += tensor.numel();
  return {{"parameters", names_and_shapes(net.parameters())},
          {"buffers", names_and_shapes(net.buffers())},
          {"state_dict", order},
          {"numel", numel}};
}

struct PublishedNetwork {
  std::string backbone;  // ours
  nlohmann::json settings = nlohmann::json::object();
  int64_t classes = 1000;
  std::string stem = {};  // in the files' words
};

// torchvision_resnet50, cifar_resnet18, lightly_resnet9, timm_vit_tiny_patch16_224; UnknownOp where we have none.
PublishedNetwork published(const std::string& name) {
  constexpr const char* kCifarStem = "cifar: conv1 3x3 stride 1 pad 1, maxpool = identity";
  if (name == "torchvision_convnext_tiny") return {"convnext_tiny"};
  if (name == "timm_vit_32_patch4") return {"vit_tiny", {{"image_size", 32}, {"patch_size", 4}}, 10};
  const std::string after = name.substr(name.find('_') + 1);
  PublishedNetwork out;
  if (name.starts_with("torchvision_resnet")) out = {after, {{"stem", "imagenet"}}, 1000, "imagenet"};
  if (name.starts_with("cifar_resnet")) out = {after, {{"stem", "cifar"}}, 10, kCifarStem};
  if (name.starts_with("lightly_")) out = {name, nlohmann::json::object(), 10};
  if (name.starts_with("timm_vit_") && name.ends_with("_patch16_224")) out = {after.substr(0, after.find("_patch16"))};
  if (!exists(out.backbone)) throw UnknownOp("names", "no network '" + name + "'");
  return out;
}

nlohmann::json classifier_names(const PublishedNetwork& network) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  return names_of(Classifier(make_backbone(network.backbone, network.settings, generator),
                             Registry<BackboneEntry>::find(network.backbone).head, network.classes, generator));
}

// The case names a published network; its arguments and stem stand beside what is expected.
nlohmann::json names(const GoldenJson& golden) {
  nlohmann::json out;
  const GoldenSettings arguments(golden.content.value("arguments", nlohmann::json::object()));
  if (golden.name == "seed_convnet") {
    out = names_of(*build("convnet", nlohmann::json::object()));
  } else {
    const PublishedNetwork network = published(golden.name);
    GoldenSettings(golden.content).expect_if_given("stem", {network.stem});
    out = classifier_names(network);
  }
  arguments.require_all_read();
  if (golden.content.contains("transient_buffers")) out["transient_buffers"] = nlohmann::json::array();  // we have none
  return out;
}

const bool registered = add_golden_ops({{"resnet", resnet},
                                        {"lightly_resnet", lightly_resnet},
                                        {"convnext", convnext},
                                        {"seed_convnet", seed_convnet},
                                        {"vit", vit}}) &&
                        add_golden_json_ops({{"names", names}});

}  // namespace
}  // namespace sslbench
