// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/conv3x3/conv3x3.h"

#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <tuple>

#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/chosen_kernels.h"
#include "suites/tensors/conv3x3/winograd_tiles.h"
#include "suites/tensors/own_operator.h"

// Shapes: N images, C channels in, K out, H W height and width.
namespace sslbench {
namespace {

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

using Forward = Tensor(const Tensor& x, const Tensor& weight);
using Backward = std::tuple<Tensor, Tensor>(const Tensor& dy, const Tensor& x, const Tensor& weight, bool wants_x,
                                            bool wants_weight);

struct Conv3x3 : torch::autograd::Function<Conv3x3> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x_NCHW, const Tensor& weight_KC33) {
    static const auto run = own_operator<Forward>("sslbench::conv3x3");
    ctx->save_for_backward({x_NCHW, weight_KC33});
    return run.call(x_NCHW, weight_KC33);
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    static const auto run = own_operator<Backward>("sslbench::conv3x3_backward");
    const variable_list saved = ctx->get_saved_variables();
    const Tensor dy_NKHW = grads[0].contiguous(at::MemoryFormat::ChannelsLast);
    auto [dx, d_weight] = run.call(dy_NKHW, saved[0], saved[1], ctx->needs_input_grad(0), ctx->needs_input_grad(1));
    return {dx, d_weight};
  }
};

bool takes(const Tensor& x, const Tensor& weight) {
  const int64_t C = weight.size(1), K = weight.size(0);
  const bool floats = x.scalar_type() == at::kFloat && weight.scalar_type() == at::kFloat;
  return x.is_cpu() && floats && !autocast_type(at::kCPU) && C % kPanel == 0 && K % kPanel == 0 && x.numel() > 0 &&
         x.is_contiguous(at::MemoryFormat::ChannelsLast);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(sslbench, library) {
  library.def("conv3x3(Tensor x, Tensor weight) -> Tensor");
  library.def(
      "conv3x3_backward(Tensor dy, Tensor x, Tensor weight, bool wants_x, bool wants_weight) -> (Tensor, Tensor)");
}

Tensor conv3x3(const Tensor& x_NCHW, const Tensor& weight_KC33, const Tensor& bias_K) {
  if (chosen_kernels() == Kernels::library || !takes(x_NCHW, weight_KC33)) {
    return at::conv2d(x_NCHW, weight_KC33, bias_K, /*stride=*/1, /*padding=*/1);
  }
  const Tensor y_NKHW = Conv3x3::apply(x_NCHW, weight_KC33);
  return bias_K.defined() ? y_NKHW.add_(bias_K.view({-1, 1, 1})) : y_NKHW;
}

}  // namespace sslbench
