// SPDX-License-Identifier: Apache-2.0
#include "methods/patches/gather_patches.h"

#include <torch/csrc/autograd/custom_function.h>

#include <optional>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

Tensor rows_at(const Tensor& x_NLD, const Tensor& ids_NK) {
  return x_NLD.gather(1, ids_NK.unsqueeze(-1).expand({ids_NK.size(0), ids_NK.size(1), x_NLD.size(2)}));
}

Tensor places_of(const Tensor& ids_NK, int64_t L) {
  const int64_t N = ids_NK.size(0), K = ids_NK.size(1);
  const Tensor number_NK = at::arange(K, ids_NK.options()).expand({N, K});
  return at::full({N, L}, K, ids_NK.options()).scatter_(1, ids_NK, number_NK);
}

struct GatherPatches : torch::autograd::Function<GatherPatches> {
  static Tensor forward(AutogradContext* context, const Tensor& x_NLD, const Tensor& ids_NK,
                        const std::optional<Tensor>& places_NL) {
    context->save_for_backward({ids_NK, places_NL.value_or(Tensor())});
    context->saved_data["rows"] = x_NLD.size(1);
    return rows_at(x_NLD, ids_NK);
  }

  // Row l of the gradient is that of the one k with ids[k] = l, or the row of zeros behind the others.
  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const variable_list saved = context->get_saved_variables();
    const Tensor &ids_NK = saved[0], &gradient_NKD = gradients[0];
    const int64_t N = ids_NK.size(0), K = ids_NK.size(1), L = context->saved_data["rows"].toInt();
    const Tensor places_NL = saved[1].defined() ? saved[1] : places_of(ids_NK, L);
    if (K == L) return {rows_at(gradient_NKD, places_NL), Tensor(), Tensor()};
    const Tensor zero_N1D = at::zeros({N, 1, gradient_NKD.size(2)}, gradient_NKD.options());
    return {rows_at(at::cat({gradient_NKD, zero_N1D}, 1), places_NL), Tensor(), Tensor()};
  }
};

}  // namespace

Tensor gather_patches(const Tensor& x_NLD, const Tensor& ids_NK, const Tensor& places_NL) {
  return GatherPatches::apply(x_NLD, ids_NK, places_NL.defined() ? std::optional(places_NL) : std::nullopt);
}

}  // namespace sslbench
