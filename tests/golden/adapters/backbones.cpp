// SPDX-License-Identifier: Apache-2.0
// Networks: forward and backward pass, and names.
#include "methods/backbones/vit.h"
#include "methods/classifier.h"
#include "tests/golden/formula_network.h"

namespace sslbench {
namespace {

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
  const auto net = build(call.text("arch"), {{"stem", call.text("stem")}, {"width", call.integer("width")}});
  return convolutional(call, *net, "fc", call.integer("num_classes"), pooled);
}

GoldenOutput lightly_resnet(const GoldenCall& call) {
  const std::string arch = call.text("arch");
  if (arch != "resnet-9" && arch != "resnet-18") throw call.unsupported("arch");
  const auto net = build(arch == "resnet-9" ? "lightly_resnet9" : "lightly_resnet18",
                         {{"width_factor", call.real("width_factor")}, {"stem_relu", call.flag("stem_relu")}});
  return convolutional(call, *net, "linear", call.settings.value("num_classes", 10), pooled);
}

// The pooled features pass through a norm of their own, so they take a forward pass of their own.
GoldenOutput convnext(const GoldenCall& call) {
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

VitShape vit_shape(const nlohmann::json& settings) {
  VitShape out;
  out.dim = settings.at("embed_dim"), out.depth = settings.at("depth"), out.heads = settings.at("num_heads");
  out.patch_size = settings.at("patch_size"), out.image_size = settings.at("img_size");
  out.class_token = settings.value("class_token", true);
  out.mean_pooling = !out.class_token;
  out.registers = settings.value("reg_tokens", 0);
  return out;
}

GoldenOutput vit(const GoldenCall& call) {
  GoldenOutput out;
  at::Generator generator = at::detail::createCPUGenerator(0);
  Vit net(vit_shape(call.settings), generator);
  set_up_network(call, net, out);
  const Tensor x_NCHW = network_image(call, out);
  std::vector<Tensor> blocks;
  const Tensor x_NTD = net.norm(net.run_blocks(net.embed(x_NCHW), &blocks));
  for (size_t i = 0; i < blocks.size(); ++i) out["block" + std::to_string(i)] = sampled(blocks[i], 256);
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

nlohmann::json classifier_names(const std::string& name, const nlohmann::json& settings, int64_t classes) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  return names_of(Classifier(make_backbone(name, settings, generator), Registry<BackboneEntry>::find(name).head,
                             classes, generator));
}

// The case names a published network: torchvision_resnet50, cifar_resnet18, lightly_resnet9, timm_vit_tiny_patch16_224.
nlohmann::json names(const GoldenJson& json) {
  const std::string& name = json.name;
  const auto after = [&](const std::string& prefix) { return name.substr(prefix.size()); };
  if (name == "seed_convnet") return names_of(*build("convnet", nlohmann::json::object()));
  if (name == "torchvision_convnext_tiny") return classifier_names("convnext_tiny", nlohmann::json::object(), 1000);
  if (name == "timm_vit_32_patch4") return classifier_names("vit_tiny", {{"image_size", 32}, {"patch_size", 4}}, 10);
  if (name.starts_with("torchvision_")) return classifier_names(after("torchvision_"), {{"stem", "imagenet"}}, 1000);
  if (name.starts_with("cifar_")) return classifier_names(after("cifar_"), {{"stem", "cifar"}}, 10);
  if (name.starts_with("lightly_")) return classifier_names(name, nlohmann::json::object(), 10);
  if (name.starts_with("timm_") && name.ends_with("_patch16_224")) {
    return classifier_names(name.substr(5, name.find("_patch16") - 5), nlohmann::json::object(), 1000);
  }
  throw std::runtime_error("no network of the name " + name);
}

const bool registered = add_golden_ops({{"resnet", resnet},
                                        {"lightly_resnet", lightly_resnet},
                                        {"convnext", convnext},
                                        {"seed_convnet", seed_convnet},
                                        {"vit", vit}}) &&
                        add_golden_json_ops({{"names", names}});

}  // namespace
}  // namespace sslbench
