// SPDX-License-Identifier: Apache-2.0
// Convolutional networks: forward and backward pass.
#include <algorithm>

#include "methods/backbones/convnext.h"
#include "methods/backbones/convolutional/efficientnet.h"
#include "methods/backbones/convolutional/mobilenet_v3.h"
#include "methods/backbones/convolutional/regnet.h"
#include "methods/backbones/resnet.h"
#include "methods/backbones/swin.h"
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

// Parameters of the published head, which stand after ours in the case's list.
UnusedParameters head_parameters(const GoldenCall& call, const Module& net, int64_t width,
                                 const std::vector<std::string>& layers) {
  UnusedParameters out;
  if (!call.settings.contains("parameters")) {
    const int64_t classes = call.integer("num_classes");
    return {{layers.back() + ".weight", {classes, width}}, {layers.back() + ".bias", {classes}}};
  }
  call.settings.integer("num_classes", 0);
  const auto& listed = call.settings.at("parameters");
  for (size_t i = net.parameters().size(); i < listed.size(); ++i) {
    const std::string name = listed[i][0];
    const bool known = std::any_of(layers.begin(), layers.end(),
                                   [&](const std::string& layer) { return name.starts_with(layer + "."); });
    if (!known) throw std::runtime_error("the case has a parameter " + name + ", which our network lacks");
    out.push_back({name, listed[i][1]});
  }
  return out;
}

struct Outputs {
  std::vector<Tensor> layers;
  std::string prefix = "c";  // of the outputs' names, with `first` the number of the first
  int64_t first = 2;
  Tensor pooled;
};

// A network that says itself what its outputs are; head layers get no gradient.
template <class Net>
GoldenOutput run(const GoldenCall& call, Net& net, const std::vector<std::string>& head,
                 const std::function<Outputs(const Tensor& x_NCHW)>& outputs) {
  GoldenOutput out;
  const UnusedParameters unused = head_parameters(call, net, net.width(), head);
  set_up_network(call, net, out, unused);
  const Tensor x_NCHW = network_image(call, out);
  const Outputs got = outputs(x_NCHW);
  int64_t number = got.first;
  for (const Tensor& each : got.layers) out[got.prefix + std::to_string(number++)] = sampled(each, 256);
  finish_network(call, net, x_NCHW, head_loss(out, "pooled", got.pooled, 998), out, unused);
  return out;
}

std::array<int64_t, 4> four(const GoldenCall& call, const char* name) {
  return call.settings.at(name).get<std::array<int64_t, 4>>();
}

GoldenOutput convnext(const GoldenCall& call) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  ConvNeXtShape shape{.names = ConvNeXtNames::timm};
  std::vector<std::string> head = {"head.fc"};
  if (call.settings.contains("dims")) {
    shape.depths = four(call, "depths"), shape.dims = four(call, "dims");
    shape.grn = call.settings.flag("grn", false);
    shape.layer_scale = call.settings.flag("layer_scale", true);
    shape.conv_mlp = call.settings.flag("conv_mlp", false);
    call.settings.expect_if_given("grn_eps", {1e-6});
    call.settings.expect_if_given("layer_norm_eps", {1e-6});
  } else {
    call.expect("arch", {"convnext_tiny"});
    const int64_t width = call.integer("width");
    shape = {.depths = {3, 3, 9, 3}, .dims = {width, 2 * width, 4 * width, 8 * width}};
    head = {"classifier.2"};
  }
  ConvNeXt net(shape, generator);
  return run(call, net, head, [&](const Tensor& x_NCHW) -> Outputs {
    const auto maps = net.feature_maps(x_NCHW);
    return {.layers = maps, .pooled = net.pooled_norm(maps.back())};
  });
}

GoldenOutput swin(const GoldenCall& call) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  SwinShape shape{.width = call.integer("embed_dim"),
                  .depths = four(call, "depths"),
                  .heads = four(call, "num_heads"),
                  .window = call.integer("window_size"),
                  .patch_size = call.integer("patch_size")};
  call.expect("layer_norm_eps", {1e-5});
  const bool timm = call.text("variant").starts_with("timm");
  shape.variant = timm ? SwinVariant::timm : SwinVariant::torchvision;
  if (timm) {
    const auto size = call.settings.at("img_size").get<std::array<int64_t, 2>>();
    shape.image_height = size[0], shape.image_width = size[1];
  }
  Swin net(shape, generator);
  return run(call, net, {timm ? "head.fc" : "head"}, [&](const Tensor& x_NCHW) -> Outputs {
    const auto maps = net.feature_maps(x_NCHW);
    return {.layers = maps, .pooled = net.pooled_norm(maps.back())};
  });
}

