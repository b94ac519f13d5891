// SPDX-License-Identifier: Apache-2.0
// What adapters of whole networks share: formula weights and image in; samples, loss, gradients and batch statistics
// out. See adapters/backbones.cpp for a network in ten lines.
#pragma once

#include "tests/golden/formula.h"
#include "tests/golden/golden_op.h"

namespace sslbench {

// A parameter that the published network has at its end and ours lacks (its classifier): without gradient.
struct UnusedParameter {
  std::string name;
  std::vector<int64_t> shape;
};
using UnusedParameters = std::vector<UnusedParameter>;

// Names and shapes, where the file lists them.
inline void expect_names(const GoldenCall& call, const char* key, const std::vector<NamedTensor>& tensors,
                         const UnusedParameters& unused) {
  if (!call.settings.contains(key)) return;
  nlohmann::json names = nlohmann::json::array();
  for (const auto& [name, tensor] : tensors) names.push_back({name, tensor.sizes().vec()});
  for (const auto& [name, shape] : unused) names.push_back({name, shape});
  if (names != call.settings.at(key)) throw std::runtime_error(std::string(key) + " are named or shaped otherwise");
}

// Buffers that follow the formula, and their numbers among all; the others (tables of positions) are as we compute
// them.
inline void expect_buffers(const GoldenCall& call, const Module& net) {
  std::vector<NamedTensor> statistics;
  nlohmann::json numbers = nlohmann::json::array();
  const auto buffers = net.buffers();
  for (size_t b = 0; b < buffers.size(); ++b) {
    const std::string& name = buffers[b].first;
    const bool follows =
        name.ends_with("running_mean") || name.ends_with("running_var") || name.ends_with("num_batches_tracked");
    if (!follows) continue;
    statistics.push_back(buffers[b]);
    numbers.push_back(b);
  }
  expect_names(call, "buffers", statistics, {});
  call.settings.expect_if_given("buffer_index", {numbers});
}

// Gives `net` the case's weights, type and mode, and adds the sums by which they are checked.
inline void set_up_network(const GoldenCall& call, Module& net, GoldenOutput& out,
                           const UnusedParameters& unused = {}) {
  const at::NoGradGuard no_grad;
  set_formula_state(net);
  expect_names(call, "parameters", net.parameters(), unused);
  expect_buffers(call, net);
  call.settings.expect_if_given("grad", {call.wants("param_grad_norm")});
  const double embed_scale = call.settings.real("embed_scale", 1);
  std::vector<Tensor> sums;
  for (const auto& [name, tensor] : net.parameters()) {
    const bool embedding = name == "cls_token" || name == "pos_embed" || name.starts_with("patch_embed.");
    if (embedding) tensor.copy_((tensor.to(at::kDouble) * embed_scale).to(at::kFloat));
    sums.push_back(tensor.abs().sum(at::kDouble));
  }
  for (const auto& [name, shape] : unused) {
    sums.push_back(formula_parameter(name, shape, static_cast<double>(sums.size())).abs().sum(at::kDouble));
  }
  out["in.param_abs_sum"] = at::stack(sums);
  for (const auto& [name, tensor] : net.state()) {
    if (tensor.is_floating_point()) tensor.set_data(tensor.to(call.type));
  }
  net.place(call.device);
  net.train(!call.settings.contains("mode") || call.choice("mode", {"train", "eval"}) == "train");
}

// The case's image, a leaf.
inline Tensor network_image(const GoldenCall& call, GoldenOutput& out) {
  const auto& size = call.settings.at("image");
  const Tensor x_NCHW = formula_image(call.integer("batch"), size[0], size[1], call.real("image_phase"),
                                      call.settings.real("image_scale", 1));
  out["in.image_values"] = sampled(x_NCHW, 64);
  return x_NCHW.to(call.device, call.type).set_requires_grad(true);
}

// sum(head * s(p, i)) / N, and the head as the output `name`: whole, or a sample where it is large.
inline Tensor head_loss(GoldenOutput& out, const std::string& name, const Tensor& head, double p) {
  out[name] = head.numel() > 4096 ? sampled(head, 256) : head;
  return (head * formula_tensor(head.sizes(), p, 1, 0).to(head.options())).sum() / head.size(0);
}

// Gradients of parameters that `loss.backward()` has left.
inline void add_parameter_gradients(const Module& net, GoldenOutput& out, const UnusedParameters& unused = {}) {
  const auto parameters = net.parameters();
  const size_t P = parameters.size() + unused.size();
  Tensor norms = at::zeros({static_cast<int64_t>(P)}, parameters[0].second.options().requires_grad(false));
  Tensor values = at::zeros({static_cast<int64_t>(P), 8}, norms.options());
  Tensor reached = at::zeros({static_cast<int64_t>(P)}, at::kBool);
  for (size_t i = 0; i < parameters.size(); ++i) {
    const Tensor gradient = parameters[i].second.grad();
    if (!gradient.defined()) continue;
    const auto row = static_cast<int64_t>(i);
    reached[row].fill_(true);
    norms[row].copy_(gradient.norm());
    const Tensor some = sampled(gradient, 8);
    values[row].narrow(0, 0, some.numel()).copy_(some);
  }
  out["param_grad_norm"] = norms;
  out["param_grad_values"] = values;
  out["param_has_grad"] = reached;
}

inline void add_batch_statistics(const Module& net, GoldenOutput& out) {
  std::map<std::string, std::vector<Tensor>> found;
  for (const auto& [name, buffer] : net.buffers())
    found[name.substr(name.rfind('.') + 1)].push_back(sampled(buffer, 8));
  for (const char* name : {"running_mean", "running_var"}) out[std::string(name) + "_values"] = at::cat(found.at(name));
  out["num_batches_tracked"] = at::cat(found.at("num_batches_tracked"));
}

// Everything that follows from the loss, as far as the file asks for it.
inline void finish_network(const GoldenCall& call, const Module& net, const Tensor& image, const Tensor& loss,
                           GoldenOutput& out, const UnusedParameters& unused = {}) {
  out["loss"] = loss;
  if (call.wants("running_mean_values")) add_batch_statistics(net, out);
  if (!call.wants("image_grad_values")) return;
  loss.backward();
  out["image_grad_values"] = sampled(image.grad(), 64);
  add_parameter_gradients(net, out, unused);
}

}  // namespace sslbench
