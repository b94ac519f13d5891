// SPDX-License-Identifier: Apache-2.0
// A golden of a whole network: formula weights and image in, maps, loss, gradients and batch statistics out, in float32
// and in float64.
#pragma once

#include "tests/golden/formula.h"
#include "tests/golden/golden_case.h"

namespace sslbench {

inline void make_double(const Module& module) {
  for (const auto& [name, tensor] : module.state()) {
    if (tensor.is_floating_point()) tensor.set_data(tensor.to(at::kDouble));
  }
}

class BackboneCase {
 public:
  // Sets `net` to the case's weights, mode and precision.
  BackboneCase(const std::string& file, Module& net, bool in_double) : golden_(file), net_(net) {
    settings_ = golden_.settings();
    set_formula_state(net);
    if (settings_.contains("embed_scale")) scale_embedding(settings_.at("embed_scale"));
    std::vector<at::Tensor> sums;
    for (const auto& [name, tensor] : net.parameters()) sums.push_back(tensor.detach().abs().sum(at::kDouble));
    golden_.expect("in.param_abs_sum", at::stack(sums).to(at::kFloat));
    if (in_double) make_double(net);
    net.train(settings_.value("mode", "train") == "train");
    image_ = formula_image(settings_.at("batch"), settings_.at("image")[0], settings_.at("image")[1],
                           settings_.at("image_phase"), settings_.value("image_scale", 1.0));
    golden_.expect("in.image_values", sampled(image_, 64));
    if (in_double) image_ = image_.to(at::kDouble);
    image_.set_requires_grad(true);
  }

  const at::Tensor& image() const { return image_; }
  bool has(const std::string& name) const { return golden_.has(name); }
  void expect_sample(const std::string& name, const at::Tensor& got) const {
    if (golden_.has(name)) golden_.expect(name, sampled(got, 256));
  }
  // A head output: compared whole (a sample where only that is stored); returns its share of the loss, with the formula
  // of parameter number p.
  at::Tensor expect_head(const std::string& name, const at::Tensor& got, double p) const {
    golden_.expect(name, golden_.at(name).numel() == got.numel() ? got : sampled(got, 256));
    return (got * formula_tensor(got.sizes(), p, 1, 0)).sum() / got.size(0);
  }
  // Checks loss, gradients and batch statistics.
  void expect_loss(const at::Tensor& loss) const {
    golden_.expect("out.loss", loss);
    if (golden_.has("out.image_grad_values")) expect_gradients(loss);
    if (golden_.has("out.running_mean_values")) expect_statistics();
  }

 private:
  void scale_embedding(double scale) const {
    const at::NoGradGuard no_grad;
    for (const auto& [name, tensor] : net_.parameters()) {
      if (name == "cls_token" || name == "pos_embed" || name.starts_with("patch_embed.")) {
        tensor.copy_(tensor.to(at::kDouble) * scale);
      }
    }
  }

  void expect_gradients(const at::Tensor& loss) const {
    loss.backward();
    golden_.expect("out.image_grad_values", sampled(image_.grad(), 64));
    const auto parameters = net_.parameters();
    at::Tensor values = at::zeros({static_cast<int64_t>(parameters.size()), 8}, image_.options().requires_grad(false));
    std::vector<at::Tensor> norms;
    std::vector<int64_t> has;
    for (size_t i = 0; i < parameters.size(); ++i) {
      const at::Tensor gradient = parameters[i].second.grad();
      has.push_back(gradient.defined());
      norms.push_back(gradient.defined() ? gradient.norm() : at::zeros({}, values.options()));
      if (!gradient.defined()) continue;
      const at::Tensor some = sampled(gradient, 8);
      values[static_cast<int64_t>(i)].narrow(0, 0, some.numel()).copy_(some);
    }
    golden_.expect("out.param_grad_norm", at::stack(norms));
    golden_.expect("out.param_grad_values", values);
    golden_.expect("out.param_has_grad", at::tensor(has).to(at::kFloat));
  }

  void expect_statistics() const {
    std::map<std::string, std::vector<at::Tensor>> found;
    for (const auto& [name, buffer] : net_.buffers()) {
      found[name.substr(name.rfind('.') + 1)].push_back(sampled(buffer, 8));
    }
    golden_.expect("out.running_mean_values", at::cat(found.at("running_mean")));
    golden_.expect("out.running_var_values", at::cat(found.at("running_var")));
    golden_.expect("out.num_batches_tracked", at::cat(found.at("num_batches_tracked")));
  }

  GoldenCase golden_;
  Module& net_;
  nlohmann::json settings_;
  at::Tensor image_;
};

// The precisions a case must pass in: float64 always, float32 unless it is ill-conditioned there.
inline std::vector<bool> precisions(const nlohmann::json& settings) {
  if (settings.at("dtype") == "float64") return {true};
  return {false, true};
}

}  // namespace sslbench
