// SPDX-License-Identifier: Apache-2.0
#include "methods/backbone.h"
#include "tests/golden/formula_network.h"

namespace sslbench {
namespace {

std::unique_ptr<Backbone> build(const std::string& name, const nlohmann::json& settings) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  return make_backbone(name, settings, generator);
}

GoldenOutput resnet(const GoldenCall& call) {
  GoldenOutput out;
  const auto net = build(call.text("arch"), {{"stem", call.text("stem")}, {"width", call.integer("width")}});
  const int64_t classes = call.integer("num_classes");
  const UnusedParameters fc = {{"fc.weight", {classes, net->width()}}, {"fc.bias", {classes}}};
  set_up_network(call, *net, out, fc);
  const Tensor x_NCHW = network_image(call, out);
  const auto maps = net->feature_maps(x_NCHW);
  for (size_t i = 0; i < maps.size(); ++i) out["c" + std::to_string(i + 2)] = sampled(maps[i], 256);
  finish_network(call, *net, x_NCHW, head_loss(out, "pooled", maps.back().mean({2, 3}), 998), out, fc);
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

const bool registered = add_golden_ops({{"resnet", resnet}, {"seed_convnet", seed_convnet}});

}  // namespace
}  // namespace sslbench
