// SPDX-License-Identifier: Apache-2.0
#include "methods/patches/gather_patches.h"

#include <torch/csrc/autograd/custom_function.h>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

Tensor rows_at(const Tensor& x_NLD, const Tensor& ids_NK) {
  return x_NLD.gather(1, ids_NK.unsqueeze(-1).expand({ids_NK.size(0), ids_NK.size(1), x_NLD.size(2)}));
}

struct GatherPatches : torch::autograd::Function<GatherPatches> {
  static Tensor forward(AutogradContext* context, const Tensor& x_NLD, const Tensor& ids_NK) {
    context->save_for_backward({ids_NK});
    context->saved_data["rows"] = x_NLD.size(1);
    return rows_at(x_NLD, ids_NK);
  }

  // Row l of the gradient is that of the one k with ids[k] = l, or the row of zeros behind the others.
  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const Tensor ids_NK = context->get_saved_variables()[0];
    const Tensor& gradient_NKD = gradients[0];
    const int64_t N = ids_NK.size(0), K = ids_NK.size(1), L = context->saved_data["rows"].toInt();
    const Tensor number_NK = at::arange(K, ids_NK.options()).expand({N, K});
    const Tensor from_NL = at::full({N, L}, K, ids_NK.options()).scatter_(1, ids_NK, number_NK);
    const Tensor zero_N1D = at::zeros({N, 1, gradient_NKD.size(2)}, gradient_NKD.options());
    return {rows_at(at::cat({gradient_NKD, zero_N1D}, 1), from_NL), Tensor()};
  }
};

}  // namespace

Tensor gather_patches(const Tensor& x_NLD, const Tensor& ids_NK) { return GatherPatches::apply(x_NLD, ids_NK); }

}  // namespace sslbench
