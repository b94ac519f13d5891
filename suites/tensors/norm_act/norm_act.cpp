// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/norm_act/norm_act.h"

#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <optional>
#include <tuple>

#include "suites/tensors/aten.h"
#include "suites/tensors/chosen_kernels.h"
#include "suites/tensors/own_operator.h"

// Shapes: C channels.
namespace sslbench {
namespace {

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

using Forward = std::tuple<Tensor, Tensor, Tensor>(const Tensor& x, const std::optional<Tensor>& residual,
                                                   const Tensor& weight, const Tensor& bias, const Tensor& running_mean,
                                                   const Tensor& running_var, bool training, double momentum,
                                                   double eps, bool relu);
using Backward = std::tuple<Tensor, Tensor, Tensor, Tensor>(const Tensor& dy, const Tensor& x,
                                                            const std::optional<Tensor>& y, const Tensor& weight,
                                                            const Tensor& bias, const Tensor& mean,
                                                            const Tensor& inverse_std, bool relu);

std::optional<Tensor> if_defined(const Tensor& tensor) {
  return tensor.defined() ? std::optional<Tensor>(tensor) : std::nullopt;
}

struct NormAct : torch::autograd::Function<NormAct> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x, const std::optional<Tensor>& residual,
                        const Tensor& weight_C, const Tensor& bias_C, const Tensor& running_mean,
                        const Tensor& running_var, bool training, double momentum, double eps, bool relu) {
    static const auto run = own_operator<Forward>("sslbench::norm_act");
    auto [y, mean_C, inverse_std_C] =
        run.call(x, residual, weight_C, bias_C, running_mean, running_var, training, momentum, eps, relu);
    // The mask of ReLU comes from x again, save where something was added.
    const bool mask_of_y = relu && residual.has_value();
    ctx->save_for_backward({x, mask_of_y ? y : Tensor(), weight_C, bias_C, mean_C, inverse_std_C});
    ctx->saved_data["relu"] = relu;
    ctx->saved_data["residual"] = residual.has_value();
    return y;
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    static const auto run = own_operator<Backward>("sslbench::norm_act_backward");
    const variable_list saved = ctx->get_saved_variables();
    const Tensor &x = saved[0], &y = saved[1];
    const Tensor dy = grads[0].contiguous(x.suggest_memory_format());
    auto [dx, masked, d_weight_C, d_bias_C] =
        run.call(dy, x, if_defined(y), saved[2], saved[3], saved[4], saved[5], ctx->saved_data["relu"].toBool());
    const Tensor d_residual = ctx->saved_data["residual"].toBool() ? (masked.defined() ? masked : dy) : Tensor();
    return {dx, d_residual, d_weight_C, d_bias_C, {}, {}, {}, {}, {}, {}};
  }
};

bool innermost_channels(const Tensor& x) {
  return x.dim() == 2 ? x.is_contiguous() : x.dim() == 4 && x.is_contiguous(at::MemoryFormat::ChannelsLast);
}

bool is_float(const Tensor& value_C) { return value_C.defined() && value_C.scalar_type() == at::kFloat; }

bool takes(const Tensor& x, const NormLayer& layer, const Tensor& residual) {
  const bool type = x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16;
  const bool like_x = !residual.defined() || (residual.scalar_type() == x.scalar_type() &&
                                              innermost_channels(residual) && residual.sizes() == x.sizes());
  const bool floats = is_float(layer.weight) && is_float(layer.bias) && is_float(layer.running_mean);
  return x.is_cpu() && type && like_x && floats && x.numel() > 0 && innermost_channels(x) &&
         (layer.training || !at::GradMode::is_enabled());
}

Tensor by_library(const Tensor& x, const NormLayer& layer, const Tensor& residual, bool relu) {
  Tensor y = at::batch_norm(x, layer.weight, layer.bias, layer.running_mean, layer.running_var, layer.training,
                            layer.momentum, layer.eps, /*cudnn_enabled=*/true);
  if (residual.defined()) y.add_(residual);
  return relu ? y.relu_() : y;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(sslbench, library) {
  library.def(
      "norm_act(Tensor x, Tensor? residual, Tensor weight, Tensor bias, Tensor running_mean, Tensor running_var, "
      "bool training, float momentum, float eps, bool relu) -> (Tensor, Tensor, Tensor)");
  library.def(
      "norm_act_backward(Tensor dy, Tensor x, Tensor? y, Tensor weight, Tensor bias, Tensor mean, Tensor inverse_std, "
      "bool relu) -> (Tensor, Tensor, Tensor, Tensor)");
}

Tensor norm_act(const Tensor& x, const NormLayer& layer, const Tensor& residual, bool relu) {
  if (chosen_kernels() == Kernels::library || !takes(x, layer, residual)) return by_library(x, layer, residual, relu);
  return NormAct::apply(x, if_defined(residual), layer.weight, layer.bias, layer.running_mean, layer.running_var,
                        layer.training, layer.momentum, layer.eps, relu);
}

}  // namespace sslbench