GoldenOutput regnet(const GoldenCall& call) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  RegNetShape shape{.depths = four(call, "depths"), .widths = four(call, "widths")};
  shape.group_widths = four(call, "group_widths");
  shape.se_ratio = call.real("se_ratio"), shape.stem_width = call.integer("stem_width");
  call.expect("bn_eps", {1e-5});
  call.expect("bn_momentum", {0.1});
  if (call.settings.contains("w_0")) {
    const RegNetRule rule{call.integer("depth"), call.integer("w_0"), call.real("w_a"), call.real("w_m"),
                          call.integer("group_width")};
    const RegNetShape own = regnet_shape(rule, /*timm_names=*/false);
    if (own.depths != shape.depths || own.widths != shape.widths || own.group_widths != shape.group_widths) {
      throw std::runtime_error("depth, w_0, w_a, w_m and group_width give other stages");
    }
  }
  const auto net = make_regnet(shape, generator);
  return run(call, *net, {"fc"}, [&](const Tensor& x_NCHW) -> Outputs {
    const auto maps = net->feature_maps(x_NCHW);
    return {.layers = maps, .pooled = pooled(maps.back())};
  });
}

// f<j> is the output of features[j]: of the stem, of a block or the last of several, of the last convolution.
std::vector<Tensor> by_feature(const std::vector<Tensor>& layers, const InvertedResidualNetShape& shape) {
  std::vector<Tensor> out = {layers.front()};
  const auto feature = [&](size_t i) {
    const std::string& name = shape.blocks[i].name;  // features.<j> or features.<j>.<i>
    return name.substr(0, name.find('.', name.find('.') + 1));
  };
  for (size_t i = 0; i < shape.blocks.size(); ++i) {
    if (i + 1 == shape.blocks.size() || feature(i) != feature(i + 1)) out.push_back(layers[i + 1]);
  }
  out.push_back(layers.back());
  return out;
}

GoldenOutput inverted_residual(const GoldenCall& call, const InvertedResidualNetShape& shape) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  call.expect("bn_eps", {shape.eps});
  call.settings.expect_if_given("bn_momentum", {shape.momentum});
  InvertedResidualNet net(shape, generator);
  return run(call, net, {"classifier"}, [&](const Tensor& x_NCHW) -> Outputs {
    const auto layers = net.layers(x_NCHW);
    return {.layers = by_feature(layers, shape), .prefix = "f", .first = 0, .pooled = pooled(layers.back())};
  });
}

GoldenOutput efficientnet(const GoldenCall& call) {
  call.expect("arch", {"efficientnet_b0"});
  return inverted_residual(call, efficientnet_b0_shape(call.real("width_mult"), /*timm_names=*/false));
}

GoldenOutput mobilenetv3(const GoldenCall& call) {
  const std::string arch = call.choice("arch", {"mobilenet_v3_large", "mobilenet_v3_small"});
  const double width = call.real("width_mult");
  return inverted_residual(call, arch == "mobilenet_v3_large" ? mobilenet_v3_large_shape(width, false)
                                                              : mobilenet_v3_small_shape(width, false));
}

GoldenOutput resnet_wide(const GoldenCall& call) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  call.expect("bn_eps", {1e-5});
  const auto net = make_resnet({.blocks = four(call, "layers"),
                                .bottleneck = true,
                                .groups = call.integer("groups"),
                                .width_per_group = call.integer("width_per_group")},
                               generator);
  return run(call, *net, {"fc"}, [&](const Tensor& x_NCHW) -> Outputs {
    const auto maps = net->feature_maps(x_NCHW);
    return {.layers = maps, .pooled = pooled(maps.back())};
  });
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

const bool registered = add_golden_ops({{"resnet", resnet},
                                        {"lightly_resnet", lightly_resnet},
                                        {"convnext", convnext},
                                        {"seed_convnet", seed_convnet},
                                        {"swin", swin},
                                        {"regnet", regnet},
                                        {"efficientnet", efficientnet},
                                        {"mobilenetv3", mobilenetv3},
                                        {"resnet_wide", resnet_wide}});

}  // namespace
}  // namespace sslbench
