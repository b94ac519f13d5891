// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/fcos_head.h"
#include "suites/protocols/parts/fpn.h"
#include "tests/golden/formula_network.h"

namespace sslbench {
namespace {

std::vector<Tensor> formula_inputs(const GoldenCall& call) {
  std::vector<Tensor> out;
  for (const auto& shape : call.settings.at("inputs")) {
    const Tensor input = formula_tensor(shape.get<std::vector<int64_t>>(), 900 + static_cast<double>(out.size()), 1, 0);
    out.push_back(input.to(call.device, call.type).set_requires_grad(true));
  }
  return out;
}

// Loss over all outputs, then the gradients.
void finish(const Module& net, const std::vector<Tensor>& inputs, const std::vector<Tensor>& outputs,
            GoldenOutput& out) {
  Tensor loss = at::zeros({}, inputs[0].options().requires_grad(false));
  for (size_t j = 0; j < outputs.size(); ++j) {
    const Tensor head = formula_tensor(outputs[j].sizes(), 998 - static_cast<double>(j), 1, 0);
    loss = loss + (outputs[j] * head.to(loss.options())).sum();
  }
  out["loss"] = loss / inputs[0].size(0);
  out["loss"].backward();
  for (size_t j = 0; j < inputs.size(); ++j) {
    out["input_grad_values" + std::to_string(j)] = sampled(inputs[j].grad(), 64);
  }
  add_parameter_gradients(net, out);
}

GoldenOutput fpn(const GoldenCall& call) {
  GoldenOutput out;
  const std::string from = call.choice("p6_from", {"p5", "c5"});
  at::Generator generator = at::detail::createCPUGenerator(0);
  FeaturePyramid net(call.settings.at("in_channels").get<std::vector<int64_t>>(), call.integer("out_channels"),
                     /*extra_levels=*/2, generator, from == "c5");
  set_up_network(call, net, out);
  const auto inputs = formula_inputs(call);
  const auto maps = net(inputs);
  for (size_t i = 0; i < maps.size(); ++i) out["p" + std::to_string(3 + i)] = sampled(maps[i], 256);
  finish(net, inputs, maps, out);
  return out;
}

GoldenOutput fcos_head(const GoldenCall& call) {
  GoldenOutput out;
  at::Generator generator = at::detail::createCPUGenerator(0);
  FcosHead net(call.integer("channels"), call.integer("classes"), call.integer("convs"), generator);
  set_up_network(call, net, out);
  const auto inputs = formula_inputs(call);
  const FcosOutput found = net(inputs);
  out["cls_logits"] = sampled(found.logits_NPK, 256);
  out["bbox_regression"] = sampled(found.ltrb_NP4, 256);
  out["bbox_ctrness"] = sampled(found.centerness_NP1, 256);
  finish(net, inputs, {found.logits_NPK, found.ltrb_NP4, found.centerness_NP1}, out);
  return out;
}

const bool registered = add_golden_ops({{"fpn", fpn}, {"fcos_head", fcos_head}});

}  // namespace
}  // namespace sslbench
